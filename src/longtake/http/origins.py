"""Refuses what the page of another site asks for.

The rules are those of Go's net/http.CrossOriginProtection: a browser says with each request which site asked, and a
page cannot forge it; programs say nothing and need nothing.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import HTTPException, WebSocketException
from fastapi.requests import HTTPConnection

_READING = ("GET", "HEAD", "OPTIONS")
_POLICY_VIOLATION = 1008
_REFUSAL = "A page of another site asked for this: only this server's own page and programs may."


async def own_page_only(connection: HTTPConnection) -> None:
    """Let pass what reads, and what no other site's page sent; a WebSocket counts as a change.

    Raises HTTPException (403) or WebSocketException.
    """
    is_socket = connection.scope["type"] == "websocket"
    if (not is_socket and connection.scope["method"] in _READING) or _is_own(connection):
        return
    raise WebSocketException(_POLICY_VIOLATION, _REFUSAL) if is_socket else HTTPException(403, _REFUSAL)


def _is_own(connection: HTTPConnection) -> bool:
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = connection.headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == connection.headers.get("host", "").lower()
