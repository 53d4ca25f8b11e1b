"""What is known of a stored video, and how its id comes from its content."""

from __future__ import annotations

import base64
import re
import unicodedata
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from app.media.facts import VideoFacts

_ID = re.compile(r"[a-z2-7]{20}")
_ID_LENGTH = 20
_LONGEST_NAME = 200


class StoredVideo(Struct, frozen=True, kw_only=True):
    """One video of the library: the contents of its `video.json`."""

    video_id: str
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
    name: str
    """As the person called the file; shown, never used as a path."""
    size: int
    """Bytes."""
    facts: VideoFacts
    uploaded_at: Annotated[datetime, Meta(tz=True)]

    @property
    def file_name(self) -> str:
        """Of the video within its folder."""
        return self.sha256 + self.facts.extension


def video_id_of(sha256: str) -> str:
    """Make the id of the content with this hash (hex): its first 100 bits in base 32."""
    return base64.b32encode(bytes.fromhex(sha256)).decode().lower()[:_ID_LENGTH]


def is_video_id(text: str) -> bool:
    """Whether the text has the shape of an id; anything else never reaches the file system."""
    return _ID.fullmatch(text) is not None


def clean_name(name: str) -> str:
    """Make a name fit to be shown: its last part, without control characters, not too long, never empty."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    return shown.strip()[:_LONGEST_NAME] or "video"
