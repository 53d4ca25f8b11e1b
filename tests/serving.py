"""A real server with the job API, and clients for it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
from support import TESTS, Place, eventually

UNKNOWN = "0" * 26


class Server:
    """The server process and a client for it."""

    def __init__(self, place: Place, folder: Path) -> None:
        port_file = folder / "port"
        command = [sys.executable, str(TESTS / "handlers_server.py"), str(port_file)]
        self.log = folder / "server.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, env=os.environ | place.environment, stdout=log, stderr=log)
        port = eventually(lambda: port_file.read_text() if port_file.exists() else "")
        self.port = int(port)
        self.http = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=10)
        self.place = place
        self.queue = place.queue()

    def submit(self, kind: str, **args: Any) -> str:
        """Submit a job, as a program would."""
        return asyncio.run(self.queue.submit(kind, **args)).id

    def is_now(self, job_id: str, status: str) -> Any:
        """The job's view when it has this status."""
        return eventually(lambda: (v := self.http.get(f"/api/jobs/{job_id}").json())["status"] == status and v)

    def subscriptions(self) -> int:
        """How many listen now."""
        return int(self.http.get("/subscriptions").json())

    def close(self) -> None:
        """End it."""
        self.http.close()
        self.process.kill()
        self.process.wait()


class Events:
    """An open event stream."""

    def __init__(self, answer: httpx2.Response) -> None:
        self._lines = answer.iter_lines()

    def next(self, *names: str) -> dict[str, Any]:
        """The next event of one of these names (any, when none is named), as {"event", "id", "data"}."""
        while True:
            event: dict[str, Any] = {}
            for line in self._lines:
                if not line and event:
                    break
                field, _, value = line.partition(": ")
                if field:
                    event[field] = json.loads(value) if field == "data" else value
            if not names or event["event"] in names:
                return event


@contextmanager
def stream(server: Server, path: str, **headers: str) -> Iterator[Events]:
    """An event stream; the connection is cut at the end."""
    with server.http.stream("GET", path, headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Events(answer)


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """A server and a worker."""
    place = Place(folder)
    with place.worker():
        server = Server(place, folder)
        try:
            eventually(place.worker_pid)
            yield server
        finally:
            server.close()


def problem(answer: httpx2.Response, status: int) -> dict[str, Any]:
    """The problem document of an answer."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail"} <= document.keys()
    assert document["status"] == status
    assert len(document["detail"]) > 10
    return document
