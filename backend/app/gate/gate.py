"""One ASGI application around all others: nothing is reached but through here."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from app.gate.access import Access
from app.gate.answers import with_security_headers
from app.gate.body_limit import BodyLimit
from app.gate.launching import LaunchCodes
from app.gate.lingering import Lingering
from app.gate.origins import Origins
from app.settings import Settings


class Gate:
    """Refuses, in this order, what may not pass.

    421  the Host header is missing, doubled or not a name of ours
    403  another site's page asks
    401  a token is set and the request brings neither it nor the cookie
    413  the body is too large
    408  it comes too slowly

    WebSockets pass the same checks. Every answer gets the security headers.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._limited = BodyLimit(app, settings)
        self._origins = Origins(settings)
        self._access = Access(settings.token, LaunchCodes(settings.launch_codes)) if settings.token else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a refusal, or pass the request on."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        lingering = Lingering(scope, receive, send)
        receive, send = lingering.receive, with_security_headers(lingering.send)
        if refusal := self._origins.refusal(scope):
            await refusal.answer(scope, send)
        elif self._access:
            await self._with_access(self._access, scope, receive, send)
        else:
            await self._limited(scope, receive, send)

    async def _with_access(self, access: Access, scope: Scope, receive: Receive, send: Send) -> None:
        port = self._origins.bound_port(scope)
        if access.launches(scope):
            await access.welcome(scope, send, port)
        elif refusal := access.refusal(scope, port):
            await refusal.answer(scope, send)
        else:
            await self._limited(scope, receive, send)
