"""Event streams over a WebSocket, for those who cannot read server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

from fastapi import WebSocket, WebSocketDisconnect, status

from longtake.feed import Subscription
from longtake.http.streams import Event


async def send_events(socket: WebSocket, changes: Subscription, events: AsyncGenerator[Event]) -> None:
    """Send each event as one JSON message until the stream ends or the client goes away."""
    await socket.accept()
    sending = asyncio.ensure_future(_send(socket, events))
    leaving = asyncio.ensure_future(_until_it_leaves(socket))
    try:
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for part in (sending, leaving):
            part.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)
    with suppress(RuntimeError, WebSocketDisconnect):  # the client has left, before or just now
        is_to_come_back = changes.closed
        await socket.close(status.WS_1012_SERVICE_RESTART if is_to_come_back else status.WS_1000_NORMAL_CLOSURE)


async def _send(socket: WebSocket, events: AsyncGenerator[Event]) -> None:
    async with aclosing(events):
        async for event in events:
            await socket.send_text(f'{{"event": "{event.name}", "id": "{event.id}", "data": {event.data}}}')


async def _until_it_leaves(socket: WebSocket) -> None:
    """Read and ignore what the client says: only so is its going away noticed."""
    with suppress(WebSocketDisconnect):
        while True:
            await socket.receive_text()
