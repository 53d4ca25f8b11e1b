"""An answer that does not end: server-sent events (HTML standard, section 9.2)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

from fastapi.responses import StreamingResponse

from longtake.feed import Feed, Subscription
from longtake.http.streams import Event

_RETRY = 1000
"""Milliseconds after which a browser that lost its stream asks again."""


class EventStream(StreamingResponse):
    """Subscribes when the answer begins; whatever ends it, nothing is left over and nobody is told of an error.

    FastAPI's own server-sent events pump through tasks of their own, which complain when the client vanishes.
    """

    media_type = "text/event-stream"

    def __init__(self, feed: Feed, job_id: str | None, events: Callable[[Subscription], AsyncGenerator[Event]]) -> None:
        super().__init__(_encoded(_nothing()), headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
        self._feed = feed
        self._job_id = job_id
        self._events = events

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send the events until they end or the client goes away."""
        with self._feed.subscribe(self._job_id) as changes:
            async with aclosing(_encoded(self._events(changes))) as self.body_iterator:
                await super().__call__(scope, receive, send)


async def _encoded(events: AsyncGenerator[Event]) -> AsyncGenerator[bytes]:
    async with aclosing(events):
        async for event in events:
            yield f"event: {event.name}\ndata: {event.data}\nid: {event.id}\nretry: {_RETRY}\n\n".encode()


async def _nothing() -> AsyncGenerator[Event]:
    return
    yield
