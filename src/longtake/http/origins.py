"""Refuses what the page of another site asks for.

A page can make its own name point to this computer (DNS rebinding), or simply send requests here (cross-site request
forgery). The first is told by the Host header; the second by Sec-Fetch-Site and Origin, by the rules of Go's
net/http.CrossOriginProtection. A page cannot forge the three; programs send none of the latter two and need neither.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

from fastapi import HTTPException, WebSocketException
from fastapi.requests import HTTPConnection

ANY = "*"
_READING = ("GET", "HEAD", "OPTIONS")
_POLICY_VIOLATION = 1008
_FOREIGN_NAME = "This server does not answer to that name: the app has to name it in origins=, as https://its.name."
_FOREIGN_PAGE = "A page of another site asked for this: only this server's own page, programs and origins= may."


class Refused(HTTPException):
    """The request is not for this server, or another site's page sent it."""


class OwnPagesOnly:
    """Let pass what programs, the server's own pages and those of the origins ask; a WebSocket counts as a change.

    Raises:
        ValueError: what is named is no origin.
    """

    def __init__(self, origins: Iterable[str] = ()) -> None:
        self._origins = {_origin(text) for text in origins}
        self._names = {urlsplit(origin).hostname for origin in self._origins}

    async def __call__(self, connection: HTTPConnection) -> None:
        """Pass it, or raise Refused or WebSocketException."""
        if ANY in self._origins:
            return
        hosts = connection.headers.getlist("host")
        if len(hosts) != 1 or not self._answers_to(hosts[0]):
            _refuse(connection, HTTPStatus.MISDIRECTED_REQUEST, _FOREIGN_NAME)
        if not (_reads(connection) or self._may_send(connection, hosts[0])):
            _refuse(connection, HTTPStatus.FORBIDDEN, _FOREIGN_PAGE)

    def _answers_to(self, host: str) -> bool:
        """A name without a dot, or below .localhost, is nobody's to buy; an address is not looked up."""
        name = _split(f"//{host}").hostname
        if not name:
            return False
        return name in self._names or "." not in name or name.endswith(".localhost") or _is_address(name)

    def _may_send(self, connection: HTTPConnection, host: str) -> bool:
        origin = connection.headers.get("origin")
        if origin is not None and origin.lower() in self._origins:
            return True
        site = connection.headers.get("sec-fetch-site")
        if site is not None:
            return site in {"same-origin", "none"}
        return origin is None or _split(origin).netloc.lower() == host.lower()


def _reads(connection: HTTPConnection) -> bool:
    return connection.scope["type"] != "websocket" and connection.scope["method"] in _READING


def _refuse(connection: HTTPConnection, status: HTTPStatus, why: str) -> None:
    is_socket = connection.scope["type"] == "websocket"
    raise WebSocketException(_POLICY_VIOLATION, why) if is_socket else Refused(status, why)


def _origin(text: str) -> str:
    origin, parts = text.lower().rstrip("/"), _split(text)
    if origin == ANY or (parts.hostname and origin == f"{parts.scheme}://{parts.netloc}".lower()):
        return origin
    raise ValueError(f"{text!r} is no origin: write it as https://jobs.example.com, with the port where it has one.")


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
