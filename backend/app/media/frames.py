"""Still pictures that stand for a video: for models that see pictures only."""

from __future__ import annotations

from pathlib import Path

from app.media.limited import OnProgress, in_child
from app.media.limits import analysis_limits
from app.media.still import Stills


async def take_frames(  # what to take, and how large
    path: Path,
    *,
    duration: float,
    size: tuple[int, int],
    count: int,
    longest: int,
    clip: tuple[float, float] | None = None,
    on_progress: OnProgress | None = None,
) -> Stills:
    """Take `count` frames of the video at `path`: every scene has one, and long scenes have more.

    `duration` is in seconds and `size` in pixels as shown, both as the probe found them. The frames come as JPEG,
    at most `longest` pixels wide and high, together 10 MB at most; from `clip` (start and end in seconds) only.
    Raises MediaError if no picture can be decoded, or not within the limits for such a duration.
    """
    start, end = clip or (0.0, duration)
    return await in_child(
        "app.media.inside.frames:take_frames",
        {
            "path": str(path),
            "size": size,
            "count": count,
            "longest": longest,
            "start": start,
            "end": min(end, duration),
            "duration": duration,
        },
        returns=Stills,
        limits=analysis_limits(duration),
        on_progress=on_progress,
    )
