"""Run the stand-in beside a test: in a thread with an event loop of its own."""

from __future__ import annotations

import asyncio
import threading
from types import TracebackType
from typing import Any, Self

import httpx2

from standin.server import Server

_PATIENCE = 10.0


class StandIn:
    """A running stand-in; a context manager."""

    address: str

    def __enter__(self) -> Self:
        """Start it; `address` is known then."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = Server()
        self.address = asyncio.run_coroutine_threadsafe(self._server.start(), self._loop).result(_PATIENCE)
        # Without certificates: they take long to load, and there is nothing here to verify.
        self._http = httpx2.Client(base_url=self.address, timeout=_PATIENCE, trust_env=False, verify=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it, whatever is under way."""
        self._http.close()
        asyncio.run_coroutine_threadsafe(self._server.stop(), self._loop).result(_PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        self._loop.close()

    def control(self, **wishes: Any) -> None:
        """Change its settings, or order a fault: `fault`, `on`, `times`."""
        self._http.post("/_control", json=wishes).raise_for_status()

    def lose_files(self) -> None:
        """Make it forget every uploaded file."""
        self._http.post("/_lose-files").raise_for_status()

    def forget_interactions(self) -> None:
        """Make it forget every interaction."""
        self._http.post("/_forget-interactions").raise_for_status()

    def stored_hashes(self) -> list[str]:
        """SHA-256 of every uploaded file that it holds."""
        files = self._http.get("/v1beta/files", headers={"x-goog-api-key": "own"}).json()["files"]
        return [file["sha256Hash"] for file in files]

    def log(self) -> dict[str, Any]:
        """What it was asked and what it would charge."""
        answer = self._http.get("/_log")
        answer.raise_for_status()
        return dict(answer.json())

    def paid(self) -> int:
        """How many calls it would charge."""
        return len(self.log()["paid"])

    def seen(self, api: str) -> list[dict[str, Any]]:
        """The requests to one part of it, such as `files.start`."""
        return [request for request in self.log()["requests"] if request["api"] == api]
