"""HTTP/1.1 by hand, because a stand-in must also be able to break it."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes

    @property
    def key(self) -> str:
        """The key it came with; empty without one."""
        bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
        return self.headers.get("x-goog-api-key", self.query.get("key", bearer))

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty without one."""
        return dict(json.loads(self.body)) if self.body else {}


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """Read the next request of a connection; None when the client has closed it."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *rest = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in rest) if name}
    url = urlsplit(target)
    return Request(method, unquote(url.path), dict(parse_qsl(url.query)), headers, await _body(reader, headers))


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(headers.get("content-length", 0)))
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


class Connection:
    """The way back to the client, in whole answers, in streams, or in pieces that fit nothing."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self.broken = False

    async def answer(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        """Send a whole answer; bytes go as they are, all else as JSON."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = "text/html" if data.startswith(b"<") else "application/json"
        await self.send_head(status, {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})})
        await self._send(data)

    async def send_head(self, status: int, headers: Mapping[str, str]) -> None:
        """Send the status line and headers alone."""
        lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in headers.items())]
        await self._send("\r\n".join([*lines, "", ""]).encode())

    async def begin_events(self) -> None:
        """Begin a stream of server-sent events."""
        await self.send_head(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})

    async def event(self, data: object, name: str | None = None) -> None:
        """Send one event; a string goes as it is, all else as JSON."""
        text = data if isinstance(data, str) else json.dumps(data)
        await self.chunk((f"event: {name}\r\n" if name else "").encode() + f"data: {text}\r\n\r\n".encode())

    async def chunk(self, data: bytes) -> None:
        """Send one chunk of a stream."""
        await self._send(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    async def end_events(self) -> None:
        """End a stream properly."""
        await self._send(b"0\r\n\r\n")

    async def raw(self, data: bytes) -> None:
        """Send bytes that need not be HTTP."""
        await self._send(data)

    def close(self) -> None:
        """Close without another word."""
        self.broken = True
        self._writer.close()

    def reset(self) -> None:
        """Break the connection off with a TCP reset."""
        self.broken = True
        self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def _send(self, data: bytes) -> None:
        if self._writer.is_closing():
            self.broken = True
            raise ConnectionResetError
        self._writer.write(data)
        await self._writer.drain()
