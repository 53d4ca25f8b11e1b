"""The fallback, generateContent: what the SDK lets pass in silence is noticed here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from standin import StandIn
from standin.trying import ask, failure, gemini, looks_like_film
from standin.usual import WHOLE

from app.models.base import Answer, AnswerState, AskOptions, Resolution, ThinkingLevel, Video
from app.models.errors import ErrorKind, ModelError
from app.models.testing import Recorder


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture
def video(tmp_path: Path) -> Video:
    return looks_like_film(tmp_path / "film.mp4")


def generated(standin: StandIn, video: Video, options: AskOptions | None = None) -> Answer:
    return ask(gemini(standin, in_background=False), video, options=options or AskOptions())


def refused(standin: StandIn, video: Video, fault: str, listener: Recorder | None = None) -> ModelError:
    standin.control(fault=fault)
    return failure(gemini(standin, in_background=False), video, listener)


def test_an_answer_streams_in_and_is_whole(standin: StandIn, video: Video) -> None:
    answer = generated(standin, video)
    assert answer.text == WHOLE
    assert (answer.state, answer.finish_reason) == (AnswerState.COMPLETED, "STOP")
    assert answer.usage is not None
    assert (answer.usage.input_tokens, answer.usage.output_tokens, answer.usage.thinking_tokens) == (504, 24, 7)
    assert answer.input.fps == 1.0


def test_all_options_reach_google(standin: StandIn, video: Video) -> None:
    options = AskOptions(
        fps=2.0,
        clip_start=1.0,
        clip_end=3.5,
        resolution=Resolution.HIGH,
        thinking_level=ThinkingLevel.LOW,
        temperature=0.2,
        system_instruction="Be brief.",
        response_schema={"type": "object"},
    )
    generated(standin, video, options)
    (asked,) = standin.seen("gemini.generate")
    shown = asked["body"]["contents"][0]["parts"][0]
    assert shown["videoMetadata"] == {"fps": 2.0, "start_offset": "1s", "end_offset": "3.5s"}
    config = asked["body"]["generationConfig"]
    assert (config["mediaResolution"], config["temperature"]) == ("MEDIA_RESOLUTION_HIGH", 0.2)
    assert config["thinkingConfig"] == {"thinking_level": "LOW"}
    assert config["responseJsonSchema"] == {"type": "object"}
    assert asked["body"]["systemInstruction"]["parts"][0]["text"] == "Be brief."


def test_no_limit_of_ours_is_told_to_google(standin: StandIn, video: Video) -> None:
    """The SDK would send its own time limit on, and Google would stop working when it is over."""
    generated(standin, video)
    (asked,) = standin.seen("gemini.generate")
    assert "x-server-timeout" not in asked["headers"]


def test_a_hanging_call_is_noticed_although_the_sdk_sets_no_time_limit(standin: StandIn, video: Video) -> None:
    error = refused(standin, video, "hang")
    assert (error.kind, error.retryable) == (ErrorKind.TIMEOUT, True)


def test_the_sdk_does_not_retry_by_itself(standin: StandIn, video: Video) -> None:
    standin.control(times=5, fault="503")
    failure(gemini(standin, in_background=False), video)
    assert len(standin.seen("gemini.generate")) == 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("ends-early", ErrorKind.CONNECTION),
        ("reset-mid", ErrorKind.CONNECTION),
        ("truncated-mid", ErrorKind.CONNECTION),
        ("hang-mid", ErrorKind.TIMEOUT),
        ("error-in-stream", ErrorKind.OVERLOADED),
    ],
)
def test_a_stream_that_breaks_is_an_error_and_what_came_is_kept(
    standin: StandIn, video: Video, fault: str, kind: ErrorKind
) -> None:
    recorder = Recorder()
    error = refused(standin, video, fault, recorder)
    assert (error.kind, error.retryable) == (kind, True)
    assert recorder.partials
    assert WHOLE.startswith(recorder.partials[-1])


def test_a_word_for_the_end_that_the_sdk_does_not_know_is_no_warning(standin: StandIn, video: Video) -> None:
    standin.control(fault="unknown-reason")
    answer = generated(standin, video)
    assert (answer.state, answer.finish_reason) == (AnswerState.EMPTY, "TIRED_OF_THIS")


def test_an_answer_that_breaks_its_schema_is_given_as_it_came(standin: StandIn, video: Video) -> None:
    """The SDK's `parsed` would be None, without a word."""
    standin.control(answer="no JSON")
    answer = generated(standin, video, AskOptions(response_schema={"type": "object"}))
    assert answer.text == "no JSON"


def test_the_model_that_really_answered_is_told(standin: StandIn, video: Video) -> None:
    standin.control(answering_model="gemini-3.5-flash-lite")
    assert generated(standin, video).answered_by == "gemini-3.5-flash-lite"


def test_a_redirect_is_not_followed_with_the_key(standin: StandIn, video: Video) -> None:
    with StandIn() as elsewhere:
        standin.control(redirect=elsewhere.address)
        error = failure(gemini(standin), video)
        assert (error.kind, error.retryable) == (ErrorKind.INVALID, False)
        assert not elsewhere.log()["requests"]


def test_the_stand_in_takes_both_spellings(standin: StandIn) -> None:
    """The SDK sends snake_case within camelCase."""
    for part in ({"fileData": {"file_uri": "x/files/none"}}, {"file_data": {"fileUri": "x/files/none"}}):
        body = {"contents": [{"parts": [part, {"text": "?"}]}]}
        url = f"{standin.address}/v1/models/gemini-3.8-flash:generateContent"
        answer = httpx2.post(url, content=json.dumps(body), headers={"x-goog-api-key": "k"}, trust_env=False)
        assert answer.status_code == 403
