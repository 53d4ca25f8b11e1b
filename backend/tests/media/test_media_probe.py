"""What the probe says of good files, and that bad ones are refused without harm."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.audio.frame import AudioFrame
from av.stream import Disposition
from av.video.frame import VideoFrame
from PIL import Image, ImageStat

from app.media.errors import MediaError, MediaErrorKind
from app.media.facts import VideoFacts
from app.media.limits import Limits
from app.media.probe import probe
from app.media.sample import DAY

Pictures = list[Image.Image]
Moving = Callable[[float], Pictures]
MakeClip = Callable[..., Path]


@pytest.fixture
def stripes(clip: MakeClip, moving: Moving) -> MakeClip:
    """Encode one second of moving stripes."""
    return lambda name, **how: clip(name, moving(1), **how)


def look(path: Path, poster: Path | None = None) -> VideoFacts:
    return asyncio.run(probe(path, poster=poster))


def refusal(path: Path) -> MediaError:
    poster = path.with_name("poster.jpg")
    with pytest.raises(MediaError) as caught:
        look(path, poster)
    assert not poster.exists()
    return caught.value


def brightness(picture: Image.Image) -> float:
    return ImageStat.Stat(picture.convert("L")).mean[0]


def test_the_facts_of_our_own_video(day: Path) -> None:
    assert look(day) == VideoFacts(
        container="mp4",
        media_type="video/mp4",
        extension=".mp4",
        codec="h264",
        pixel_format="yuv420p",
        width=640,
        height=360,
        fps=25.0,
        duration=DAY.duration,
        frames=300,
        audio_codec="aac",
        plays_in_browsers=True,
    )


def test_the_facts_and_the_poster_of_a_real_film(bunny: Path, tmp_path: Path) -> None:
    facts = look(bunny, tmp_path / "poster.jpg")
    assert (facts.width, facts.height, facts.fps, facts.duration) == (854, 480, 24.0, 30.0)
    assert facts.plays_in_browsers
    with Image.open(tmp_path / "poster.jpg") as poster:
        assert (poster.format, poster.size) == ("JPEG", (640, 360))
        assert brightness(poster) > 100


def test_the_poster_passes_over_black_pictures(clip: MakeClip, moving: Moving, tmp_path: Path) -> None:
    black = [Image.new("RGB", (160, 96))] * 40
    path = clip("dark.mp4", [*black, *moving(1)])
    look(path, tmp_path / "poster.jpg")
    with Image.open(tmp_path / "poster.jpg") as poster:
        assert brightness(poster) > 60


def test_a_film_that_is_black_all_over_has_a_black_poster(clip: MakeClip, tmp_path: Path) -> None:
    look(clip("black.mp4", [Image.new("RGB", (160, 96))] * 25), tmp_path / "poster.jpg")
    with Image.open(tmp_path / "poster.jpg") as poster:
        assert brightness(poster) < 5


def test_a_film_recorded_upright_is_shown_upright(clip: MakeClip, tmp_path: Path) -> None:
    left_red = Image.new("RGB", (160, 96), "#0000ff")
    left_red.paste("#ff0000", (0, 0, 80, 96))
    facts = look(clip("turned.mp4", [left_red] * 10, turned=90), tmp_path / "poster.jpg")
    assert (facts.width, facts.height) == (96, 160)
    with Image.open(tmp_path / "poster.jpg") as poster:
        assert poster.size == (96, 160)
        red, _, blue = poster.convert("RGB").getpixel((48, 140))  # type: ignore[misc]  # three numbers for RGB
        assert red > blue  # a quarter turn against the clock brings the left side to the bottom


@pytest.mark.parametrize(
    ("name", "how", "media_type", "plays"),
    [
        ("a.mp4", {}, "video/mp4", True),
        ("a.mp4", {"pixels": "yuv444p"}, "video/mp4", False),
        ("a.mov", {}, "video/quicktime", False),
        ("a.mkv", {}, "video/x-matroska", False),
        ("a.webm", {"codec": "libvpx"}, "video/webm", True),
        ("a.avi", {"codec": "mpeg4"}, "video/x-msvideo", False),
        ("a.ts", {"codec": "mpeg2video"}, "video/mp2t", False),
        ("a.mpg", {"codec": "mpeg2video"}, "video/mpeg", False),
        ("a.flv", {"codec": "flv"}, "video/x-flv", False),
        ("a.wmv", {"codec": "wmv2"}, "video/x-ms-wmv", False),
    ],
)
def test_the_type_is_sniffed_and_what_browsers_play_is_known(
    stripes: Callable[..., Path], name: str, how: dict[str, str], media_type: str, *, plays: bool
) -> None:
    path = stripes(name, **how)
    facts = look(path.rename(path.with_name("upload")))
    assert (facts.media_type, facts.extension, facts.plays_in_browsers) == (media_type, path.suffix, plays)
    assert facts.duration == pytest.approx(1.0, abs=0.15)
    assert (facts.width, facts.height) == (160, 96)


def test_a_recording_that_does_not_say_how_long_it_is_gets_measured(clip: MakeClip, moving: Moving) -> None:
    path = clip("live.webm", moving(2), codec="libvpx", options={"live": "1"})
    with av.open(path) as container:
        assert container.duration is None
    assert look(path).duration == pytest.approx(2.0, abs=0.05)


def test_a_missing_file_is_said_to_be_gone(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone.mp4").kind is MediaErrorKind.MISSING


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Just some words.\n" * 100,
        b"\x89PNG\r\n\x1a\n" + bytes(500),
        bytes(10_000),
        random.Random(1).randbytes(5000),
    ],
    ids=["empty", "text", "damaged image", "zeros", "noise"],
)
def test_what_is_no_video_is_unreadable(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(content)
    error = refusal(path)
    assert error.kind is MediaErrorKind.UNREADABLE
    assert error.message.startswith("The file ")


@pytest.mark.parametrize("name", ["still.png", "still.jpg", "still.gif", "still.webp"])
def test_a_still_is_refused(tmp_path: Path, name: str) -> None:
    Image.new("RGB", (64, 64), "#336699").save(tmp_path / name)
    assert refusal(tmp_path / name).kind is MediaErrorKind.UNREADABLE


@pytest.mark.parametrize("cover", [False, True])
def test_sound_alone_is_no_video_even_with_a_cover(tmp_path: Path, *, cover: bool) -> None:
    path = tmp_path / "song.mp4"
    with av.open(path, "w") as container:
        sound = container.add_stream("aac", 8000, layout="mono")
        if cover:
            still = container.add_stream("mjpeg", 1)
            still.width, still.height, still.pix_fmt = 64, 64, "yuvj420p"
            still.disposition = Disposition.attached_pic
            container.mux(still.encode(VideoFrame.from_image(Image.new("RGB", (64, 64)))))  # type: ignore[no-untyped-call]
            container.mux(still.encode())
        frame = AudioFrame(format="s16", layout="mono", samples=8000, align=1)
        frame.planes[0].update(bytes(16_000))
        frame.sample_rate, frame.pts, frame.time_base = 8000, 0, Fraction(1, 8000)
        container.mux(sound.encode(frame))
        container.mux(sound.encode())
    error = refusal(path)
    assert error.kind is MediaErrorKind.NO_VIDEO
    assert "choose a video" in error.message


@pytest.mark.parametrize("share", [0.05, 0.5, 0.98])
def test_a_file_that_breaks_off_is_refused(day: Path, tmp_path: Path, share: float) -> None:
    content = day.read_bytes()
    path = tmp_path / "part.mp4"
    path.write_bytes(content[: round(len(content) * share)])
    assert refusal(path).kind is MediaErrorKind.UNREADABLE


def test_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path).kind is MediaErrorKind.UNREADABLE
    os.mkfifo(tmp_path / "pipe.mp4")
    assert refusal(tmp_path / "pipe.mp4").kind is MediaErrorKind.UNREADABLE


def test_a_poster_that_may_not_be_written_is_not_left_half_made(day: Path, tmp_path: Path) -> None:
    little = Limits(wall_seconds=20, cpu_seconds=10, file_bytes=100)
    with pytest.raises(MediaError):
        asyncio.run(probe(day, poster=tmp_path / "poster.jpg", limits=little))
    assert not (tmp_path / "poster.jpg").exists()
