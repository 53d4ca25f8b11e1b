"""Links to the page of a server that runs, and whether a browser could show it here."""

from __future__ import annotations

import os
import sys

from app.gate import LaunchCodes
from app.presence import Running
from app.settings import Settings


def link_to(server: Running, settings: Settings, path: str = "") -> str:
    """The address of a page, which lets a browser in where a token is set."""
    if not server.asks_for_token:
        return server.address + path
    return f"{server.address}{path}?launch={LaunchCodes(settings.launch_codes).issue()}"


def has_screen() -> bool:
    """Whether a browser could show a page here."""
    return sys.platform in {"darwin", "win32"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
