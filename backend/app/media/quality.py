"""How a video looks and sounds, in figures."""

from __future__ import annotations

from pathlib import Path

from app.media.facts import QualityReport
from app.media.limited import OnProgress, in_child
from app.media.limits import analysis_limits


async def measure_quality(path: Path, *, duration: float, on_progress: OnProgress | None = None) -> QualityReport:
    """Measure the video at `path`, `duration` seconds long: loudness, silence, black, frozen and blurred stretches.

    Raises MediaError if no picture can be decoded, or not within the limits for such a duration.
    """
    return await in_child(
        "app.media.inside.measuring:measure",
        {"path": str(path)},
        returns=QualityReport,
        limits=analysis_limits(duration),
        on_progress=on_progress,
    )
