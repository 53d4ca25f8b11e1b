"""Something that is wanted often and done at once, but at most once in a while."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Paced:
    """An action; what is wanted while it pauses is done once, after the pause."""

    def __init__(self, action: Callable[[], Awaitable[None]], pause: float) -> None:
        self._action = action
        self._pause = pause
        self._wanted = False
        self._stopped = asyncio.Event()
        self._acting: asyncio.Task[None] | None = None

    def want(self) -> None:
        """Have it done soon."""
        self._wanted = True
        if self._acting is None or self._acting.done():
            self._acting = asyncio.ensure_future(self._keep_acting())

    async def stop(self) -> None:
        """Do it no more; returns when one that is under way has ended."""
        self._stopped.set()
        if self._acting is not None:
            await self._acting

    async def _keep_acting(self) -> None:
        while self._wanted and not self._stopped.is_set():
            self._wanted = False
            await self._action()
            try:
                await asyncio.wait_for(self._stopped.wait(), self._pause)
            except TimeoutError:
                continue
