"""What a cell does about a trouble: gives up, asks again as one of its retries, or just waits. No clock in here."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.errors import ErrorKind, ModelError
from longtake import RetryPolicy

RETRIES = RetryPolicy(attempts=4, first_delay=2.0, max_delay=60.0)
LONGEST_REFUSAL = 3600.0
"""Seconds that a cell waits for a provider that takes no more requests, though calls of others may pass."""
LONGEST_OFFLINE = 12 * 3600.0
"""Seconds that a cell waits for the network."""
_FIRST_LOOK, _LATER_LOOKS = 2.0, 15.0


@dataclass(frozen=True)
class Again:
    """The cell is asked again."""

    delay: float
    """Seconds until then; what the limits of its model add comes on top."""
    uses_retry: bool


class Endurance:
    """The troubles of one cell so far."""

    def __init__(self, *, is_near: bool) -> None:
        """`is_near`: the model runs on this computer, where no network lies between."""
        self._is_near = is_near
        self._kind: ErrorKind | None = None
        self._since = 0.0
        self._times = 0

    def after(self, error: ModelError, failures: int, now: float) -> Again | None:
        """What to do about an error, the `failures`th that counts; None: give up."""
        if not error.retryable:
            return None
        if error.kind is not self._kind:
            self._kind, self._since, self._times = error.kind, now, 0
        self._times += 1
        waited = now - self._since
        if error.kind is ErrorKind.RATE_LIMIT:
            too_long = max(error.retry_after or 0.0, waited) > LONGEST_REFUSAL
            return None if too_long else Again(0.0, uses_retry=False)
        if not error.was_sent and not self._is_near:
            if waited > LONGEST_OFFLINE:
                return None
            return Again(min(_LATER_LOOKS, _FIRST_LOOK * 2.0 ** min(self._times - 1, 9)), uses_retry=False)
        delay = RETRIES.delay(error, failures)
        return None if delay is None else Again(delay, uses_retry=True)
