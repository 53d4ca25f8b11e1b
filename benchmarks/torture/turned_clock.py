"""The computer's clock, turned and put to sleep by another process through a small file."""

from __future__ import annotations

import mmap
import os
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

from longtake.clock import SystemClock

_STATE = struct.Struct("dd")
"""Seconds that the wall clock is ahead, and seconds slept."""


class TurnedClock(SystemClock):
    """Looks at the file, which it holds in memory, at each question."""

    def __init__(self, file: str | Path) -> None:
        fd = os.open(file, os.O_RDWR | os.O_CREAT)
        os.ftruncate(fd, _STATE.size)
        self._state = mmap.mmap(fd, _STATE.size)
        os.close(fd)

    def now(self) -> datetime:
        """The wall-clock time, in UTC."""
        ahead, _ = _STATE.unpack_from(self._state)
        return datetime.now(UTC) + timedelta(seconds=ahead)

    def slept(self) -> float:
        """Seconds slept so far."""
        _, slept = _STATE.unpack_from(self._state)
        return float(slept)

    def turn_to(self, when: datetime, *, asleep: bool) -> None:
        """Set the wall clock; `asleep`: the computer slept until then."""
        ahead, slept = _STATE.unpack_from(self._state)
        passes = (when - self.now()).total_seconds()
        _STATE.pack_into(self._state, 0, ahead + passes, slept + (passes if asleep else 0.0))
