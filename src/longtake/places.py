"""The places of a worker: how many jobs run at once, in all and of each kind; a job that stands aside has none."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from longtake.kinds import Kinds


class Places:
    """Who asks for a place gets it, if one is free; who stood aside comes before those that have not begun."""

    def __init__(self, at_once: int, kinds: Kinds, *, freed: Callable[[], None]) -> None:
        self._at_once = at_once
        self._kinds = kinds
        self._freed = freed
        self._taken: Counter[str] = Counter()
        self._coming_back: list[tuple[str, asyncio.Future[None]]] = []

    def any_taken(self) -> bool:
        """Whether any job runs that does not stand aside."""
        return self._taken.total() > 0

    def is_free(self, kind: str) -> bool:
        """Whether one more job of the kind may run."""
        limit = self._kinds.get(kind).concurrency
        return self._taken.total() < self._at_once and (limit is None or self._taken[kind] < limit)

    def take(self, kind: str) -> None:
        """Let a job run."""
        self._taken[kind] += 1

    def give_back(self, kind: str) -> None:
        """Let the next one have the place."""
        self._taken[kind] -= 1
        for waiting in list(self._coming_back):
            if self.is_free(waiting[0]):
                self._coming_back.remove(waiting)
                self.take(waiting[0])
                waiting[1].set_result(None)
        self._freed()

    @asynccontextmanager
    async def aside(self, kind: str) -> AsyncIterator[None]:
        """Leave a place and wait for one again at the end; a job that is ended in between takes it at once."""
        self.give_back(kind)
        try:
            yield
        except BaseException:
            self.take(kind)
            raise
        await self._come_back(kind)

    async def _come_back(self, kind: str) -> None:
        if self.is_free(kind):
            self.take(kind)
            return
        waiting = (kind, asyncio.get_running_loop().create_future())
        self._coming_back.append(waiting)
        try:
            await waiting[1]
        except asyncio.CancelledError:
            if waiting in self._coming_back:
                self._coming_back.remove(waiting)
                self.take(kind)
            raise
