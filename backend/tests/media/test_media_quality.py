"""Black, frozen, blurred and silent stretches are found where they were made."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import sin, tau
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from app.media.errors import MediaError, MediaErrorKind
from app.media.facts import Interval, QualityReport
from app.media.quality import measure_quality

RATE = 8000

Moving = Callable[[float], list[Image.Image]]
MakeClip = Callable[..., Path]


def measure(path: Path, duration: float) -> QualityReport:
    return asyncio.run(measure_quality(path, duration=duration))


def tone(seconds: float, loudness: float = 0.3) -> list[int]:
    return [round(32767 * loudness * sin(tau * 440 * index / RATE)) for index in range(round(RATE * seconds))]


def about(start: float, end: float) -> Interval:
    near = [pytest.approx(seconds, abs=0.15) for seconds in (start, end)]
    return Interval(start=near[0], end=near[1])  # type: ignore[arg-type]  # compares like a number


def test_black_frozen_and_silent_stretches_are_found(clip: MakeClip, moving: Moving) -> None:
    pictures = [*moving(1), *[Image.new("RGB", (160, 96))] * 25, *moving(1), *[moving(1)[7]] * 50, *moving(1)]
    sound = [*tone(2), *[0] * (2 * RATE), *tone(2)]
    report = measure(clip("mixed.mp4", pictures, sound=sound), 6.0)
    assert report.black == (about(1, 2),)
    assert about(3, 5) in report.frozen
    assert report.silent == (about(2, 4),)
    assert report.frames == 150


def test_what_lasts_to_the_end_ends_with_the_video(clip: MakeClip, moving: Moving) -> None:
    pictures = [*moving(1), *[Image.new("RGB", (160, 96))] * 50]
    report = measure(clip("fades.mp4", pictures, sound=[*tone(1), *[0] * (2 * RATE)]), 3.0)
    assert report.black == (about(1, 3),)
    assert report.frozen == (about(1, 3),)
    assert report.silent == (about(1, 3),)


def test_blurred_pictures_are_told_from_sharp_ones(clip: MakeClip) -> None:
    crisp = _letters()
    soft = crisp.filter(ImageFilter.GaussianBlur(9))
    report = measure(clip("soft.mp4", [crisp] * 25 + [soft] * 25), 2.0)
    assert report.blurred == (about(1, 2),)


def test_loudness_follows_the_sound(clip: MakeClip, moving: Moving) -> None:
    loud = measure(clip("loud.mp4", moving(3), sound=tone(3, 0.5)), 3.0).loudness
    quiet = measure(clip("quiet.mp4", moving(3), sound=tone(3, 0.05)), 3.0).loudness
    assert loud is not None
    assert quiet is not None
    assert loud.integrated - quiet.integrated == pytest.approx(20, abs=1)


def test_a_film_without_sound_has_no_loudness_and_no_silence(clip: MakeClip, moving: Moving) -> None:
    report = measure(clip("mute.mp4", moving(1)), 1.0)
    assert (report.loudness, report.silent, report.facts.audio_codec) == (None, None, None)


def test_a_real_film_starts_black_and_is_sharp(bunny: Path) -> None:
    report = measure(bunny, 30.0)
    assert report.black == (about(0, 0.71),)
    assert report.blurred == ()
    assert report.loudness is not None
    assert report.loudness.integrated == pytest.approx(-21.6, abs=0.2)


def test_progress_never_goes_back(day: Path) -> None:
    heard: list[float] = []

    async def hear(percent: float, _message: str) -> None:
        heard.append(percent)

    asyncio.run(measure_quality(day, duration=12.0, on_progress=hear))
    assert heard == sorted(heard)
    assert len(heard) > 3


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MediaError) as caught:
        measure(tmp_path / "gone.mp4", 1.0)
    assert caught.value.kind is MediaErrorKind.MISSING


def _letters() -> Image.Image:
    picture = Image.new("RGB", (480, 270), "#223344")
    for number in range(12):
        left, top = 20 + number % 6 * 76, 30 + number // 6 * 120
        picture.paste("#ffffff", (left, top, left + 50, top + 90))
    return picture
