"""Still pictures out of a video: frozen data."""

from __future__ import annotations

from msgspec import Struct


class Still(Struct, frozen=True, kw_only=True):
    """One frame."""

    seconds: float
    """From the start of the video; of the frame itself, not of the moment asked for."""
    jpeg: bytes


class Stills(Struct, frozen=True, kw_only=True):
    """Frames of one video, in its order."""

    stills: tuple[Still, ...]
    resolution: str
    """Such as `854x480`."""
