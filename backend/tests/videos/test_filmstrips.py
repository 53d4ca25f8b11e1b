"""The filmstrip of a video: made once, whoever asks at once, and gone with the video."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from app.media.errors import MediaError
from app.media.filmstrip import PICTURES, make_filmstrip
from app.videos import filmstrips
from app.videos.errors import VideoNotFound
from app.videos.filmstrips import Filmstrips
from app.videos.library import VideoLibrary

COLOURS = ("red", "lime", "blue")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Three colours, two seconds each; taller than wide."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", 12)
        stream.width, stream.height, stream.pix_fmt = 160, 320, "yuv420p"
        for colour in COLOURS:
            picture = av.VideoFrame.from_image(Image.new("RGB", (160, 320), colour))  # type: ignore[no-untyped-call]  # PyAV has no types for it
            for _ in range(24):
                picture.pts = None
                container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path.read_bytes()


def stored(library: VideoLibrary, film: bytes) -> str:
    async def pieces() -> AsyncIterator[bytes]:
        yield film

    async def add() -> str:
        await library.prepare()
        return (await library.add("film.mp4", pieces())).video.video_id

    return asyncio.run(add())


def test_it_shows_the_whole_video_from_left_to_right(make_library: Callable[[], VideoLibrary], film: bytes) -> None:
    library = make_library()
    strip = asyncio.run(Filmstrips(library).of(stored(library, film)))
    with Image.open(strip) as picture:
        assert picture.size == (80 * PICTURES, 160)
        shown = [picture.getpixel((80 * number + 40, 80)) for number in range(PICTURES)]
    strongest = [max(range(3), key=lambda part: colour[part]) for colour in shown if isinstance(colour, tuple)]
    third = PICTURES // 3
    assert strongest == [0] * third + [1] * third + [2] * third
    assert (strip.stat().st_mode & 0o777, strip.stat().st_size < 500_000) == (0o600, True)


def test_many_who_ask_at_once_have_it_made_once(
    make_library: Callable[[], VideoLibrary], film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = make_library()
    video_id = stored(library, film)
    made: list[Path] = []

    async def counted(path: Path, **about: Any) -> Any:
        made.append(path)
        return await make_filmstrip(path, **about)

    monkeypatch.setattr(filmstrips, "make_filmstrip", counted)

    async def ask() -> set[Path]:
        strips = Filmstrips(library)
        return {*await asyncio.gather(*(strips.of(video_id) for _ in range(5))), await Filmstrips(library).of(video_id)}

    assert len(asyncio.run(ask())) == len(made) == 1


def test_it_goes_with_its_video_and_one_that_fails_leaves_nothing(
    make_library: Callable[[], VideoLibrary], film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = make_library()
    video_id = stored(library, film)
    folder = asyncio.run(Filmstrips(library).of(video_id)).parent
    asyncio.run(library.delete(video_id))
    assert not folder.exists()
    with pytest.raises(VideoNotFound):
        asyncio.run(Filmstrips(library).of(video_id))

    stored(library, film)
    before = sorted(folder.iterdir())
    file = next(path for path in before if path.suffix == ".mp4")
    file.write_bytes(bytes(len(film)))
    with pytest.raises(MediaError):
        asyncio.run(Filmstrips(library).of(video_id))
    assert sorted(folder.iterdir()) == before

    file.write_bytes(film)

    async def slow(path: Path, **about: Any) -> Any:
        made = await make_filmstrip(path, **about)
        await library.delete(video_id)
        return made

    monkeypatch.setattr(filmstrips, "make_filmstrip", slow)
    with pytest.raises(VideoNotFound):
        asyncio.run(Filmstrips(library).of(video_id))
