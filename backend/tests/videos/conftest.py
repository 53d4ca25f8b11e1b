"""Small videos, and libraries to put them in."""

from __future__ import annotations

import asyncio
import io
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import av
import pytest
from PIL import Image

from app.videos.library import VideoLibrary

Clip = Callable[[str], bytes]
MakeLibrary = Callable[..., VideoLibrary]


@pytest.fixture(scope="session")
def clip() -> Clip:
    """Makes a video of eight frames in one colour: another colour, another content."""
    made: dict[str, bytes] = {}

    def make(colour: str) -> bytes:
        if colour not in made:
            made[colour] = _encoded(colour)
        return made[colour]

    return make


@pytest.fixture(scope="session")
def sound_only() -> bytes:
    """An MP4 file without moving pictures."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("aac", 8000, layout="mono")
        for number in range(8):
            frame = av.AudioFrame(format="fltp", layout="mono", samples=1024)
            frame.planes[0].update(bytes(frame.planes[0].buffer_size))
            frame.sample_rate, frame.pts = 8000, number * 1024
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    return tmp_path / "data" / "uploads"


@pytest.fixture
def make_library(uploads: Path) -> MakeLibrary:
    """Makes a library in `uploads`; other settings as keywords."""

    def make(**settings: object) -> VideoLibrary:
        return VideoLibrary(uploads, **{"max_bytes": 50_000_000, "free_disk_floor_bytes": 1, **settings})  # type: ignore[arg-type]  # the tests' own shorthand

    return make


@pytest.fixture(scope="session")
def _stock(clip: Clip, tmp_path_factory: pytest.TempPathFactory) -> Path:
    uploads = tmp_path_factory.mktemp("stock") / "uploads"

    async def fill() -> None:
        library = VideoLibrary(uploads, max_bytes=50_000_000, free_disk_floor_bytes=1)
        await library.prepare()
        for colour in ("green", "red"):
            await library.add(f"{colour}.mp4", _whole(clip(colour)))

    asyncio.run(fill())
    return uploads


@pytest.fixture
def stocked(_stock: Path, uploads: Path, make_library: MakeLibrary) -> VideoLibrary:
    """A library in `uploads` that holds green.mp4 and, newer, red.mp4."""
    shutil.copytree(_stock, uploads)
    return make_library()


async def _whole(data: bytes) -> AsyncIterator[bytes]:
    yield data


def _encoded(colour: str) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", 8)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        picture = Image.new("RGB", (64, 48), colour)
        for _ in range(8):
            frame = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]  # PyAV has no types for it
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()
