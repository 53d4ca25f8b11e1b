"""The rules of pace: against providers that count in different ways, and one by one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.models.limits.limit import Limit
from app.models.limits.pace import Pace, Why
from limits.simulated import Batch, FixedWindow, Provider, Silent, SlidingWindow, TokenBucket

PROVIDERS: dict[str, Callable[[], Provider]] = {
    "any minute": lambda: SlidingWindow(60),
    "each minute of its clock": lambda: FixedWindow(60),
    "an even flow": lambda: TokenBucket(60),
    "any minute, silently": lambda: Silent(SlidingWindow(60)),
    "each minute of its clock, silently": lambda: Silent(FixedWindow(60)),
    "an even flow, silently": lambda: Silent(TokenBucket(60)),
}
ANY = Limit(at_once=8)


@pytest.mark.parametrize("latency", [0.2, 2.0, 6.0])
@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_unknown_limit_is_found_and_used_up_almost_without_a_refusal(provider: str, latency: float) -> None:
    outcome = Batch(PROVIDERS[provider](), 300, latency=latency).run()
    assert outcome.answered == 300
    assert outcome.seconds <= 300 * 1.1
    assert outcome.refused_after(60) <= 0.01
    assert len(outcome.refused) <= 15


@pytest.mark.parametrize("provider", PROVIDERS)
def test_it_stays_so_for_an_hour(provider: str) -> None:
    outcome = Batch(PROVIDERS[provider](), 3600).run()
    assert outcome.seconds <= 3600 * 1.05
    assert outcome.refused_after(60) <= 0.005


def test_a_known_limit_is_used_at_once_and_never_broken() -> None:
    outcome = Batch(SlidingWindow(60), 300, limit=Limit(at_once=8, requests_per_minute=60), latency=0.5).run()
    assert outcome.refused == []
    assert outcome.seconds < 4 * 60 + 10, "four full minutes, and a burst of 60 in the fifth"


def test_a_generous_provider_is_never_waited_for() -> None:
    outcome = Batch(SlidingWindow(10_000), 300).run()
    assert outcome.seconds == pytest.approx(300 / 8 * 2, rel=0.1)


class Narrowing(SlidingWindow):
    """Halves what it allows after five minutes, as when somebody else begins to use the same key."""

    def too_often(self, now: float) -> float | None:
        self.rpm = 60 if now < 300 else 30
        return super().too_often(now)


class Widening(SlidingWindow):
    """Doubles what it allows after five minutes."""

    def too_often(self, now: float) -> float | None:
        self.rpm = 60 if now < 300 else 120
        return super().too_often(now)


def test_a_limit_that_shrinks_is_found_again() -> None:
    outcome = Batch(Narrowing(60), 600).run()
    assert outcome.seconds <= (300 + 300 / 30 * 60) * 1.2
    assert sum(at > 420 for at in outcome.refused) <= 3


def test_a_limit_that_grows_is_used() -> None:
    outcome = Batch(Widening(60), 3000).run()
    assert outcome.seconds < 300 + 2700 / 85 * 60


def test_the_delay_that_the_provider_names_holds_for_every_call_to_the_letter() -> None:
    pace = Pace(ANY)
    first, second = pace.send(0.0), pace.send(0.6)
    pace.refused(1.0, second, 26.0)
    pace.accepted(first)
    wait = pace.wait(1.0)
    assert wait is not None
    assert wait.why is Why.REFUSED
    assert 26.0 <= wait.seconds < 26.3
    assert pace.wait(26.9) is not None
    assert pace.wait(27.2) is None


def test_one_call_goes_ahead_after_a_refusal_and_at_the_start() -> None:
    pace = Pace(ANY)
    assert pace.wait(0.0) is None
    scout = pace.send(0.0)
    held = pace.wait(0.1)
    assert held is not None
    assert held.why is Why.SCOUT
    pace.accepted(scout)
    assert pace.wait(0.1) is None
    pace.refused(0.2, pace.send(0.1), 1.0)
    scout = pace.send(1.4)
    held = pace.wait(1.5)
    assert held is not None


def test_a_call_that_went_ahead_and_hangs_does_not_hold_the_others_for_ever() -> None:
    pace = Pace(ANY)
    pace.send(0.0)
    assert pace.wait(0.5) is None


def test_refusals_of_calls_that_were_under_way_together_count_as_one() -> None:
    pace = Pace(ANY)
    calls = [pace.send(n / 10) for n in range(60)]
    for call in calls:
        pace.accepted(call)
    late = [pace.send(6.0) for _ in range(4)]
    for call in late:
        pace.refused(6.1, call, 53.9)
    assert pace.rate is not None
    assert 55 < pace.rate <= 60


def test_without_a_named_delay_the_pause_doubles_up_to_a_minute() -> None:
    pace = Pace(ANY)
    now, pauses = 0.0, []
    for _ in range(7):
        call = pace.send(now)
        pace.refused(now, call, None)
        pauses.append(round(pace.closed(now)))
        now += pace.closed(now)
    assert pauses == [2, 4, 8, 16, 32, 60, 60]


def test_tokens_are_counted_before_the_call_and_corrected_after_it() -> None:
    pace = Pace(Limit(tokens_per_minute=1000))
    first = pace.send(0.0, 600)
    pace.accepted(first)
    wait = pace.wait(1.0, 600)
    assert wait is not None
    assert wait.why is Why.TOKENS
    assert wait.seconds == pytest.approx(59.15)
    pace.settled(first, 300)
    assert pace.wait(1.0, 600) is None
    assert pace.wait(1.0, 800) is not None


def test_a_call_larger_than_a_whole_minute_goes_out_alone() -> None:
    pace = Pace(Limit(tokens_per_minute=1000))
    assert pace.wait(0.0, 5000) is None
    pace.accepted(pace.send(0.0, 5000))
    wait = pace.wait(1.0, 10)
    assert wait is not None
    assert pace.wait(60.2, 5000) is None
