"""Who may touch an upload: one request at a time, and a newer one takes it from an older one.

A laptop that slept leaves a connection that is dead but open. Its request would wait for bytes until the system notices
that, after minutes; the person's next try must not.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from weakref import WeakValueDictionary

from app.uploads.errors import TakenOver


class Turn:
    """A request's right to touch an upload."""

    def __init__(self) -> None:
        self._lost: Final = asyncio.Event()

    def lose(self) -> None:
        """Take it away."""
        self._lost.set()

    async def while_mine(self, chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        """Pass on what comes in. Raises TakenOver as soon as the turn is lost, also while nothing comes."""
        source = aiter(chunks)
        lost = asyncio.ensure_future(self._lost.wait())
        try:
            while True:
                chunk = asyncio.ensure_future(anext(source, None))
                try:
                    await asyncio.wait({chunk, lost}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    await _end(chunk)
                if chunk.cancelled():
                    raise TakenOver
                data = chunk.result()
                if data is None:
                    return
                yield data
        finally:
            await _end(lost)


class _Desk:
    """Where the requests for one upload queue."""

    def __init__(self) -> None:
        self.lock: Final = asyncio.Lock()
        self.latest: Turn | None = None


class Turns:
    """The requests of one server for all its uploads."""

    def __init__(self) -> None:
        self._desks: WeakValueDictionary[str, _Desk] = WeakValueDictionary()

    @asynccontextmanager
    async def take(self, upload_id: str) -> AsyncIterator[Turn]:
        """Take over from an older request, once it has put down what it had in its hands."""
        desk = self._desks.setdefault(upload_id, _Desk())
        turn, older = Turn(), desk.latest
        desk.latest = turn
        if older is not None:
            older.lose()
        async with desk.lock:
            yield turn


async def _end(waiting: asyncio.Future[Any]) -> None:
    """Cancel what is not done, and see it end."""
    if not waiting.done():
        waiting.cancel()
        await asyncio.wait({waiting})
