"""What trouble with a video file means for the one who asked a model about it."""

from __future__ import annotations

from app.media.errors import MediaError, MediaErrorKind
from app.models.errors import ErrorKind, ModelError

_KINDS = {
    MediaErrorKind.MISSING: (ErrorKind.VIDEO_MISSING, "Upload the video again, then retry this cell."),
    MediaErrorKind.UNREADABLE: (ErrorKind.UNREADABLE, "Convert the video to an H.264 MP4 and upload it again."),
    MediaErrorKind.NO_VIDEO: (ErrorKind.UNREADABLE, "Choose a file with moving pictures."),
    MediaErrorKind.LIMIT: (ErrorKind.UNREADABLE, "Use a shorter or smaller copy of the video."),
    MediaErrorKind.INTERNAL: (ErrorKind.INTERNAL, "Retry this cell; if it fails again, report it with the message."),
}


def as_model_error(error: MediaError) -> ModelError:
    """Make the error to raise in its place."""
    kind, what_to_do = _KINDS[error.kind]
    return ModelError(kind, error.message, what_to_do)
