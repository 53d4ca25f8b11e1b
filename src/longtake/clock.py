"""Time as an object, so that tests can turn it."""

from __future__ import annotations

import sys
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

    def slept(self) -> float:
        """Seconds that the computer has slept since it was started; 0 where the system does not tell."""
        ...


class SystemClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        """The wall-clock time, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some start, not counting sleep."""
        return time.monotonic()

    def slept(self) -> float:
        """The difference of the system's two steady clocks: one goes on in sleep, the other does not."""
        if sys.platform == "darwin":
            return time.clock_gettime(time.CLOCK_MONOTONIC) - time.clock_gettime(time.CLOCK_UPTIME_RAW)
        if hasattr(time, "CLOCK_BOOTTIME"):
            return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
        return 0.0
