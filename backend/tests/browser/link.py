"""The way between a browser and the server, which a test can cut or let go dead; it also counts event streams."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

T = TypeVar("T")

_PIECE = 64 * 1024
_STREAM = b"GET /api/events"


class Link:
    """A TCP proxy on a port of its own; `target` is the server's port, once there is one."""

    def __init__(self) -> None:
        self.target = 0
        self.uploaded = 0
        """Bytes that browsers sent to the server."""
        self._silent_after: int | None = None
        self._carries = True
        self._wires: dict[asyncio.Task[None], _Wire] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._listener = self._do(asyncio.start_server(self._connect, "127.0.0.1", 0))
        self.port: int = self._listener.sockets[0].getsockname()[1]

    def streams(self) -> int:
        """How many event streams are open."""
        return sum(wire.is_stream for wire in [*self._wires.values()])

    def silence(self) -> None:
        """Forward nothing more and close nothing, as when a laptop has left its network."""
        self._carries = False
        for wire in [*self._wires.values()]:
            wire.is_dead = True

    def silence_after(self, uploaded: int) -> None:
        """Go silent as soon as browsers have sent so many bytes in all."""
        self._silent_after = uploaded

    @property
    def is_silent(self) -> bool:
        """Whether it forwards nothing."""
        return not self._carries

    def restore(self) -> None:
        """Carry new connections again; those that went silent stay dead."""
        self._silent_after = None
        self._carries = True

    def cut(self) -> None:
        """Close every connection."""
        self._do(self._cut())

    def close(self) -> None:
        """End it."""
        self._listener.close()
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def count(self, sent: int) -> None:
        """Take note of bytes that a browser sent."""
        self.uploaded += sent
        if self._silent_after is not None and self.uploaded > self._silent_after:
            self.silence()

    def _do(self, action: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(action, self._loop).result(20)

    async def _cut(self) -> None:
        tasks = [*self._wires]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._wires[task] = wire = _Wire(self, is_dead=not self._carries)
        try:
            with suppress(OSError, asyncio.CancelledError):
                await wire.carry(reader, writer)
        finally:
            del self._wires[task]
            writer.close()


class _Wire:
    """One connection."""

    def __init__(self, link: Link, *, is_dead: bool) -> None:
        self._link = link
        self.is_dead = is_dead
        self.is_stream = False

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward both ways until either side is at its end."""
        if self.is_dead:
            await _dead_air()
            return
        answers, server = await asyncio.open_connection("127.0.0.1", self._link.target)
        ways = {
            asyncio.ensure_future(self._forward(reader, server, is_up=True)),
            asyncio.ensure_future(self._forward(answers, writer, is_up=False)),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            server.close()
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_up: bool) -> None:
        while piece := await reader.read(_PIECE):
            if is_up:
                self._link.count(len(piece))
                self.is_stream = piece.startswith(_STREAM)
            if self.is_dead:
                await _dead_air()
                return
            writer.write(piece)
            await writer.drain()


async def _dead_air() -> None:
    """What a dead network does: the sender fills its buffers and hears nothing, not even that the other has gone."""
    await asyncio.Event().wait()


@contextmanager
def open_link() -> Iterator[Link]:
    """A link; closed afterwards."""
    link = Link()
    try:
        yield link
    finally:
        link.close()
