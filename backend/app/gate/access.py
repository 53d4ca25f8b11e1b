"""Who may come in when a token is set: scripts by a bearer header, a browser by a one-time link and a cookie."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator
from http import HTTPStatus

from starlette.types import Scope, Send

from app.gate.launching import LaunchCodes
from app.gate.refusal import Refusal

_PAGE = re.compile(r"/(?:jobs/[0-9a-z]{26})?")
"""Where a link may lead: the page, or a job on it."""


class Access:
    """The rule for the token. Compares bytes in constant time: any byte may come in a header."""

    def __init__(self, token: str, codes: LaunchCodes) -> None:
        self._token = token.encode()
        self._codes = codes
        self._cookie = hmac.digest(self._token, b"longtake-compare cookie", "sha256").hex().encode()

    def refusal(self, scope: Scope, port: int | None) -> Refusal | None:
        """Say why a request may not pass; None when it brings the token or the cookie."""
        if self._has_token(scope) or self._has_cookie(scope, port):
            return None
        return Refusal(
            HTTPStatus.UNAUTHORIZED,
            "This server asks for its token: in a browser, open the link it printed when it started (it works once), "
            "or one that 'longtake-compare open' prints on its computer; "
            "in a script, send the header 'Authorization: Bearer' with the token.",
            ((b"www-authenticate", b"Bearer"),),
        )

    def launches(self, scope: Scope) -> bool:
        """Whether the request comes by a launch link whose code is good; the code is spent by this."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _PAGE.fullmatch(scope["path"]):
            return False
        name, _, code = scope["query_string"].partition(b"=")
        return name == b"launch" and self._codes.spend(code)

    async def welcome(self, scope: Scope, send: Send, port: int | None) -> None:
        """Give the browser its cookie and lead it to the same page, away from the address with the code."""
        secure = b"; Secure" if scope.get("scheme") == "https" else b""
        cookie = _cookie_name(port) + b"=" + self._cookie + b"; Path=/; HttpOnly; SameSite=Strict" + secure
        headers = [(b"location", scope["path"].encode()), (b"set-cookie", cookie), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": HTTPStatus.SEE_OTHER.value, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def _has_token(self, scope: Scope) -> bool:
        given = [value for key, value in scope["headers"] if key == b"authorization"]
        if len(given) != 1:
            return False
        scheme, _, token = given[0].partition(b" ")
        return scheme.lower() == b"bearer" and hmac.compare_digest(token.strip(), self._token)

    def _has_cookie(self, scope: Scope, port: int | None) -> bool:
        name = _cookie_name(port)
        return any(key == name and hmac.compare_digest(value, self._cookie) for key, value in _cookies(scope))


def _cookie_name(port: int | None) -> bytes:
    """Named by the port: browsers share the cookies of one host among all its ports."""
    return b"longtake_compare_" + str(port or 0).encode()


def _cookies(scope: Scope) -> Iterator[tuple[bytes, bytes]]:
    for key, line in scope["headers"]:
        if key == b"cookie":
            for pair in line.split(b";"):
                name, _, value = pair.partition(b"=")
                yield name.strip(), value.strip()
