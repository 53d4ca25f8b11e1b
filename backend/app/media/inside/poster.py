"""Choose and write the still that stands for a video."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import cast

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image, ImageStat

from app.media.inside.reading import frames, start_of

_WIDTH = 640
_TALLEST = 1280
_QUALITY = 82
_PLACES = (0.1, 0.25, 0.5, 0.75, 0.0)
_DARK = 24
"""Mean luma, of 255, below which a picture says too little."""


def write_poster(
    container: InputContainer, stream: VideoStream, duration: float, shown: tuple[int, int], path: str
) -> None:
    """Write a JPEG about 640 pixels wide to `path`: a frame near 10 % unless that is black. `shown` is its shape."""
    brightest: Image.Image | None = None
    for frame in _candidates(container, stream, duration):
        picture = _upright(frame, shown)
        if brightest is None or _brightness(picture) > _brightness(brightest):
            brightest = picture
        if _brightness(picture) >= _DARK:
            break
    if brightest is not None:
        encoded = BytesIO()
        brightest.save(encoded, "JPEG", quality=_QUALITY, optimize=True)
        # Not by Pillow itself: it takes a disk that is full for success.
        Path(path).write_bytes(encoded.getvalue())


def _candidates(container: InputContainer, stream: VideoStream, duration: float) -> Iterator[VideoFrame]:
    for place in _PLACES:
        seconds = start_of(container) + place * duration
        try:
            container.seek(int(seconds * av.time_base))
        except (av.FFmpegError, OverflowError):
            continue
        frame = _frame_at(container, stream, seconds)
        if frame is not None:
            yield frame


def _frame_at(container: InputContainer, stream: VideoStream, seconds: float) -> VideoFrame | None:
    """Decode from the key frame before `seconds` up to it; the last frame of a file that breaks off earlier."""
    last = None
    for frame in frames(container, stream):
        if isinstance(frame, VideoFrame):
            last = frame
            if frame.pts is None or frame.time >= seconds:
                break
    return last


def _upright(frame: VideoFrame, shown: tuple[int, int]) -> Image.Image:
    width, height = shown
    scale = min(_WIDTH / width, _TALLEST / height, 1.0)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    picture = cast("Image.Image", frame.to_image())  # type: ignore[no-untyped-call]  # PyAV leaves it untyped
    return picture.rotate(frame.rotation, expand=True).resize(size, Image.Resampling.LANCZOS)


def _brightness(picture: Image.Image) -> float:
    return ImageStat.Stat(picture.convert("L")).mean[0]
