"""Places for so many at once, given in turn to the jobs that wait, so that none waits for the whole of another."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Places:
    """The places of one event loop."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        """By job, the one whose turn is next first."""

    @asynccontextmanager
    async def hold(self, job_id: str) -> AsyncIterator[None]:
        """Wait for a place and keep it while inside."""
        if self._free:
            self._free -= 1
        else:
            await self._given(job_id)
        try:
            yield
        finally:
            self._give()

    async def _given(self, job_id: str) -> None:
        given: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(job_id, deque()).append(given)
        try:
            await given
        except asyncio.CancelledError:
            if not given.cancelled():
                self._give()  # it came in the same moment
            raise

    def _give(self) -> None:
        while self._waiting:
            job_id = next(iter(self._waiting))
            line = self._waiting.pop(job_id)
            given = line.popleft()
            if line:
                self._waiting[job_id] = line
            if not given.done():
                given.set_result(None)
                return
        self._free += 1
