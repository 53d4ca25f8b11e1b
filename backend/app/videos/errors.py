"""What can go wrong with the library; a file that is no usable video raises `app.media.errors.MediaError`.

VideoError
├── VideoNotFound      there is no video of this id (also a LookupError)
├── VideoDamaged       its folder is there, but what it holds cannot be trusted
├── PosterMissing      the video has no still picture (also a LookupError)
└── UploadRefused      nothing was kept
    ├── VideoTooLarge  more bytes than a video may have
    ├── VideoEmpty     no bytes at all
    ├── NoRoom         the disk is full, or would be nearly so
    ├── NotMultipart   the body is not multipart/form-data
    └── UploadBroken   the body is not whole, or holds no file, or several
"""

from __future__ import annotations

_LONGEST_SHOWN = 40


class VideoError(Exception):
    """Root of the errors of the library; the message says what to do."""


class VideoNotFound(VideoError, LookupError):
    """There is no video of this id."""

    def __init__(self, video_id: str) -> None:
        super().__init__(
            f"There is no video {video_id[:_LONGEST_SHOWN]!r}: it was deleted, or the id is mistyped. "
            "GET /api/videos lists all."
        )


class VideoDamaged(VideoError):
    """What is stored of the video cannot be trusted."""

    def __init__(self, video_id: str, reason: str) -> None:
        self.video_id = video_id
        self.reason = reason
        super().__init__(f"Video {video_id} is damaged on the disk ({reason}): upload the file again.")


class PosterMissing(VideoError, LookupError):
    """The video has no still picture."""


class UploadRefused(VideoError):
    """The upload was not taken and nothing of it was kept."""


class VideoTooLarge(UploadRefused):
    """More bytes than a video may have."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(
            f"The video is too large: at most {max_bytes / 1e6:g} MB are taken "
            "(LONGTAKE_COMPARE_MAX_UPLOAD_BYTES). Send a smaller or a shorter one."
        )


class VideoEmpty(UploadRefused):
    """No bytes at all."""

    def __init__(self) -> None:
        super().__init__("The file is empty: choose another.")


class NoRoom(UploadRefused):
    """The disk is full, or would be nearly so."""

    def __init__(self) -> None:
        super().__init__("The disk has no room for this video: delete videos or other files, then send it again.")


class NotMultipart(UploadRefused):
    """The body is not multipart/form-data."""

    def __init__(self) -> None:
        super().__init__("Send the video as multipart/form-data, as curl does with -F file=@video.mp4.")


class UploadBroken(UploadRefused):
    """The body is not whole, or holds no file, or several."""
