"""Encode a sample video as MP4: H.264 and AAC, which every browser plays."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from PIL import Image

from app.media.sample.film import Film
from app.media.sample.pen import HEIGHT, WIDTH, Pen
from app.media.sample.sound import RATE, soundtrack

FPS = 25
_SAMPLES_A_FRAME = RATE // FPS


def make_sample(film: Film, path: Path) -> None:
    """Draw, compose and encode `film` into the MP4 file `path`. Computes for seconds: call it in a thread."""
    with av.open(path, "w", format="mp4", options={"movflags": "faststart"}) as container:
        picture = container.add_stream("libx264", FPS, options={"preset": "veryfast", "crf": "23"})
        picture.width, picture.height, picture.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        sound = container.add_stream("aac", RATE, layout="mono")
        samples = soundtrack(film)
        for number, image in enumerate(_pictures(film)):
            # Picture and sound in turns: a player need not search the file for what belongs together.
            container.mux(picture.encode(_picture_frame(image, number)))
            container.mux(sound.encode(_sound_frame(samples, number)))
        container.mux(picture.encode())
        container.mux(sound.encode())


def _pictures(film: Film) -> Iterator[Image.Image]:
    for scene in film.scenes:
        backdrop = scene.backdrop()
        for frame in range(round(scene.seconds * FPS)):
            pen = Pen(backdrop)
            scene.paint(pen, frame / FPS)
            yield pen.picture()


def _picture_frame(image: Image.Image, number: int) -> VideoFrame:
    frame = cast("VideoFrame", VideoFrame.from_image(image))  # type: ignore[no-untyped-call]  # PyAV leaves it untyped
    frame.pts, frame.time_base = number, Fraction(1, FPS)
    return frame


def _sound_frame(samples: bytes, number: int) -> AudioFrame:
    size = 2 * _SAMPLES_A_FRAME
    frame = AudioFrame(format="s16", layout="mono", samples=_SAMPLES_A_FRAME, align=1)
    frame.planes[0].update(samples[number * size : (number + 1) * size])
    frame.sample_rate, frame.pts, frame.time_base = RATE, number * _SAMPLES_A_FRAME, Fraction(1, RATE)
    return frame
