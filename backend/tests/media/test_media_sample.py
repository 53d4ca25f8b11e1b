"""Our own videos are small, play everywhere, and are the same each time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.media.probe import probe
from app.media.quality import measure_quality
from app.media.sample import DAY, ROAD, SAMPLES
from app.media.sample.film import Film
from app.media.sample.pen import Pen
from app.media.sample.sound import RATE, soundtrack


def test_the_cuts_are_known_as_data() -> None:
    assert DAY.cuts == (3.0, 5.6, 8.4)
    assert ROAD.cuts == (2.4, 4.4, 7.2, 9.0)
    assert [film.duration for film in SAMPLES] == [12.0, 12.0]
    assert len({film.name for film in SAMPLES}) == len(SAMPLES)


@pytest.mark.parametrize("film", SAMPLES, ids=lambda film: film.name)
def test_a_sample_is_small_plays_in_browsers_and_looks_and_sounds_whole(film: Film, samples: dict[str, Path]) -> None:
    path = samples[film.name]
    assert path.stat().st_size < 1_000_000
    facts = asyncio.run(probe(path))
    assert facts.plays_in_browsers
    assert (facts.codec, facts.audio_codec, facts.width, facts.height) == ("h264", "aac", 640, 360)
    assert facts.duration == pytest.approx(film.duration, abs=0.05)
    report = asyncio.run(measure_quality(path, duration=film.duration))
    assert report.loudness is not None
    assert -23 < report.loudness.integrated < -14
    assert (report.black, report.frozen, report.blurred, report.silent) == ((), (), (), ())


@pytest.mark.parametrize("film", SAMPLES, ids=lambda film: film.name)
def test_pictures_and_sound_are_the_same_each_time(film: Film) -> None:
    assert _painted(film) == _painted(film)
    sound = soundtrack(film)
    assert sound == soundtrack(film)
    assert len(sound) == 2 * RATE * film.duration


def _painted(film: Film) -> list[bytes]:
    pictures = []
    for scene in film.scenes:
        pen = Pen(scene.backdrop())
        scene.paint(pen, scene.seconds / 2)
        pictures.append(pen.picture().tobytes())
    return pictures
