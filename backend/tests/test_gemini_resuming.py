"""An answer that goes on in the background is taken up again, whatever broke: it is paid once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from standin import StandIn
from standin.listeners import Forgetful, Interrupted, Releasing
from standin.trying import ask, failure, gemini, looks_like_film
from standin.usual import QUICK, WHOLE

from app.models.base import Video
from app.models.errors import ErrorKind
from app.models.gemini.interactions import Call
from app.models.testing import Recorder


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture
def video(tmp_path: Path) -> Video:
    return looks_like_film(tmp_path / "film.mp4")


def test_after_a_crash_the_same_interaction_is_listened_to_again(standin: StandIn, video: Video) -> None:
    standin.control(hold_after=4)
    first = Forgetful("The scene")
    with pytest.raises(Interrupted):
        ask(gemini(standin), video, first)
    kept = msgspec.convert(first.kept("gemini"), Call)
    second = Releasing(standin, first)
    answer = ask(gemini(standin), video, second)
    assert answer.text == WHOLE
    assert standin.paid() == 1
    assert standin.seen("interactions.stream")[0]["query"]["last_event_id"] == kept.event
    assert second.partials[0] == kept.text
    assert all(longer.startswith(shorter) for shorter, longer in pairwise(second.partials))


def test_what_was_asked_in_the_background_is_listened_to_also_where_that_is_not_used_any_more(
    standin: StandIn, video: Video
) -> None:
    first = Forgetful("You")
    with pytest.raises(Interrupted):
        ask(gemini(standin), video, first)
    assert ask(gemini(standin, in_background=False), video, first.survivor()).text == WHOLE
    assert standin.paid() == 1


def test_an_answer_that_ended_while_nobody_listened_is_fetched(standin: StandIn, video: Video) -> None:
    first = Forgetful("You")
    with pytest.raises(Interrupted):
        ask(gemini(standin), video, first)
    answer = ask(gemini(standin), video, first.survivor())
    assert answer.text == WHOLE
    assert standin.paid() == 1
    assert not standin.seen("interactions.stream")


def test_what_is_kept_is_json_and_what_is_spoilt_is_not_trusted(standin: StandIn, video: Video) -> None:
    recorder = Recorder()
    recorder._kept["gemini"] = {"interaction": 7}
    assert ask(gemini(standin), video, recorder).text == WHOLE
    assert msgspec.json.encode(recorder.kept("gemini"))


@pytest.mark.parametrize("fault", ["reset-mid", "truncated-mid", "ends-early"])
def test_a_stream_that_breaks_is_taken_up_where_it_broke(standin: StandIn, video: Video, fault: str) -> None:
    standin.control(fault=fault, latency=0.02)
    assert ask(gemini(standin), video).text == WHOLE
    assert standin.paid() == 1
    assert standin.seen("interactions.stream")[0]["query"]["last_event_id"]


def test_a_stream_that_breaks_again_and_again_is_listened_to_as_long_as_something_new_comes(
    standin: StandIn, video: Video
) -> None:
    standin.control(latency=0.04, pieces=24, fault="reset-mid")
    standin.control(on="stream", times=8, fault="reset-mid")
    assert ask(gemini(standin), video).text == WHOLE
    assert len(standin.seen("interactions.stream")) > 8
    assert standin.paid() == 1


def test_a_blackholed_stream_is_noticed_and_taken_up(standin: StandIn, video: Video) -> None:
    standin.control(fault="hang-mid", latency=0.02)
    answer = ask(gemini(standin), video)
    assert answer.text == WHOLE
    assert standin.paid() == 1


def test_a_model_that_thinks_longer_than_a_stream_may_be_silent_is_waited_for(standin: StandIn, video: Video) -> None:
    standin.control(thinking=1.5)
    assert ask(gemini(standin), video).text == WHOLE
    assert standin.paid() == 1
    assert len(standin.seen("interactions.stream")) >= 2


@pytest.mark.parametrize("fault", ["400", "404", "reset"])
def test_where_streams_cannot_be_taken_up_the_interaction_is_polled(standin: StandIn, video: Video, fault: str) -> None:
    standin.control(fault="reset-mid", latency=0.1)
    standin.control(fault=fault, on="stream", times=1000)
    assert ask(gemini(standin), video).text == WHOLE
    assert len(standin.seen("interactions.get")) > 6
    assert standin.paid() == 1


def test_an_interaction_that_cannot_be_seen_for_a_moment_is_not_taken_for_gone(standin: StandIn, video: Video) -> None:
    standin.control(fault="404", on="look", times=3)
    assert ask(gemini(standin), video).text == WHOLE
    assert standin.paid() == 1


def test_an_interaction_that_reports_the_same_error_for_ever_is_given_up(standin: StandIn, video: Video) -> None:
    standin.control(fault="stuck")
    recorder = Recorder()
    error = failure(gemini(standin), video, recorder)
    assert (error.kind, error.retryable) == (ErrorKind.SERVER, True)
    assert (recorder.kept("gemini") or {})["interaction"] == "interaction-1"


def test_a_network_that_is_gone_for_a_while_costs_nothing(standin: StandIn, video: Video) -> None:
    standin.control(fault="reset-mid")
    for fault in ("503", "reset", "hang"):
        standin.control(fault=fault, on="look")
    assert ask(gemini(standin), video).text == WHOLE
    assert standin.paid() == 1


def test_a_network_that_stays_away_is_an_error_and_the_answer_can_still_be_fetched(
    standin: StandIn, video: Video
) -> None:
    standin.control(fault="reset-mid")
    standin.control(fault="reset", on="look", times=6)
    recorder = Recorder()
    error = failure(gemini(standin), video, recorder)
    assert (error.kind, error.retryable) == (ErrorKind.CONNECTION, True)
    assert ask(gemini(standin), video, recorder).text == WHOLE
    assert standin.paid() == 1


def test_an_interaction_that_google_forgot_is_asked_anew_by_the_next_attempt(standin: StandIn, video: Video) -> None:
    first = Forgetful("You")
    with pytest.raises(Interrupted):
        ask(gemini(standin), video, first)
    standin.forget_interactions()
    survivor = first.survivor()
    error = failure(gemini(standin), video, survivor)
    assert (error.kind, error.retryable) == (ErrorKind.SERVER, True)
    assert ask(gemini(standin), video, survivor).text == WHOLE
    assert standin.paid() == 2


def test_an_interaction_that_failed_is_asked_anew_by_the_next_attempt(standin: StandIn, video: Video) -> None:
    recorder = Recorder()
    standin.control(fault="error-in-stream")
    error = failure(gemini(standin), video, recorder)
    assert (error.kind, error.retryable) == (ErrorKind.OVERLOADED, True)
    assert recorder.partials, "the beginning of the answer was heard"
    assert ask(gemini(standin), video, recorder).text == WHOLE


def test_what_was_abandoned_is_asked_anew_by_the_next_attempt(standin: StandIn, video: Video) -> None:
    standin.control(hold_after=1)
    first = Forgetful("You")
    model = gemini(standin)
    with pytest.raises(Interrupted):
        ask(model, video, first)
    asyncio.run(model.abandon(first.kept))
    standin.control(hold_after=None)
    survivor = first.survivor()
    assert failure(model, video, survivor).retryable
    assert ask(model, video, survivor).text == WHOLE
    assert standin.paid() == 2


def test_an_answer_that_takes_too_long_can_be_listened_to_by_the_next_attempt(standin: StandIn, video: Video) -> None:
    standin.control(thinking=1.0)
    recorder = Recorder()
    hasty = msgspec.structs.replace(QUICK, answer=0.9)
    error = failure(gemini(standin, patience=hasty), video, recorder)
    assert (error.kind, error.retryable) == (ErrorKind.TIMEOUT, True)
    assert ask(gemini(standin), video, recorder).text == WHOLE
    assert standin.paid() == 1


def test_a_question_that_google_took_in_without_saying_so_can_only_be_asked_again(
    standin: StandIn, video: Video
) -> None:
    standin.control(fault="hang")
    recorder = Recorder()
    assert failure(gemini(standin), video, recorder).kind is ErrorKind.TIMEOUT
    assert recorder.kept("gemini") == {"interaction": None, "event": None, "text": ""}
    assert ask(gemini(standin), video, recorder).text == WHOLE
    assert standin.paid() == 2
