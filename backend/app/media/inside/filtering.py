"""Chains of FFmpeg filters that measure: frames go in, figures come out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import av
from av.audio.frame import AudioFrame
from av.filter import Graph
from av.video.frame import VideoFrame

from app.media.inside.reading import unreadable

Filter = tuple[str, str]
"""Name and arguments, as in FFmpeg's documentation."""


@dataclass(frozen=True)
class Reading:
    """What the filters found at one frame."""

    seconds: float
    """By the clock of the file."""
    figures: Mapping[str, str]
    """By the filters' own names, such as `lavfi.scd.score`."""

    def number(self, name: str) -> float | None:
        """Return a figure that is there and is a number."""
        try:
            value = float(self.figures[name])
        except (KeyError, ValueError):
            return None
        return value if math.isfinite(value) else None


class PictureMeter:
    """Measures pictures, scaled down so that the longer side has at most `longest` pixels."""

    def __init__(self, first: VideoFrame, longest: int, filters: Sequence[Filter]) -> None:
        scale = min(1.0, longest / max(first.width, first.height))
        self.width, self.height = (_even(side * scale) for side in (first.width, first.height))
        self._graph = Graph()
        source = self._graph.add_buffer(
            width=first.width, height=first.height, format=first.format, time_base=first.time_base
        )
        # Scaling comes first: it alone copes with a video that changes its size on the way.
        fit = ("scale", f"{self.width}:{self.height}:flags=fast_bilinear")
        nodes = [self._graph.add(*each) for each in (fit, ("format", "yuv420p"), *filters)]
        self._graph.link_nodes(source, *nodes, self._graph.add("buffersink")).configure()

    def measure(self, frame: VideoFrame) -> Iterator[Reading]:
        """Take the next frame; yield the readings that are ready."""
        with _until_drained():
            self._graph.vpush(frame)
            while True:
                yield from _reading(self._graph.vpull())


class SoundMeter:
    """Measures sound."""

    def __init__(self, first: AudioFrame, filters: Sequence[Filter]) -> None:
        self._graph = Graph()
        source = self._graph.add_abuffer(
            sample_rate=first.sample_rate, format=first.format, layout=first.layout, time_base=first.time_base
        )
        nodes = [self._graph.add(*each) for each in filters]
        self._graph.link_nodes(source, *nodes, self._graph.add("abuffersink")).configure()

    def measure(self, frame: AudioFrame) -> Iterator[Reading]:
        """Take the next frame; yield the readings that are ready."""
        with _until_drained():
            self._graph.push(frame)
            while True:
                yield from _reading(self._graph.pull())


@contextmanager
def _until_drained() -> Iterator[None]:
    try:
        yield
    except (av.BlockingIOError, av.EOFError):
        return
    except MemoryError:
        raise
    except (av.FFmpegError, ValueError) as error:
        raise unreadable("changes its format half-way in a manner we cannot follow", error) from error


def _reading(frame: VideoFrame | AudioFrame) -> Iterator[Reading]:
    if frame.time is not None:
        yield Reading(seconds=frame.time, figures=frame.metadata)


def _even(side: float) -> int:
    return max(2, round(side / 2) * 2)
