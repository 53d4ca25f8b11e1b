"""What `open` does."""

from __future__ import annotations

import asyncio
import webbrowser

from app.cli.actions.finding import find_job
from app.cli.exits import Refused
from app.cli.printing import say
from app.jobs import settings
from app.links import has_screen, link_to
from app.presence import running


def open_running(beginning: str | None, *, browser: bool) -> None:
    """Print the link to the newest running server, and open it where there is a screen. Raises Refused."""
    servers = running(settings.running_servers)
    if not servers:
        raise Refused(f"No server runs on {settings.data_dir}: longtake-compare up starts one.")
    path = f"jobs/{asyncio.run(find_job(beginning)).id}" if beginning else ""
    link = link_to(servers[-1], settings, path)
    say(link)
    if browser and has_screen():
        webbrowser.open(link)
