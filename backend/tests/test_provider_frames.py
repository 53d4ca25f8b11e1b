"""Still pictures that stand for a video: some of every scene, small enough for one message."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from PIL import Image
from standin.trying import real_film

from app.media.errors import MediaError, MediaErrorKind
from app.media.frames import take_frames
from app.media.inside.frames import jpeg, spread
from app.media.still import Stills
from app.models.base import Video


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Video:
    return real_film(tmp_path_factory.mktemp("film") / "film.mp4")


def taken(path: Path, count: int, *, longest: int = 768, clip: tuple[float, float] | None = None) -> Stills:
    return asyncio.run(take_frames(path, duration=4.0, size=(160, 96), count=count, longest=longest, clip=clip))


def moments(stills: Stills) -> list[float]:
    return [still.seconds for still in stills.stills]


def test_every_scene_has_a_picture() -> None:
    assert spread([2.0, 9.0], 0.0, 10.0, 3) == [1.0, 5.5, 9.5]


def test_long_scenes_have_more_pictures() -> None:
    assert spread([2.0], 0.0, 10.0, 5) == [1.0, 3.0, 5.0, 7.0, 9.0]


def test_more_scenes_than_pictures_are_looked_at_evenly() -> None:
    assert spread([1.0, 2.0, 3.0], 0.0, 10.0, 2) == [2.5, 7.5]


def test_a_clip_has_all_pictures() -> None:
    assert spread([2.0, 9.0], 4.0, 8.0, 2) == [5.0, 7.0]


def test_pictures_are_what_is_seen_at_their_time(film: Video) -> None:
    stills = taken(film.path, 2)
    assert moments(stills) == [1.0, 3.0]
    colours = [Image.open(io.BytesIO(still.jpeg)).convert("RGB").getpixel((2, 2)) for still in stills.stills]
    for colour, expected in zip(colours, [(0x22, 0x44, 0x88), (0xEE, 0xEE, 0xEE)], strict=True):
        assert isinstance(colour, tuple)
        assert all(abs(seen - wanted) < 12 for seen, wanted in zip(colour, expected, strict=True))


def test_pictures_are_no_larger_than_asked_and_keep_their_shape(film: Video) -> None:
    stills = taken(film.path, 1, longest=80)
    assert stills.resolution == "80x48"
    assert Image.open(io.BytesIO(stills.stills[0].jpeg)).size == (80, 48)


def test_no_frame_is_taken_twice(film: Video) -> None:
    times = moments(taken(film.path, 64))
    assert times == sorted(set(times))
    assert len(times) <= 40


def test_a_clip_holds_only_its_own_time(film: Video) -> None:
    assert all(2.5 <= moment <= 3.5 for moment in moments(taken(film.path, 4, clip=(2.5, 3.5))))


def test_a_jump_over_a_long_stretch_lands_on_the_same_pictures_as_decoding_all(tmp_path: Path) -> None:
    film = real_film(tmp_path / "long.mp4", seconds=30)

    def pictures(count: int) -> dict[float, bytes]:
        stills = asyncio.run(
            take_frames(film.path, duration=30.0, size=(160, 96), count=count, longest=160, clip=(6.0, 30.0))
        )
        return {still.seconds: still.jpeg for still in stills.stills}

    far, near = pictures(2), pictures(6)
    assert list(far) == [12.0, 24.0]
    assert all(near[moment] == jpeg for moment, jpeg in far.items())


@pytest.mark.parametrize(
    ("content", "kind"), [(b"no video", MediaErrorKind.UNREADABLE), (None, MediaErrorKind.MISSING)]
)
def test_a_file_that_is_no_video_is_an_error(tmp_path: Path, content: bytes | None, kind: MediaErrorKind) -> None:
    path = tmp_path / "film.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MediaError) as caught:
        taken(path, 2)
    assert caught.value.kind is kind


def test_a_picture_keeps_to_its_bytes_whatever_it_shows() -> None:
    noise = Image.effect_noise((640, 360), 120).convert("RGB")
    for most in (60_000, 8_000, 900):
        data = jpeg(noise, most)
        assert len(data) <= most
        shown = Image.open(io.BytesIO(data))
        assert shown.width / shown.height == pytest.approx(16 / 9, rel=0.1)
    assert jpeg(noise, 1), "one dot is the least"
