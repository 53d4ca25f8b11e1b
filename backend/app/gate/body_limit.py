"""How large the body of a request may be: refused by what it announces, and while it is counted."""

from __future__ import annotations

from fnmatch import fnmatchcase
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.gate.refusal import Refusal
from app.settings import Settings

UPLOAD_PATHS = ("/api/videos", "/api/uploads/*")
"""Where the bytes of a video may be sent; everywhere else a body is a small JSON document."""
SMALL_BYTES = 1_000_000
_LONGEST_NUMBER = 19


class BodyLimit:
    """Runs an app with a limit on the body; the same answer whatever the app makes of the interruption."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._max_upload_bytes = settings.max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413."""
        is_upload = any(fnmatchcase(scope["path"], path) for path in UPLOAD_PATHS)
        shown = self._max_upload_bytes if is_upload else SMALL_BYTES
        limit = shown + SMALL_BYTES if is_upload else shown  # a multipart body holds more than the file
        refusal = _refusal(shown)
        if _announced(scope) > limit:
            await refusal.answer(scope, send)
            return
        request = _CountedRequest(limit, receive, send)
        try:
            await self._app(scope, request.receive, request.send)
        except Exception:
            if not request.is_too_large or request.is_answered:
                raise
        if request.is_too_large and not request.is_answered:
            await refusal.answer(scope, send)


class _TooLarge(HTTPException):
    """Interrupts the app's reading; an HTTPException, because frameworks let that pass."""


class _CountedRequest:
    def __init__(self, limit: int, receive: Receive, send: Send) -> None:
        self.is_too_large = False
        self.is_answered = False
        self._left = limit
        self._receive = receive
        self._send = send

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.is_too_large = True
            raise _TooLarge(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    async def send(self, message: Message) -> None:
        if self.is_too_large and not self.is_answered:
            return
        self.is_answered = True
        await self._send(message)


def _refusal(max_bytes: int) -> Refusal:
    return Refusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"The request is too large: at most {max_bytes / 1e6:g} MB may be sent here.",
        ((b"connection", b"close"),),
    )


def _announced(scope: Scope) -> int:
    """The largest Content-Length; 0 without one. The server has refused what is no number."""
    lengths = [value for key, value in scope["headers"] if key == b"content-length"]
    return max((int(value[:_LONGEST_NUMBER]) for value in lengths if value.isdigit()), default=0)
