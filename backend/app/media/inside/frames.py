"""Take still pictures that stand for a video: some of every scene."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import cast

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from app.media.inside.cutting import find_cuts
from app.media.inside.reading import frames, opened, picture_stream, start_of, undecodable
from app.media.still import Still, Stills
from app.media.wire import Report

_THRESHOLD, _SHORTEST_SCENE = 6.0, 1.0
_CUTTING_SHARE = 0.7
"""Of the time, for the progress only."""
_MOST_BYTES = 10 * 1024 * 1024
"""Of all stills together: they travel in one line."""
_QUALITIES = (80, 55, 30)
_FAR = 8.0
"""Seconds: what is nearer is reached sooner by decoding on than by jumping to the key frame before it."""


def take_frames(  # noqa: PLR0917  # one request of the parent
    report: Report,
    path: str,
    size: Sequence[int],
    count: int,
    longest: int,
    start: float,
    end: float,
    duration: float,
) -> Stills:
    """Take `count` frames between `start` and `end`, none larger than `longest`. Raises MediaError if there is none."""

    def cutting(percent: float, message: str) -> None:
        report(percent * _CUTTING_SHARE, message)

    cuts = find_cuts(cutting, path, duration, _THRESHOLD, _SHORTEST_SCENE).cuts
    moments = spread([cut.seconds for cut in cuts], start, end, count)
    shown = fitting(size[0], size[1], longest)
    stills: list[Still] = []
    with opened(path) as container:
        for seconds, picture in pictures(container, picture_stream(container), moments, shown):
            if not stills or seconds > stills[-1].seconds:
                stills.append(Still(seconds=round(seconds, 3), jpeg=jpeg(picture, _MOST_BYTES // count)))
            report(100 * (_CUTTING_SHARE + (1 - _CUTTING_SHARE) * len(stills) / count), "Taking pictures")
    if not stills:
        raise undecodable()
    return Stills(stills=tuple(stills), resolution=f"{shown[0]}x{shown[1]}")


def spread(cuts: Sequence[float], start: float, end: float, count: int) -> list[float]:
    """Choose `count` moments between `start` and `end`: one in every scene if there are enough, more in long ones."""
    edges = [start, *(cut for cut in cuts if start < cut < end), end]
    scenes = list(pairwise(edges))
    if len(scenes) > count:
        scenes = [(start, end)]
    shares = [1] * len(scenes)
    for _ in range(count - len(scenes)):
        widest = max(range(len(scenes)), key=lambda n: (scenes[n][1] - scenes[n][0]) / shares[n])
        shares[widest] += 1
    return [
        begin + (stop - begin) * (number + 0.5) / share
        for (begin, stop), share in zip(scenes, shares, strict=True)
        for number in range(share)
    ]


def pictures(
    container: InputContainer, stream: VideoStream, moments: Sequence[float], shown: tuple[int, int]
) -> Iterator[tuple[float, Image.Image]]:
    """The pictures at these moments, upright and of this size, each with its time in seconds."""
    origin = start_of(container)
    decoded, position = _decoded(container, stream, origin), origin
    for moment in moments:
        if origin + moment - position > _FAR:
            container.seek(int((origin + moment) * av.time_base))
            decoded = _decoded(container, stream, origin + moment)
        for position, frame in decoded:
            if position >= origin + moment:
                picture = cast("Image.Image", frame.to_image())  # type: ignore[no-untyped-call]  # PyAV leaves it untyped
                upright = picture.rotate(frame.rotation, expand=True).resize(shown, Image.Resampling.BILINEAR)
                yield position - origin, upright
                break


def _decoded(container: InputContainer, stream: VideoStream, unless_known: float) -> Iterator[tuple[float, VideoFrame]]:
    """Frames from here on with their times; a frame that does not know its time counts as being where we looked."""
    for frame in frames(container, stream):
        if isinstance(frame, VideoFrame):
            yield (unless_known if frame.pts is None else frame.time), frame


def fitting(width: int, height: int, longest: int) -> tuple[int, int]:
    """The size, made smaller so that neither side is longer."""
    scale = min(1.0, longest / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def jpeg(picture: Image.Image, most: int) -> bytes:
    """The picture in so many bytes: less exact if need be, else smaller."""
    for quality in _QUALITIES:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality)
        if buffer.tell() <= most or max(picture.size) == 1:
            return buffer.getvalue()
    return jpeg(picture.resize(fitting(*picture.size, max(picture.size) // 2)), most)
