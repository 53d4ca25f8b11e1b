"""A clock turned by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 1, tzinfo=UTC)
"""Where a `FakeClock` begins unless told otherwise."""


class FakeClock:
    """A clock that stands still until it is turned."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now
        self._monotonic = 0.0
        self._slept = 0.0

    def now(self) -> datetime:
        """The wall-clock time, in UTC."""
        return self._now

    def monotonic(self) -> float:
        """Seconds advanced since the clock was made."""
        return self._monotonic

    def slept(self) -> float:
        """Seconds that the computer was put to sleep for."""
        return self._slept

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._monotonic += seconds
        self.turn(seconds)

    def sleep_computer(self, seconds: float) -> None:
        """Let time pass as in a closed laptop: the wall clock goes on, the monotonic one stands."""
        self._slept += seconds
        self.turn(seconds)

    def turn(self, seconds: float) -> None:
        """Set the wall clock forward or, by a negative number, back; no time passes."""
        self._now += timedelta(seconds=seconds)
