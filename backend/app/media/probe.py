"""What a video file is: found out by a limited child process, never trusted from its name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.media.facts import VideoFacts
from app.media.limited import in_child
from app.media.limits import PROBE_LIMITS, Limits


async def probe(path: Path, *, poster: Path | None = None, limits: Limits = PROBE_LIMITS) -> VideoFacts:
    """Tell what the video at `path` is; write a JPEG still, at most 640 pixels wide, to `poster`.

    Raises MediaError for everything but a whole, decodable video; then no poster is left behind.
    """
    args = {"path": str(path), "poster": str(poster) if poster else None}
    with _no_half_made(poster):
        return await in_child("app.media.inside.probing:probe", args, returns=VideoFacts, limits=limits)


@contextmanager
def _no_half_made(poster: Path | None) -> Iterator[None]:
    try:
        yield
    except BaseException:
        if poster is not None:
            poster.unlink(missing_ok=True)
        raise
