"""Answers that break on the way: what is wrong is the delivery, whatever the API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from standin.wire import Connection

BEFORE = frozenset({"reset", "hang", "short-body", "truncated"})
"""Faults in place of any answer."""
MIDWAY = frozenset({"reset-mid", "hang-mid", "truncated-mid", "ends-early"})
"""Faults after the second piece of a stream."""
_FOREVER = 3600.0


async def break_off(connection: Connection, fault: str) -> None:
    """Spoil an answer before anything useful of it was sent."""
    match fault:
        case "reset":
            connection.reset()
        case "hang":
            await asyncio.sleep(_FOREVER)
        case "short-body":
            await connection.send_head(200, {"Content-Type": "application/json", "Content-Length": "5000"})
            await connection.raw(b'{"candidates": [')
            connection.close()
        case "truncated":
            await connection.answer(200, b'{"candidates": [{"content": {"par')
        case _:
            raise ValueError(f"no such fault: {fault}")


async def send_pieces(connection: Connection, pieces: AsyncIterator[object], fault: str | None) -> bool:
    """Send the events of a stream; tell whether all were sent and it may be ended well."""
    count = 0
    async for piece in pieces:
        if count == 2 and fault in MIDWAY:
            await _spoil(connection, fault)
            return False
        await connection.event(piece)
        count += 1
    return True


async def _spoil(connection: Connection, fault: str) -> None:
    match fault:
        case "reset-mid":
            connection.reset()
        case "hang-mid":
            await asyncio.sleep(_FOREVER)
        case "truncated-mid":
            await connection.chunk(b'data: {"candidates": [{"content": {"pa\r\n\r\n')
            await connection.end_events()
        case "ends-early":
            await connection.end_events()
