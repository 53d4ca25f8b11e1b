"""The example app as it is behind a proxy that serves it below /tools and passes on what follows."""

from __future__ import annotations

import dashboard_app
from starlette.types import Receive, Scope, Send

PREFIX = "/tools"


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Do the proxy's work, and the app's."""
    if scope["type"] != "lifespan":
        scope = {**scope, "path": scope["path"].removeprefix(PREFIX), "root_path": PREFIX}
    await dashboard_app.app(scope, receive, send)
