"""Which names the server answers to, and from which pages it takes requests.

A page that another site serves can make its own name point to this computer (DNS rebinding), or simply send requests
here (cross-site request forgery). The first is told by the Host header, the second by Origin and Sec-Fetch-Site, all
three of which a page cannot forge. A script sends none of the latter two, and needs none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus

from starlette.types import Scope

from app.gate.refusal import Refusal
from app.settings import Settings, is_loopback

_AUTHORITY = re.compile(rb"(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::([0-9]{1,5}))?")
_THIS_COMPUTER = ("127.0.0.1", "localhost", "[::1]")
_READING = ("GET", "HEAD")


class Origins:
    """The rules for Host, Origin and Sec-Fetch-Site."""

    def __init__(self, settings: Settings) -> None:
        loopback = (settings.host,) if is_loopback(settings.host) else ()
        self._names = frozenset(name.encode() for name in (*_THIS_COMPUTER, *loopback, *settings.allowed_hosts))
        self._port = settings.port

    def bound_port(self, scope: Scope) -> int | None:
        """The port the request came in by; None on a Unix socket."""
        server = scope.get("server")
        return server[1] if server else self._port

    def refusal(self, scope: Scope) -> Refusal | None:
        """Say why a request may not pass; None when it may."""
        hosts = _values(scope, b"host")
        if len(hosts) != 1 or not self._is_ours(hosts[0], self.bound_port(scope)):
            return Refusal(
                HTTPStatus.MISDIRECTED_REQUEST,
                "This server does not answer to that name: use http://127.0.0.1 with its port, "
                "or add the name to LONGTAKE_COMPARE_ALLOWED_HOSTS and start it again.",
            )
        if not _same_origin(_values(scope, b"origin"), hosts[0], scope) or not _same_site(scope):
            return Refusal(
                HTTPStatus.FORBIDDEN,
                "A page of another site asked for this: only this server's own page and scripts may.",
            )
        return None

    def _is_ours(self, host: bytes, bound_port: int | None) -> bool:
        host = host.lower()
        if host in self._names:
            return True
        match = _AUTHORITY.fullmatch(host)
        if match is None or match[1] not in self._names or match[2] is None:
            return False
        return bound_port is None or match[2] == str(bound_port).encode()


def _same_origin(origins: Sequence[bytes], host: bytes, scope: Scope) -> bool:
    """Whether Origin, if present, is the very address that was asked; that address is ours already.

    https is always among the schemes: a proxy in front may have ended the encryption.
    """
    if not origins:
        return True
    plain = scope.get("scheme", "http") in {"http", "ws"}
    schemes = (b"http", b"https") if plain else (b"https",)
    return len(origins) == 1 and origins[0].lower() in {scheme + b"://" + host.lower() for scheme in schemes}


def _same_site(scope: Scope) -> bool:
    """Whether the browser, if it says, calls the request our own, or a person's.

    A link on another site may lead here: a person's click that opens a page, and reading changes nothing.
    """
    if all(site in {b"same-origin", b"none"} for site in _values(scope, b"sec-fetch-site")):
        return True
    is_reading = scope["type"] == "http" and scope["method"] in _READING
    opens_page = [*_values(scope, b"sec-fetch-mode"), *_values(scope, b"sec-fetch-dest")] == [b"navigate", b"document"]
    return is_reading and opens_page


def _values(scope: Scope, name: bytes) -> list[bytes]:
    return [value for key, value in scope["headers"] if key == name]
