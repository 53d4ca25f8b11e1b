"""A small HTTP client that keeps its connection, so that what is measured is the server."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

PATIENCE = 15.0


class Client:
    """One connection to a server on this machine."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def ask(self, method: str, path: str) -> Any:
        """Send a request without a body; returns the JSON of the answer."""
        self._writer.write(f"{method} {path} HTTP/1.1\r\nHost: bench\r\nContent-Length: 0\r\n\r\n".encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        body = await self._reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 20"):
            raise ConnectionError(f"{method} {path}: {head.splitlines()[0]!r} {body[:200]!r}")
        return json.loads(body)

    async def lines(self, path: str) -> AsyncIterator[bytes]:
        """The lines of an answer that goes on; those that tell the size of a chunk are among them."""
        self._writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        while line := await self._reader.readline():
            yield line.strip()


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Client]:
    """A connection; waits until the server listens."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            break
        except OSError:
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.02)
    try:
        yield Client(reader, writer)
    finally:
        writer.close()


async def events(port: int, path: str) -> AsyncIterator[Any]:
    """The data of each server-sent event."""
    async with connected(port) as client:
        async for line in client.lines(path):
            if line.startswith(b"data:"):
                yield json.loads(line[5:])


async def many(port: int, path: str, requests: int, clients: int) -> list[float]:
    """Post so often, from so many connections at once; returns how many seconds each request took."""

    async def some() -> list[float]:
        async with connected(port) as client:
            times: list[float] = []
            for _ in range(requests // clients):
                begun = time.perf_counter()
                await client.ask("POST", path)
                times.append(time.perf_counter() - begun)
            return times

    return [time for times in await asyncio.gather(*(some() for _ in range(clients))) for time in times]
