"""The local models keep the contract, and their texts say what was measured."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from app.media.facts import Cut, CutReport, Interval, Loudness, QualityReport, VideoFacts
from app.media.sample import DAY
from app.models.base import Answer, Video, VideoModel
from app.models.errors import ErrorKind, ModelError
from app.models.local import local_models
from app.models.local_texts import describe_quality, describe_scenes
from app.models.testing import Recorder, VideoModelContract

MODELS = {model.info.id: model for model in local_models()}
FACTS = VideoFacts(
    container="mp4",
    media_type="video/mp4",
    extension=".mp4",
    codec="h264",
    pixel_format="yuv420p",
    width=640,
    height=360,
    fps=25.0,
    duration=12.0,
    frames=300,
    audio_codec="aac",
    plays_in_browsers=True,
)
QUALITY = QualityReport(
    facts=FACTS,
    loudness=Loudness(integrated=-17.9, range=3.2),
    silent=(),
    black=(Interval(start=0.0, end=0.71),),
    frozen=(),
    blurred=(),
    blur=4.4,
    frames=300,
    resolution="480x270",
)


class TestScenes(VideoModelContract):
    def model(self) -> VideoModel:
        return MODELS["local/scenes"]


class TestScenesSensitive(VideoModelContract):
    def model(self) -> VideoModel:
        return MODELS["local/scenes-sensitive"]


class TestQuality(VideoModelContract):
    def model(self) -> VideoModel:
        return MODELS["local/quality"]


def ask(model_id: str, video: Video, prompt: str = "") -> Answer:
    return asyncio.run(MODELS[model_id].answer(video, prompt, Recorder()))


def test_the_scenes_of_our_own_video_start_at_its_cuts(day: Path, video: Video) -> None:
    answer = ask("local/scenes", msgspec.structs.replace(video, path=day, duration=DAY.duration))
    assert [timestamp.seconds for timestamp in answer.timestamps] == [0.0, *DAY.cuts]
    assert [timestamp.end for timestamp in answer.timestamps] == [*DAY.cuts, DAY.duration]
    assert answer.text.startswith("**3 cuts**, so 4 scenes:")
    assert (answer.input.frames, answer.input.resolution, answer.cost_usd) == (300, "640x360", 0.0)


def test_the_prompt_changes_nothing(video: Video) -> None:
    assert ask("local/scenes", video, "One thing") == ask("local/scenes", video, "Another\x00 thing")


def test_a_lost_file_is_said_to_be_missing(video: Video, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        ask("local/quality", msgspec.structs.replace(video, path=tmp_path / "gone"))
    assert caught.value.kind is ErrorKind.VIDEO_MISSING


def test_one_shot_is_said_to_be_one() -> None:
    report = CutReport(cuts=(), duration=39.85, frames=1189, resolution="640x360")
    assert describe_scenes(report) == "**No cuts.** The video is one shot of 39.9 seconds."


def test_scenes_are_listed_with_their_ranges() -> None:
    report = CutReport(cuts=(Cut(seconds=62.04, score=25.4),), duration=70.0, frames=1, resolution="640x360")
    assert describe_scenes(report) == (
        "**1 cut**, so 2 scenes:\n\n"
        "1. 0:00.0\N{EN DASH}1:02.1: opening, lasts 62.0 seconds\n"
        "2. 1:02.1\N{EN DASH}1:10.0: cut of strength 25, lasts 8.0 seconds"
    )


def test_quality_is_told_in_prose() -> None:
    assert describe_quality(QUALITY) == (
        "**Picture.** H.264 in MP4, 640x360, 25 frames a second, 12.0 seconds. Sharp: edges are 4.4 pixels wide.\n\n"
        "- Black: 0:00.0\N{EN DASH}0:00.8\n- Frozen: nowhere\n- Blurred: nowhere\n\n"
        "**Sound.** AAC, -17.9 LUFS, range 3.2 LU.\n\n- Silent: nowhere"
    )


def test_quality_of_a_film_without_sound_or_edges() -> None:
    mute = msgspec.structs.replace(FACTS, audio_codec=None, fps=None)
    text = describe_quality(
        msgspec.structs.replace(QUALITY, facts=mute, loudness=None, silent=None, blur=None, black=())
    )
    assert "frame rate unknown" in text
    assert "Nothing in it has an edge" in text
    assert text.endswith("**Sound.** None.")


def test_sound_that_cannot_be_decoded_and_silence_are_told_apart() -> None:
    damaged = msgspec.structs.replace(QUALITY, loudness=None, silent=None)
    assert describe_quality(damaged).endswith("AAC, but it cannot be decoded.")
    silent = msgspec.structs.replace(QUALITY, loudness=Loudness(integrated=-70.0, range=0.0))
    assert "AAC, silent throughout." in describe_quality(silent)


def test_a_long_list_of_ranges_is_cut_short() -> None:
    many = tuple(Interval(start=float(second), end=second + 0.5) for second in range(80))
    assert "and 30 more" in describe_quality(msgspec.structs.replace(QUALITY, frozen=many))
