"""Named limits: how many parts of how many jobs may do one thing at once, in this worker."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Limits:
    """One count for each name, first come first served."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}
        self._waiting: dict[str, deque[tuple[int, asyncio.Future[None]]]] = {}

    @asynccontextmanager
    async def hold(self, name: str, at_most: int) -> AsyncIterator[None]:
        """Wait for a place under the limit and keep it while inside."""
        if at_most < 1:
            raise ValueError(f"The limit {name!r} must be at least 1.")
        await self._take(name, at_most)
        try:
            yield
        finally:
            self._give_back(name)

    async def _take(self, name: str, at_most: int) -> None:
        line = self._waiting.setdefault(name, deque())
        if not line and self._taken.get(name, 0) < at_most:
            self._taken[name] = self._taken.get(name, 0) + 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.append((at_most, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give_back(name)  # the place was given in the same moment
            else:
                line.remove((at_most, turn))
            raise

    def _give_back(self, name: str) -> None:
        self._taken[name] -= 1
        line = self._waiting[name]
        while line and self._taken[name] < line[0][0]:
            _, turn = line.popleft()
            if not turn.done():
                self._taken[name] += 1
                turn.set_result(None)
        if not line and not self._taken[name]:
            del self._taken[name], self._waiting[name]
