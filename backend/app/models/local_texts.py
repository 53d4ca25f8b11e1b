"""The words of the local models: Markdown prose whose moments a reader can click."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from app.media.facts import BLURRED_EDGES, SOFT_EDGES, CutReport, Interval, QualityReport
from app.models.timestamps import clock

_MOST_INTERVALS = 50
_SILENCE_LUFS = -70.0
_CODECS = {"h264": "H.264", "hevc": "H.265", "mpeg4": "MPEG-4", "opus": "Opus", "vorbis": "Vorbis"}


def describe_scenes(report: CutReport) -> str:
    """List the scenes between the cuts, each with its range."""
    if not report.cuts:
        return f"**No cuts.** The video is one shot of {report.duration:.1f} seconds."
    return "\n".join([f"**{_count(report.cuts, 'cut')}**, so {len(report.cuts) + 1} scenes:", "", *_scenes(report)])


def describe_quality(report: QualityReport) -> str:
    """Tell what the figures mean, picture first, then sound."""
    return "\n".join(
        [
            _picture(report),
            "",
            f"- Black: {_ranges(report.black)}",
            f"- Frozen: {_ranges(report.frozen)}",
            f"- Blurred: {_ranges(report.blurred)}",
            "",
            *_sound(report),
        ]
    )


def _scenes(report: CutReport) -> Iterator[str]:
    edges = [0.0, *(cut.seconds for cut in report.cuts), max(report.duration, report.cuts[-1].seconds)]
    for number, (start, end) in enumerate(pairwise(edges), 1):
        beginning = "opening" if number == 1 else f"cut of strength {report.cuts[number - 2].score:.0f}"
        yield f"{number}. {_range(start, end)}: {beginning}, lasts {end - start:.1f} seconds"


def _picture(report: QualityReport) -> str:
    facts = report.facts
    fps = f"{facts.fps:.3g} frames a second" if facts.fps else "frame rate unknown"
    return (
        f"**Picture.** {_codec(facts.codec)} in {facts.container.upper()}, {facts.width}x{facts.height}, "
        f"{fps}, {facts.duration:.1f} seconds. {_sharpness(report.blur)}"
    )


def _sharpness(blur: float | None) -> str:
    if blur is None:
        return "Nothing in it has an edge to judge sharpness by."
    word = "Sharp" if blur < SOFT_EDGES else "Soft" if blur < BLURRED_EDGES else "Blurred"
    return f"{word}: edges are {blur:.1f} pixels wide."


def _sound(report: QualityReport) -> Iterator[str]:
    if report.facts.audio_codec is None:
        yield "**Sound.** None."
    elif report.loudness is None or report.silent is None:
        yield f"**Sound.** {_codec(report.facts.audio_codec)}, but it cannot be decoded."
    else:
        loudness = report.loudness
        level = (
            "silent throughout"
            if loudness.integrated <= _SILENCE_LUFS
            else f"{loudness.integrated:.1f} LUFS, range {loudness.range:.1f} LU"
        )
        yield f"**Sound.** {_codec(report.facts.audio_codec)}, {level}."
        yield ""
        yield f"- Silent: {_ranges(report.silent)}"


def _ranges(intervals: Sequence[Interval]) -> str:
    if not intervals:
        return "nowhere"
    shown = ", ".join(_range(span.start, span.end) for span in intervals[:_MOST_INTERVALS])
    more = len(intervals) - _MOST_INTERVALS
    return f"{shown} and {more} more" if more > 0 else shown


def _codec(name: str) -> str:
    return _CODECS.get(name, name.upper())


def _range(start: float, end: float) -> str:
    return f"{clock(start)}\N{EN DASH}{clock(end)}"


def _count(things: Sequence[object], noun: str) -> str:
    return f"{len(things)} {noun}" + ("" if len(things) == 1 else "s")
