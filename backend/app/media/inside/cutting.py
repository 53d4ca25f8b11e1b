"""Find the cuts of a video by how suddenly its pictures change (FFmpeg's scdet)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from av.video.frame import VideoFrame

from app.media.facts import Cut, CutReport
from app.media.inside.filtering import PictureMeter, Reading
from app.media.inside.reading import frames, opened, picture_stream, start_of, undecodable
from app.media.wire import Report

_LONGEST_SIDE = 640
_REPORT_NOTHING = "threshold=100"  # every frame still carries its score, which we judge ourselves


def find_cuts(report: Report, path: str, duration: float, threshold: float, min_scene: float) -> CutReport:
    """List the frames that score `threshold` or more, each at least `min_scene` seconds after the one before.

    `duration` in seconds is for the progress only. Raises MediaError if no picture can be decoded.
    """
    meter: PictureMeter | None = None
    readings: list[Reading] = []
    with opened(path) as container:
        start = start_of(container)
        for frame in frames(container, picture_stream(container)):
            if isinstance(frame, VideoFrame):
                meter = meter or PictureMeter(frame, _LONGEST_SIDE, [("scdet", _REPORT_NOTHING)])
                for reading in meter.measure(frame):
                    readings.append(reading)
                    report(100 * (reading.seconds - start) / duration, "Looking for cuts")
    if meter is None or not readings:
        raise undecodable()
    return CutReport(
        cuts=tuple(_spaced(_sudden(readings, start, threshold), min_scene)),
        duration=duration,
        frames=len(readings),
        resolution=f"{meter.width}x{meter.height}",
    )


def _sudden(readings: Iterable[Reading], start: float, threshold: float) -> Iterator[Cut]:
    for reading in readings:
        score = reading.number("lavfi.scd.score")
        if score is not None and score >= threshold:
            yield Cut(seconds=round(reading.seconds - start, 3), score=round(score, 1))


def _spaced(cuts: Iterable[Cut], min_scene: float) -> Iterator[Cut]:
    last = 0.0
    for cut in cuts:
        if cut.seconds - last >= min_scene:
            last = cut.seconds
            yield cut
