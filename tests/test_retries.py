"""When a failed attempt is tried again, and how long it waits."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtake.errors import PermanentError, RetryAfter, StepFailed
from longtake.retries import NO_RETRY, RetryPolicy

THREE = RetryPolicy(attempts=3, first_delay=2.0, max_delay=5.0)


class Asking(Exception):
    """An error of another library that says when to come back."""

    def __init__(self, retry_after: object) -> None:
        self.retry_after = retry_after


def test_there_is_no_retry_unless_one_was_asked_for() -> None:
    assert NO_RETRY.delay(OSError(), 1) is None


def test_the_last_try_is_the_last() -> None:
    assert [THREE.delay(OSError(), failures) is None for failures in (1, 2, 3, 4)] == [False, False, True, True]


@pytest.mark.parametrize(("failures", "longest"), [(1, 2.0), (2, 4.0), (3, 5.0), (90, 5.0)])
def test_the_wait_doubles_up_to_its_ceiling_and_is_random_below(failures: int, longest: float) -> None:
    policy = RetryPolicy(attempts=100, first_delay=2.0, max_delay=5.0)
    assert policy.delay(OSError(), failures, jitter=1.0) == longest
    assert policy.delay(OSError(), failures, jitter=0.0) == 0
    waits = [policy.delay(OSError(), failures) or 0.0 for _ in range(50)]
    assert len(set(waits)) > 10
    assert max(waits) <= longest


def test_a_permanent_error_is_not_tried_again() -> None:
    assert THREE.delay(PermanentError("no such model"), 1) is None
    assert THREE.delay(StepFailed("in a child", permanent=True), 1) is None


@pytest.mark.parametrize(
    "error", [RetryAfter(90), StepFailed("in a child", retry_after=90.0), Asking("90"), Asking(90)]
)
def test_a_delay_that_the_error_asks_for_is_obeyed_even_beyond_the_ceiling(error: Exception) -> None:
    assert THREE.delay(error, 1) == 90
    assert THREE.delay(error, 3) is None


@pytest.mark.parametrize("asked", ["Wed, 21 Oct 2026 07:28:00 GMT", math.nan, object(), None, [], 10**400])
def test_a_delay_that_is_no_number_is_not_obeyed(asked: object) -> None:
    assert THREE.delay(Asking(asked), 1, jitter=1.0) == 2.0


@given(st.floats(allow_nan=False))
def test_whatever_an_error_asks_for_can_be_added_to_a_time(seconds: float) -> None:
    delay = THREE.delay(RetryAfter(seconds, "busy"), 1)
    assert delay is not None
    assert timedelta(0) <= timedelta(seconds=delay) <= timedelta(days=30)


@pytest.mark.parametrize("wrong", [{"attempts": 0}, {"first_delay": -1}, {"max_delay": -0.1}])
def test_figures_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"attempts >= 1 and delays >= 0"):
        RetryPolicy(**wrong)  # type: ignore[arg-type]
