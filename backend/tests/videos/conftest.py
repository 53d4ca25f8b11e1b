"""Small videos, and libraries to put them in."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable
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
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000))
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


def _encoded(colour: str) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", 8)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        picture = Image.new("RGB", (64, 48), colour)
        for _ in range(8):
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode())
    return file.getvalue()
