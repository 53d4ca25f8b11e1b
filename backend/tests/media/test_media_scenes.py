"""Cuts are found where they are, to the frame, and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from app.media.errors import MediaError, MediaErrorKind
from app.media.facts import CutReport
from app.media.sample import DAY, ROAD
from app.media.scenes import find_cuts

BUNNY_CUTS = [11.875, 15.75, 23.042]
"""Read off the pictures by eye: meadow to stream, stream to bird, bird to burrow. The start is a fade, no cut."""


def cuts(path: Path, duration: float = 12.0, threshold: float = 6.0, min_scene: float = 1.0) -> list[float]:
    report = report_of(path, duration, threshold, min_scene)
    return [cut.seconds for cut in report.cuts]


def report_of(path: Path, duration: float, threshold: float = 6.0, min_scene: float = 1.0) -> CutReport:
    return asyncio.run(find_cuts(path, duration=duration, threshold=threshold, min_scene=min_scene))


def test_the_cuts_of_our_own_videos_are_found_to_the_frame(day: Path, road: Path) -> None:
    assert cuts(day) == list(DAY.cuts)
    assert cuts(road) == list(ROAD.cuts)


def test_the_sensitive_thresholds_find_no_cut_too_many_in_our_own_videos(day: Path, road: Path) -> None:
    assert cuts(day, threshold=2, min_scene=0.4) == list(DAY.cuts)
    assert cuts(road, threshold=2, min_scene=0.4) == list(ROAD.cuts)


def test_the_cuts_of_a_real_film_are_those_a_person_sees(bunny: Path) -> None:
    report = report_of(bunny, 30.0, threshold=2, min_scene=0.4)
    assert [cut.seconds for cut in report.cuts if cut.score >= 6] == BUNNY_CUTS
    assert [cut.seconds for cut in report.cuts if cut.score < 6] == [20.833]  # a bird falls out of the picture
    assert (report.frames, report.resolution) == (720, "640x360")


def test_one_long_shot_has_no_cut(bottles: Path) -> None:
    assert cuts(bottles, 39.9, threshold=2, min_scene=0.4) == []


def test_a_cut_too_soon_after_another_is_left_out(day: Path) -> None:
    assert cuts(day, min_scene=2.7) == [3.0, 8.4]


def test_no_frame_is_sudden_enough_for_the_highest_threshold(day: Path) -> None:
    assert cuts(day, threshold=100) == []


def test_progress_reaches_the_end_and_never_goes_back(day: Path) -> None:
    heard: list[float] = []

    async def hear(percent: float, message: str) -> None:
        heard.append(percent)
        assert message == "Looking for cuts"

    asyncio.run(find_cuts(day, duration=DAY.duration, on_progress=hear))
    assert heard == sorted(heard)
    assert len(heard) >= 9
    assert heard[-1] <= 100


def test_a_video_that_starts_late_by_its_own_clock_is_timed_from_its_start(
    clip: Callable[..., Path], moving: Callable[[float], list[Image.Image]]
) -> None:
    red = [Image.new("RGB", (160, 96), "#ff0000")] * 25
    path = clip("late.ts", [*moving(1.4), *red], codec="mpeg2video")  # MPEG-TS starts its clock at 1.4 s
    assert cuts(path, 2.4) == [pytest.approx(1.4, abs=0.05)]


def test_a_stream_that_begins_half_way_does_no_harm(
    clip: Callable[..., Path], moving: Callable[[float], list[Image.Image]]
) -> None:
    path = clip("changes.flv", moving(8), codec="flv")
    content = bytearray(path.read_bytes())
    content[_last_tag(content)] = 8  # sound, of which the start of the file says nothing
    path.write_bytes(content)
    assert report_of(path, 8.0).frames == 199


def test_a_file_that_is_no_video_has_no_cuts_but_an_error(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("no video")
    with pytest.raises(MediaError) as caught:
        cuts(path)
    assert caught.value.kind is MediaErrorKind.UNREADABLE


def _last_tag(flv: bytearray) -> int:
    """Find the last tag of a Flash video: the file ends with the size of what comes before."""
    return len(flv) - 4 - int.from_bytes(flv[-4:])
