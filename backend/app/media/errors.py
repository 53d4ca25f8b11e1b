"""What can go wrong with a video file: one error type, one closed list of kinds.

MediaError
├── missing      no such file
├── unreadable   empty, damaged, not a video file, or of a format we do not open
├── no_video     readable, but without moving pictures
├── limit        took more memory, time or space than allowed
└── internal     a defect of this program
"""

from __future__ import annotations

from enum import StrEnum


class MediaErrorKind(StrEnum):
    """Why a video file gave no result."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    NO_VIDEO = "no_video"
    LIMIT = "limit"
    INTERNAL = "internal"


class MediaError(Exception):
    """A video file gave no result; `message` is a sentence a person can act on."""

    def __init__(self, kind: MediaErrorKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


def limit_reached(what: str) -> MediaError:
    """Say that reading the file takes more than `what`."""
    return MediaError(
        MediaErrorKind.LIMIT, f"Reading this file takes more than {what}: convert it to an ordinary H.264 MP4 first."
    )
