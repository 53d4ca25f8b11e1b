"""What can go wrong with a resumable upload; what its bytes turn out to be is for `app.videos` to refuse.

UploadError
├── UploadNotFound     there is no upload of this id (also a LookupError)
├── WrongOffset        the bytes do not continue where the upload ends
├── TakenOver          a newer request for the same upload came in
├── TooManyBytes       more bytes than were announced
├── NotComplete        bytes are still missing
├── TooManyUploads     too many are unfinished
└── BadHeader          a header of the protocol is missing, or not as it should be
"""

from __future__ import annotations

_LONGEST_SHOWN = 40


class UploadError(Exception):
    """Root of these errors; the message says what to do."""


class UploadNotFound(UploadError, LookupError):
    """There is no upload of this id."""

    def __init__(self, upload_id: str) -> None:
        super().__init__(
            f"There is no upload {upload_id[:_LONGEST_SHOWN]!r}: it was given up or collected. Begin anew."
        )


class WrongOffset(UploadError):
    """The bytes do not continue where the upload ends."""

    def __init__(self, given: int, offset: int) -> None:
        self.offset = offset
        super().__init__(f"The upload ends at byte {offset}, not at {given}: ask by HEAD where to go on.")


class TakenOver(UploadError):
    """A newer request for the same upload came in."""

    def __init__(self) -> None:
        super().__init__("A newer request has taken over this upload: this one is no longer needed.")


class TooManyBytes(UploadError):
    """More bytes than were announced."""

    def __init__(self, length: int) -> None:
        super().__init__(f"The upload was announced to have {length} bytes, and more came: begin anew.")


class NotComplete(UploadError):
    """Bytes are still missing."""

    def __init__(self, offset: int, length: int) -> None:
        self.offset = offset
        self.length = length
        super().__init__(f"{offset} of {length} bytes have come: send the rest first.")


class TooManyUploads(UploadError):
    """Too many uploads are unfinished."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} uploads are unfinished already: finish or give up some of them first.")


class BadHeader(UploadError):
    """A header of the protocol is missing, or not as it should be."""
