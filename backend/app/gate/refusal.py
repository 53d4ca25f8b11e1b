"""A request that goes no further: a problem document (RFC 9457) that says what to do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus

from starlette.types import Scope, Send

_POLICY_VIOLATION = 1008
_LONGEST_CLOSE_REASON = 123


@dataclass(frozen=True)
class Refusal:
    """Why a request is refused, in a sentence a person can act on."""

    status: HTTPStatus
    detail: str
    headers: tuple[tuple[bytes, bytes], ...] = ()

    async def answer(self, scope: Scope, send: Send) -> None:
        """Send it: as an HTTP answer, or by closing the WebSocket before it opens (the client sees 403)."""
        if scope["type"] == "websocket":
            reason = self.detail[:_LONGEST_CLOSE_REASON]
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": reason})
            return
        document = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
        }
        body = json.dumps(document).encode()
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            *self.headers,
        ]
        await send({"type": "http.response.start", "status": self.status.value, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
