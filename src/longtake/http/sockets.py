"""Event streams over a WebSocket, for those who cannot read server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from fastapi import WebSocket, WebSocketDisconnect, status
from fastapi.sse import ServerSentEvent


async def send_events(socket: WebSocket, events: AsyncIterator[ServerSentEvent]) -> None:
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
    with suppress(RuntimeError):  # it is closed already when the client left
        await socket.close(status.WS_1012_SERVICE_RESTART)


async def _send(socket: WebSocket, events: AsyncIterator[ServerSentEvent]) -> None:
    async for event in events:
        await socket.send_json({"event": event.event, "id": event.id, "data": event.data})


async def _until_it_leaves(socket: WebSocket) -> None:
    """Read and ignore what the client says: only so is its going away noticed."""
    with suppress(WebSocketDisconnect):
        while True:
            await socket.receive_text()
