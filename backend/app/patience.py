"""HTTP/1.1 that does not wait for ever: without this, clients that send nothing, or very little, could fill the server.

How slowly a body may come is for the gate (`app.gate.body_limit`), which knows what it is for.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""For the first line and the headers of a request, from its first byte; or from the connection, for the first one."""
MOST_CONNECTIONS = 500
"""Each takes a descriptor; systems allow about 1,000."""


class PatientProtocol(H11Protocol):
    """One connection."""

    _deadline: asyncio.TimerHandle | None = None
    _has_begun = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take the connection, unless there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "Too many connections are open: close some of them.")
            return
        self._watch_the_head()

    def data_received(self, data: bytes) -> None:
        """Take bytes."""
        self._has_begun = True
        super().data_received(data)
        self._watch_the_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_watching()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Keep the connection for the next request: how long it may stay unused is uvicorn's to say."""
        self._has_begun = False
        super().on_response_complete()

    def _watch_the_head(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop_watching()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self._head_is_late)

    def _stop_watching(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _head_is_late(self) -> None:
        self._deadline = None
        if self.transport.is_closing() or self.conn.their_state is not h11.IDLE:
            return
        if self._has_begun:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, f"The request did not come within {HEAD_SECONDS:g} seconds.")
        else:
            self.transport.close()  # browsers open connections that they may never use

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        document = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
        body = json.dumps(document).encode()
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: application/problem+json\r\n"
        head += f"content-length: {len(body)}\r\nretry-after: 10\r\nconnection: close\r\n\r\n"
        self.transport.write(head.encode() + body)
        self.transport.close()
