"""Small pictures of a whole video in one picture."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from app.media.limited import in_child
from app.media.limits import PROBE_LIMITS

PICTURES = 24
"""Side by side, each standing for an equal stretch of the video."""


class Filmstrip(Struct, frozen=True, kw_only=True):
    """The pictures from left to right."""

    jpeg: bytes


async def make_filmstrip(path: Path, *, duration: float, size: tuple[int, int]) -> Filmstrip:
    """Make the filmstrip of the video at `path`, whose duration and size are as the probe found them.

    Raises MediaError if no picture can be decoded, or not within the limits of a look at a file.
    """
    return await in_child(
        "app.media.inside.filmstrip:make_filmstrip",
        {"path": str(path), "size": size, "duration": duration, "count": PICTURES},
        returns=Filmstrip,
        limits=PROBE_LIMITS,
    )
