"""The comparison of the store's index with the truth: beside the jobs, because there may be very many files."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable

from longtake.clock import Clock
from longtake.disk import on_disk
from longtake.errors import StorageProblem
from longtake.store import Store

log = logging.getLogger("longtake")

PAUSE = 0.003
"""Seconds between two portions: the interpreter runs one thread at a time, and jobs are to start meanwhile."""
_SHARE_OF_DOUBTS = 5
"""After so many times as long as the last comparison took, the next one, while some file is in doubt."""


class Inspecting:
    """Compares now and then, one portion after the other; keeps what it finds until it is taken."""

    def __init__(self, store: Store, clock: Clock, *, every: float, want_look: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._every = every
        self._want_look = want_look
        self._next = 0.0
        self._next_of_doubts = 0.0
        self._comparison: asyncio.Task[None] | None = None
        self._found: deque[list[str]] = deque()
        self._has_compared = False
        self._closing = threading.Event()

    @property
    def is_idle(self) -> bool:
        """Whether the first comparison has come to its end, and all that was found has been taken."""
        return self._has_compared and not self._found

    def open(self) -> None:
        """Compare at the next look."""
        self._closing.clear()
        self._has_compared = False
        self._next = self._next_of_doubts = 0.0

    def begin_when_due(self) -> None:
        """Begin a comparison if none runs and it is time."""
        if self._comparison is not None:
            if not self._comparison.done():
                return
            self._comparison.result()
        now = self._clock.monotonic()
        due = self._next_of_doubts if self._store.doubts() else self._next
        if self._closing.is_set() or now < due:
            return
        self._next = now + self._every
        self._comparison = asyncio.ensure_future(self._compare())

    def take(self) -> list[str]:
        """A portion of the jobs that are not as the index knows them; there may be more at the next look."""
        if len(self._found) > 1:
            self._want_look()
        return self._found.popleft() if self._found else []

    def close(self) -> None:
        """End the comparison after the portion that is being looked at."""
        self._closing.set()

    async def stop(self) -> None:
        """Close, and wait for that end."""
        self.close()
        if self._comparison is not None:
            await self._comparison

    async def _compare(self) -> None:
        begun = self._clock.monotonic()
        try:
            has_compared = await on_disk(self._compare_portions, asyncio.get_running_loop())
        except StorageProblem as error:
            log.error("%s", error)  # noqa: TRY400 (the message says it all)
            return
        finally:
            now = self._clock.monotonic()
            self._next_of_doubts = now + _SHARE_OF_DOUBTS * (now - begun)
        if has_compared and not self._has_compared:
            self._has_compared = True
            self._want_look()

    def _compare_portions(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Whether it came to the end."""
        for portion in self._store.differences():
            if portion:
                self._found.append(portion)
                loop.call_soon_threadsafe(self._want_look)
            if self._closing.wait(PAUSE):
                return False
        return True
