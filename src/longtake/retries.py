"""When a failed attempt or step is tried again."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Any

from longtake.errors import PermanentError, RetryAfter

_LONGEST_DELAY = 30 * 86_400.0


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """How often to try, and how long to wait between: exponential backoff with full jitter.

    The wait before try n + 1 is random between 0 and `first_delay * 2 ** (n - 1)` seconds, at most `max_delay`
    (Brooker, "Exponential Backoff and Jitter", 2015).
    """

    attempts: int = 1
    """Tries in all; 1 means no retry."""
    first_delay: float = 1.0
    """Seconds, before the second try."""
    max_delay: float = 300.0
    """Seconds."""

    def __post_init__(self) -> None:
        """Refuse figures that make no sense."""
        if self.attempts < 1 or self.first_delay < 0 or self.max_delay < 0:
            raise ValueError("A RetryPolicy needs attempts >= 1 and delays >= 0.")

    def delay(self, error: BaseException, failures: int, jitter: float | None = None) -> float | None:
        """Seconds to wait before the next try, or None when there is none.

        Args:
            error: what the last try raised; an error with `permanent` true is final, and one that names a delay
                (`RetryAfter.seconds`, or an attribute `retry_after`) is obeyed.
            failures: how many tries have failed, this one included.
            jitter: a number from 0 to 1 in place of a random one.
        """
        if isinstance(error, PermanentError) or getattr(error, "permanent", False):
            return None
        if failures >= self.attempts:
            return None
        asked = _seconds(error.seconds if isinstance(error, RetryAfter) else getattr(error, "retry_after", None))
        if asked is not None:
            return asked
        ceiling = min(self.max_delay, self.first_delay * 2.0 ** min(failures - 1, 60))
        return ceiling * (random.random() if jitter is None else jitter)  # noqa: S311 (no secret)


def _seconds(asked: Any) -> float | None:
    """The delay that an error asks for, held within a month; None for what is no number of seconds."""
    try:
        seconds = float(asked)
    except (TypeError, ValueError, OverflowError):
        return None
    return None if math.isnan(seconds) else min(max(seconds, 0.0), _LONGEST_DELAY)


NO_RETRY = RetryPolicy()
