"""`longtake-compare up`: the server, from start to a clear last word."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import webbrowser
from dataclasses import replace

import uvicorn
from rich.console import Console

from app import jobs
from app.gate import LaunchCodes
from app.main import create_app
from app.settings import Settings, SettingsError, check_bind
from longtake import JobStatus

PORTS_TO_TRY = 50


def serve(*, port_is_fixed: bool, open_browser: bool, console: Console) -> None:
    """Serve until Ctrl-C. Raises SettingsError when it cannot start."""
    check_bind(jobs.settings)
    listener = _listen(jobs.settings, port_is_fixed=port_is_fixed)
    settings = replace(jobs.settings, port=listener.getsockname()[1])
    codes = LaunchCodes()
    config = uvicorn.Config(
        create_app(settings, codes),
        log_level="warning",
        timeout_graceful_shutdown=2,
        server_header=False,
        proxy_headers=False,
    )
    server = _Server(config, _address(settings, codes), console, open_browser=open_browser)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    if server.started:
        _say_what_goes_on(console)


class _Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, address: str, console: Console, *, open_browser: bool) -> None:
        super().__init__(config)
        self._address = address
        self._console = console
        self._open_browser = open_browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell the address."""
        await super().startup(sockets=sockets)
        if self.should_exit:
            return
        keys = ", ".join(jobs.settings.keys_present) or "none (the local models need none)"
        self._console.print(f"[bold]Longtake Compare[/bold] is ready: [link]{self._address}[/link]")
        self._console.print(f"  jobs and videos in {jobs.settings.data_dir}; keys: {keys}", highlight=False)
        self._console.print("  Ctrl-C stops the server; jobs go on.")
        if self._open_browser and _has_screen():
            await asyncio.to_thread(webbrowser.open, self._address)


def _listen(settings: Settings, *, port_is_fixed: bool) -> socket.socket:
    host = settings.host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    last = settings.port if port_is_fixed or settings.port == 0 else settings.port + PORTS_TO_TRY
    for port in range(settings.port, min(last, 65535) + 1):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            listener.close()
            reason = error.strerror
            continue
        return listener
    raise SettingsError(f"Cannot listen on {settings.host} port {settings.port}: {reason}. Choose another with --port.")


def _address(settings: Settings, codes: LaunchCodes) -> str:
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 (compared, not bound)
    base = f"http://{host}:{settings.port}/"
    return f"{base}?launch={codes.issue()}" if settings.token else base


def _has_screen() -> bool:
    return sys.platform in {"darwin", "win32"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _say_what_goes_on(console: Console) -> None:
    counts = asyncio.run(jobs.job_queue.counts())
    unfinished = counts[JobStatus.PENDING] + counts[JobStatus.RUNNING]
    if not unfinished:
        console.print("\nServer stopped. No job is unfinished.")
        return
    noun = "job goes" if unfinished == 1 else "jobs go"
    console.print(f"\nServer stopped. {unfinished} {noun} on in the background; the next start shows them.")
    console.print("To stop them too: [bold]longtake-compare stop[/bold] (they continue at the next start).")
