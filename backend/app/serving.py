"""`longtake-compare up`: the server, from start to a clear last word."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import time
import webbrowser
from dataclasses import replace

import uvicorn
from rich.console import Console

from app import jobs
from app.links import has_screen, link_to
from app.main import create_app
from app.patience import PatientProtocol
from app.presence import Running, announced
from app.settings import Settings, SettingsError, check_bind
from longtake import JobStatus

PORTS_TO_TRY = 50


def serve(*, port_is_fixed: bool, open_browser: bool, console: Console) -> None:
    """Serve until Ctrl-C. Raises SettingsError when it cannot start."""
    check_bind(jobs.settings)
    asyncio.run(jobs.videos.prepare())  # what the disk refuses is told before anything is promised
    listener = _listen(jobs.settings, port_is_fixed=port_is_fixed)
    settings = replace(jobs.settings, port=listener.getsockname()[1])
    config = uvicorn.Config(
        create_app(settings),
        http=PatientProtocol,
        log_level="warning",
        timeout_graceful_shutdown=2,
        server_header=False,
        proxy_headers=False,
    )
    this = Running(address=_address(settings), asks_for_token=settings.token is not None, started_at=time.time())
    server = _Server(config, settings, this, console, open_browser=open_browser)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    if server.started:
        _say_what_goes_on(console)


class _Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(
        self, config: uvicorn.Config, settings: Settings, this: Running, console: Console, *, open_browser: bool
    ) -> None:
        super().__init__(config)
        self._settings = settings
        self._this = this
        self._console = console
        self._open_browser = open_browser

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve, and let other programs know where."""
        with announced(self._settings.running_servers, self._this):
            await super().serve(sockets=sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell the address."""
        await super().startup(sockets=sockets)
        if self.should_exit:
            return
        link = link_to(self._this, self._settings)
        self._introduce(link)
        if self._open_browser and has_screen():
            await asyncio.to_thread(webbrowser.open, link)

    def _introduce(self, link: str) -> None:
        settings, say = self._settings, self._console.print
        keys = ", ".join(settings.keys_present) or "none (the local models need none)"
        say(f"[bold]Longtake Compare[/bold] is ready: [link]{link}[/link]")
        if jobs.settings.port not in {0, settings.port}:
            say(f"  Port {jobs.settings.port} is taken: this is {settings.port}.", highlight=False)
        say(f"  jobs and videos in {settings.data_dir}; keys: {keys}", highlight=False, markup=False)
        if settings.token:
            say("  The link works once. For another browser: longtake-compare open")
        say("  Ctrl-C stops the server; jobs go on.")


def _listen(settings: Settings, *, port_is_fixed: bool) -> socket.socket:
    host = settings.host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    last = settings.port if port_is_fixed or settings.port == 0 else settings.port + PORTS_TO_TRY
    for port in range(settings.port, min(last, 65535) + 1):
        # Saying TCP aloud makes asyncio send small answers at once (TCP_NODELAY): 45 ms less for each.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            listener.close()
            reason = error.strerror
            if error.errno != errno.EADDRINUSE:
                break
        else:
            return listener
    raise SettingsError(f"Cannot listen on {settings.host} port {settings.port}: {reason}. Choose another with --port.")


def _address(settings: Settings) -> str:
    """Where a browser on this computer finds the server."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host.strip("[]"), settings.host.strip("[]"))  # noqa: S104
    return f"http://[{host}]:{settings.port}/" if ":" in host else f"http://{host}:{settings.port}/"


def _say_what_goes_on(console: Console) -> None:
    counts = asyncio.run(jobs.job_queue.counts())
    unfinished = counts[JobStatus.PENDING] + counts[JobStatus.RUNNING]
    if not unfinished:
        console.print("\nServer stopped. No job is unfinished.")
        return
    noun = "job goes" if unfinished == 1 else "jobs go"
    console.print(f"\nServer stopped. {unfinished} {noun} on in the background; the next start shows them.")
    console.print("To stop them too: [bold]longtake-compare stop[/bold] (they continue at the next start).")
