"""Time as an object, so that tests can turn it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the rules and the worker know of time."""

    def now(self) -> datetime:
        """The wall-clock time, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back and stand still while the computer sleeps."""
        ...


class SystemClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        """The wall-clock time, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some start, not counting sleep."""
        return time.monotonic()
