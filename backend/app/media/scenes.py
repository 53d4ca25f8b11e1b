"""Where a video cuts from one scene to the next."""

from __future__ import annotations

from pathlib import Path

from app.media.facts import CutReport
from app.media.limited import OnProgress, in_child
from app.media.limits import analysis_limits


async def find_cuts(
    path: Path,
    *,
    duration: float,
    threshold: float = 6.0,
    min_scene: float = 1.0,
    on_progress: OnProgress | None = None,
) -> CutReport:
    """Find the hard cuts of the video at `path`, `duration` seconds long; fades and dissolves are none.

    A cut is a frame that scores `threshold` (0 to 100) or more, `min_scene` seconds or more after the cut before.
    Raises MediaError if no picture can be decoded, or not within the limits for such a duration.
    """
    return await in_child(
        "app.media.inside.cutting:find_cuts",
        {"path": str(path), "duration": duration, "threshold": threshold, "min_scene": min_scene},
        returns=CutReport,
        limits=analysis_limits(duration),
        on_progress=on_progress,
    )
