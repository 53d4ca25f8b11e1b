"""How large the body of a request may be, and how slow: told by what it announces, and while it comes."""

from __future__ import annotations

import asyncio
from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import NoReturn

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.gate.refusal import Refusal
from app.settings import Settings

UPLOAD_PATHS = ("/api/videos", "/api/uploads/*")
"""Where the bytes of a video may be sent; everywhere else a body is a small JSON document."""
SMALL_BYTES = 1_000_000
WINDOW_SECONDS = 30.0
LEAST_BYTES = 16_384
"""Every so many seconds of waiting for a body must bring so many bytes of it, or its end."""
_LONGEST_NUMBER = 19


class BodyLimit:
    """Runs an app with limits on the body; the same answer whatever the app makes of the interruption."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._max_upload_bytes = settings.max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413 or 408."""
        is_upload = any(fnmatchcase(scope["path"], path) for path in UPLOAD_PATHS)
        shown = self._max_upload_bytes if is_upload else SMALL_BYTES
        limit = shown + SMALL_BYTES if is_upload else shown  # a multipart body holds more than the file
        too_large = _too_large(shown)
        if _announced(scope) > limit:
            await too_large.answer(scope, send)
            return
        request = _WatchedRequest(limit, too_large, receive, send, is_whole=scope["type"] != "http")
        try:
            await self._app(scope, request.receive, request.send)
        except Exception:
            if request.refusal is None or request.is_answered:
                raise
        if request.refusal is not None and not request.is_answered:
            await request.refusal.answer(scope, send)


class _Interrupted(HTTPException):
    """Interrupts the app's reading; an HTTPException, because frameworks let that pass."""


class _WatchedRequest:
    def __init__(self, limit: int, too_large: Refusal, receive: Receive, send: Send, *, is_whole: bool) -> None:
        self.refusal: Refusal | None = None
        self.is_answered = False
        self._too_large = too_large
        self._is_whole = is_whole
        self._left = limit
        self._receive = receive
        self._send = send
        self._waited = 0.0
        self._came = 0

    async def receive(self) -> Message:
        if self._is_whole:
            return await self._receive()
        message = await self._in_time()
        size = len(message.get("body", b""))
        self._is_whole = not message.get("more_body")
        self._left -= size
        self._came += size
        if self._left < 0:
            self._interrupt(self._too_large)
        if self._came >= LEAST_BYTES:
            self._waited, self._came = 0.0, 0
        return message

    async def send(self, message: Message) -> None:
        if self.refusal is not None and not self.is_answered:
            return
        self.is_answered = True
        await self._send(message)

    async def _in_time(self) -> Message:
        """The next message; only waiting counts, not what the app does between."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(WINDOW_SECONDS - self._waited):
                message = await self._receive()
        except TimeoutError:
            self._interrupt(_TOO_SLOW)
        self._waited += loop.time() - started
        return message

    def _interrupt(self, refusal: Refusal) -> NoReturn:
        self.refusal = refusal
        raise _Interrupted(refusal.status) from None


_TOO_SLOW = Refusal(
    HTTPStatus.REQUEST_TIMEOUT,
    "The body of the request came too slowly: send it again; an upload by /api/uploads goes on where it ended.",
    ((b"connection", b"close"),),
)


def _too_large(max_bytes: int) -> Refusal:
    return Refusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"The request is too large: at most {max_bytes / 1e6:g} MB may be sent here.",
        ((b"connection", b"close"),),
    )


def _announced(scope: Scope) -> int:
    """The largest Content-Length; 0 without one. The server has refused what is no number."""
    lengths = [value for key, value in scope["headers"] if key == b"content-length"]
    return max((int(value[:_LONGEST_NUMBER]) for value in lengths if value.isdigit()), default=0)
