"""The simulations keep the contract, say that they are simulations, and fail as promised."""

from __future__ import annotations

import asyncio

import pytest

from app.models.base import Video, VideoModel
from app.models.demo import DemoFlaky, DemoStream
from app.models.errors import ErrorKind, ModelError
from app.models.testing import Recorder, VideoModelContract


class TestStream(VideoModelContract):
    def model(self) -> VideoModel:
        return DemoStream(seconds=0.2)


class TestFlaky(VideoModelContract):
    attempt = 3

    def model(self) -> VideoModel:
        return DemoFlaky(seconds=0.2)


def test_an_answer_streams_in_and_echoes_the_prompt(video: Video) -> None:
    recorder = Recorder()
    answer = asyncio.run(DemoStream(seconds=0.2).answer(video, "Who\nwins?", recorder))
    assert len(recorder.partials) > 10
    assert recorder.partials[-1] == answer.text
    assert answer.text.startswith("**Simulated answer: no model has seen the video.**")
    assert "> Who\n> wins?" in answer.text
    assert len(answer.timestamps) == 3
    assert answer.first_token_seconds is not None
    assert 0 < answer.first_token_seconds < 0.2


def test_the_pace_is_settable(video: Video) -> None:
    async def ask() -> float:
        loop = asyncio.get_running_loop()
        asked = loop.time()
        await DemoStream(seconds=0.4).answer(video, "", Recorder())
        return loop.time() - asked

    assert 0.4 <= asyncio.run(ask()) < 2


@pytest.mark.parametrize("prompt", ["", "x" * 100_000, "\n" * 5000, "0:05 \N{GRINNING FACE} <script>"])
def test_any_prompt_is_echoed_within_bounds(video: Video, prompt: str) -> None:
    answer = asyncio.run(DemoStream(seconds=0.0).answer(video, prompt, Recorder()))
    assert 100 < len(answer.text) < 10_000


def test_the_flaky_one_fails_twice_for_each_cell_and_keeps_no_count_itself(video: Video) -> None:
    model = DemoFlaky(seconds=0.0)
    for attempt in (1, 2, 1):
        with pytest.raises(ModelError) as caught:
            asyncio.run(model.answer(video, "Hello", Recorder(), attempt=attempt))
        assert caught.value.kind is ErrorKind.OVERLOADED
        assert caught.value.retryable
        assert caught.value.retry_after == 1.0
    assert "> Hello" in asyncio.run(model.answer(video, "Hello", Recorder(), attempt=3)).text
