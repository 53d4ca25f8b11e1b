"""Answers of Gemini that go on in the background: asked and paid once, whatever breaks on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from standin import StandIn
from standin.trying import ask, failure, gemini, looks_like_film
from standin.usual import PROMPT, WHOLE

from app.models.base import Abandonable, AnswerState, AskOptions, Resolution, ThinkingLevel, Video
from app.models.errors import ErrorKind
from app.models.testing import Recorder


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture
def video(tmp_path: Path) -> Video:
    return looks_like_film(tmp_path / "film.mp4")


def test_an_answer_streams_in_and_is_whole(standin: StandIn, video: Video) -> None:
    recorder = Recorder()
    answer = ask(gemini(standin), video, recorder)
    assert answer.text == WHOLE
    assert answer.state is AnswerState.COMPLETED
    assert len(recorder.partials) == 6
    assert answer.usage is not None
    assert (answer.usage.input_tokens, answer.usage.output_tokens, answer.usage.thinking_tokens) == (504, 24, 7)
    assert answer.cost_usd == pytest.approx((504 * 0.75 + 31 * 3.75) / 1e6)
    assert [moment.seconds for moment in answer.timestamps] == [2.0, 5.0]
    assert answer.upload_seconds is not None
    assert answer.first_token_seconds is not None


def test_the_question_goes_on_in_the_background_and_carries_all_options(standin: StandIn, video: Video) -> None:
    options = AskOptions(
        fps=2.0,
        clip_start=1.0,
        clip_end=3.5,
        resolution=Resolution.LOW,
        thinking_level=ThinkingLevel.HIGH,
        temperature=0.2,
        system_instruction="Be brief.",
        response_schema={"type": "object"},
        label="cell-1",
    )
    answer = ask(gemini(standin), video, options=options)
    (asked,) = standin.seen("interactions.create")
    body = asked["body"]
    assert (body["background"], body["store"], body["stream"], body["labels"]) == (True, True, True, {"call": "cell-1"})
    shown, said = body["input"][0]["content"]
    assert shown["processing"] == {"type": "static", "fps": 2.0, "start_offset": "1s", "end_offset": "3.5s"}
    assert (shown["resolution"], shown["mime_type"], said["text"]) == ("low", "video/mp4", PROMPT)
    assert body["generation_config"] == {"temperature": 0.2, "thinking_level": "high"}
    assert body["system_instruction"] == "Be brief."
    assert body["response_format"]["schema"] == {"type": "object"}
    assert answer.input.clip == (1.0, 3.5)
    assert (answer.input.fps, answer.input.resolution) == (2.0, "low")
    assert standin.log()["paid_by_label"] == {"cell-1": 1}


def test_without_options_the_question_leaves_them_to_the_model(standin: StandIn, video: Video) -> None:
    ask(gemini(standin), video)
    (asked,) = standin.seen("interactions.create")
    assert set(asked["body"]) == {"model", "input", "background", "store", "stream"}
    assert set(asked["body"]["input"][0]["content"][0]) == {"type", "uri", "mime_type"}


def test_the_id_is_kept_before_a_word_of_the_answer_is_heard(standin: StandIn, video: Video) -> None:
    heard: list[Any] = []

    class Watching(Recorder):
        async def partial(self, text: str) -> None:
            heard.append(text)

        async def keep(self, name: str, value: Any) -> None:
            heard.append(value)

    ask(gemini(standin), video, Watching())
    assert heard[0] == {"interaction": None, "event": None, "text": ""}
    assert heard[1] == {"interaction": "interaction-1", "event": "1", "text": ""}


def test_an_error_event_in_place_of_an_answer_is_understood(standin: StandIn, video: Video) -> None:
    standin.control(fault="event-429")
    error = failure(gemini(standin), video)
    assert (error.kind, error.retryable) == (ErrorKind.RATE_LIMIT, True)
    assert standin.paid() == 0


def test_the_sdk_does_not_retry_by_itself(standin: StandIn, video: Video) -> None:
    standin.control(fault="503", times=5)
    failure(gemini(standin), video)
    assert len(standin.seen("interactions.create")) == 1


def test_cancelling_leaves_the_answer_to_go_on_at_google_until_it_is_abandoned(standin: StandIn, video: Video) -> None:
    standin.control(thinking=5.0)
    recorder = Recorder()
    model = gemini(standin)

    async def cancel_once_it_is_asked() -> None:
        asking = asyncio.create_task(model.answer(video, PROMPT, recorder))
        while not (recorder.kept("gemini") or {}).get("interaction"):
            await asyncio.wait([asking], timeout=0.01)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    asyncio.run(cancel_once_it_is_asked())
    assert not standin.seen("interactions.cancel")
    assert isinstance(model, Abandonable)
    asyncio.run(model.abandon(recorder.kept))
    assert len(standin.seen("interactions.cancel")) == 1
    asyncio.run(model.abandon(Recorder().kept))
    assert len(standin.seen("interactions.cancel")) == 1
    standin.forget_interactions()
    asyncio.run(model.abandon(recorder.kept))


def test_a_model_without_interactions_is_asked_by_generate_content_from_then_on(standin: StandIn, video: Video) -> None:
    standin.control(fault="no-interactions", times=1)
    model = gemini(standin)
    assert ask(model, video).text == WHOLE
    assert ask(model, video).text == WHOLE
    assert len(standin.seen("interactions.create")) == 1
    assert len(standin.seen("gemini.generate")) == 2


@pytest.mark.parametrize("fault", ["no-such-path", "unimplemented"])
def test_a_server_that_knows_no_interactions_is_asked_by_generate_content(
    standin: StandIn, video: Video, fault: str
) -> None:
    standin.control(fault=fault)
    assert ask(gemini(standin), video).text == WHOLE
    assert standin.paid() == 1


def test_the_model_that_really_answered_is_told(standin: StandIn, video: Video) -> None:
    standin.control(answering_model="models/gemini-3.5-flash-lite")
    assert ask(gemini(standin), video).answered_by == "gemini-3.5-flash-lite"
