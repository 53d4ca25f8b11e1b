"""Every provider keeps the contract of a model, and takes every trouble of the table in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from standin import StandIn
from standin.trying import ask, failure, gemini, looks_like_film, openai_compatible, real_film
from standin.usual import CANARY

from app.models.base import AnswerState, Video, VideoModel
from app.models.errors import ErrorKind
from app.models.openai_compatible.showing import Showing
from app.models.testing import Recorder, VideoModelContract


@dataclass(frozen=True)
class Trouble:
    """What a fault must come to."""

    kind: ErrorKind
    retryable: bool
    retry_after: float | None = None
    paid: int = 0


REFUSED = {
    "429": Trouble(ErrorKind.RATE_LIMIT, retryable=True, retry_after=26.0),
    "429-text": Trouble(ErrorKind.RATE_LIMIT, retryable=True, retry_after=2.1),
    "429-header": Trouble(ErrorKind.RATE_LIMIT, retryable=True, retry_after=3.0),
    "429-bare": Trouble(ErrorKind.RATE_LIMIT, retryable=True),
    "402": Trouble(ErrorKind.BILLING, retryable=False),
    "400-billing": Trouble(ErrorKind.BILLING, retryable=False),
    "503": Trouble(ErrorKind.OVERLOADED, retryable=True),
    "503-empty": Trouble(ErrorKind.OVERLOADED, retryable=True),
    "500": Trouble(ErrorKind.SERVER, retryable=True),
    "502": Trouble(ErrorKind.SERVER, retryable=True),
    "504": Trouble(ErrorKind.TIMEOUT, retryable=True),
    "bad-key": Trouble(ErrorKind.AUTH, retryable=False),
    "401": Trouble(ErrorKind.AUTH, retryable=False),
    "403": Trouble(ErrorKind.AUTH, retryable=False),
    "404": Trouble(ErrorKind.NOT_FOUND, retryable=False),
    "400": Trouble(ErrorKind.INVALID, retryable=False),
    "413": Trouble(ErrorKind.INVALID, retryable=False),
    "echo-key": Trouble(ErrorKind.INVALID, retryable=False),
    "reset": Trouble(ErrorKind.CONNECTION, retryable=True, paid=1),
    "short-body": Trouble(ErrorKind.CONNECTION, retryable=True, paid=1),
    "truncated": Trouble(ErrorKind.CONNECTION, retryable=True, paid=1),
    "hang": Trouble(ErrorKind.TIMEOUT, retryable=True, paid=1),
}
USED_UP = Trouble(ErrorKind.DAILY_QUOTA, retryable=False)
OUT_OF_CREDIT = Trouble(ErrorKind.BILLING, retryable=False)
ENDED = {
    "safety": AnswerState.BLOCKED,
    "blocked": AnswerState.BLOCKED,
    "max-tokens": AnswerState.CUT_OFF,
    "max-tokens-text": AnswerState.CUT_OFF,
    "empty": AnswerState.EMPTY,
    "empty-content": AnswerState.EMPTY,
}


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


class ProviderContract(VideoModelContract):
    """A model behind a network: each fault, ordered by the name of the model."""

    quota = USED_UP
    """What a quota that is used up comes to."""

    @pytest.fixture(autouse=True)
    def at_the_standin(self, standin: StandIn) -> None:
        self.standin = standin

    @pytest.fixture
    def video(self, tmp_path: Path) -> Video:
        return looks_like_film(tmp_path / "film.mp4")

    def model(self) -> VideoModel:
        return self.named("gemini-3.8-flash")

    def named(self, name: str) -> VideoModel:
        """Make a model of this name."""
        raise NotImplementedError

    @pytest.mark.parametrize("fault", REFUSED)
    def test_each_trouble_has_its_kind_and_is_retried_if_that_helps(self, video: Video, fault: str) -> None:
        self.check(video, fault, REFUSED[fault])

    @pytest.mark.parametrize("fault", ["429-day", "429-zero"])
    def test_a_quota_that_is_used_up_is_not_asked_again_today(self, video: Video, fault: str) -> None:
        self.check(video, fault, self.quota)

    @pytest.mark.parametrize("fault", ENDED)
    def test_an_answer_that_is_not_whole_is_never_completed(self, video: Video, fault: str) -> None:
        answer = ask(self.named(f"gemini-fake-{fault}"), video)
        assert answer.state is ENDED[fault]
        assert bool(answer.text) is (fault == "max-tokens-text")
        assert answer.finish_reason or fault == "empty"

    def test_a_rate_limit_names_its_delay_and_lets_pass_after_it(self, video: Video) -> None:
        self.standin.control(rpm=1, window=30.0)
        ask(self.model(), video)
        error = failure(self.model(), video)
        assert error.kind is ErrorKind.RATE_LIMIT
        assert error.retry_after is not None
        assert 20 < error.retry_after <= 30

    def check(self, video: Video, fault: str, expected: Trouble) -> None:
        """Ask a model that has this fault."""
        error = failure(self.named(f"gemini-fake-{fault}"), video, Recorder())
        assert (error.kind, error.retryable, error.retry_after) == (
            expected.kind,
            expected.retryable,
            expected.retry_after,
        )
        assert error.message.endswith((".", "!", "…")) or "It says:" in error.message
        assert error.what_to_do.endswith(".")
        assert CANARY not in f"{error.message} {error.what_to_do} {error!r}"
        assert self.standin.paid() == expected.paid


class TestGeminiInTheBackground(ProviderContract):
    def named(self, name: str) -> VideoModel:
        return gemini(self.standin, name)


class TestGeminiByGenerateContent(ProviderContract):
    def named(self, name: str) -> VideoModel:
        return gemini(self.standin, name, in_background=False)


class TestOpenAICompatible(ProviderContract):
    quota = OUT_OF_CREDIT
    showing = Showing()
    """Shared: the pictures are taken once."""

    @pytest.fixture(scope="class")
    @staticmethod
    def film(tmp_path_factory: pytest.TempPathFactory) -> Video:
        return real_film(tmp_path_factory.mktemp("film") / "film.mp4")

    @pytest.fixture
    def video(self, film: Video) -> Video:
        return film

    def named(self, name: str) -> VideoModel:
        return openai_compatible(self.standin, name, showing=self.showing)

    def model(self) -> VideoModel:
        return openai_compatible(self.standin)
