"""Let a client that is still sending hear its answer.

A server that answers early and closes makes the client's system drop the answer with the connection: a page would tell
"network error" where the answer says that the video is too large. So the rest of the body is read, and thrown away,
before the answer ends (other servers call it lingering close).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.types import Message, Receive, Scope, Send

LONGEST_SECONDS = 30.0
_BODY_HEADERS = {b"content-length", b"transfer-encoding"}


class Lingering:
    """One request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._unread = _sends_body(scope)

    async def receive(self) -> Message:
        """Pass a message on, and see whether it was the last of the body."""
        message = await self._receive()
        if not message.get("more_body"):
            self._unread = False
        return message

    async def send(self, message: Message) -> None:
        """Pass a message on; before the last, read what is still coming."""
        is_last = message["type"] == "http.response.body" and not message.get("more_body")
        if is_last and self._unread:
            await self._send({**message, "more_body": True})
            await self._read_rest()
            message = {"type": "http.response.body", "body": b""}
        await self._send(message)

    async def _read_rest(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_SECONDS):
                while self._unread:
                    await self.receive()


def _sends_body(scope: Scope) -> bool:
    """Whether a body is on its way; a client that says Expect waits for our leave to send it."""
    headers = dict(scope["headers"])
    return scope["type"] == "http" and b"expect" not in headers and not headers.keys().isdisjoint(_BODY_HEADERS)
