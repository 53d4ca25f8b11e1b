"""FastAPI's BackgroundTasks: jobs in the memory of the web server, submitted over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import ClassVar

from fastapi import BackgroundTasks, FastAPI

from benchmarks import http_client
from benchmarks.peers import work
from benchmarks.peers.peer import Peer

PORT = 18_461
app = FastAPI()
PROGRESS: dict[str, int] = {}


async def nothing(token: str, number: int, seconds: float) -> None:
    """Say that it began."""
    work.nothing(token)


async def steps(token: str, number: int, seconds: float) -> None:
    """So many steps, of which FastAPI knows nothing."""
    for n in range(number):
        await work.one_async_step(token, n, seconds)


async def reports(token: str, number: int, seconds: float) -> None:
    """Set a dict's value as fast as possible."""
    work.reports(token, number, lambda n: PROGRESS.update({token: n}))


async def ticks(token: str, number: int, seconds: float) -> None:
    """Set a dict's value now and then."""
    for n in range(1, number + 1):
        await asyncio.sleep(seconds)
        work.note("tick", token, n)
        PROGRESS[token] = n


JOBS: dict[str, Callable[[str, int, float], Awaitable[None]]] = {
    job.__name__: job for job in (nothing, steps, reports, ticks)
}


@app.post("/jobs")
async def submit(
    background: BackgroundTasks, token: str, kind: str = "nothing", number: int = 0, seconds: float = 0.0
) -> dict[str, str]:
    """Take a job; it is stored nowhere."""
    background.add_task(JOBS[kind], token, number, seconds)
    return {"job_id": token}


@app.get("/jobs/{token}")
async def progress(token: str) -> dict[str, int]:
    """How far it is."""
    return {"progress": PROGRESS.get(token, 0)}


class Measured(Peer):
    """One web server."""

    kinds = frozenset(JOBS)
    worker: ClassVar[tuple[str, ...]] = (
        *("-m", "uvicorn", f"{__name__}:app"),
        *(f"--port={PORT}", "--log-level=warning", "--no-access-log"),
    )
    submits_to_worker = True

    async def submit(self, kind: str, token: str, number: int = 0, seconds: float = 0.0) -> str:
        """Answered when it returns."""
        path = f"/jobs?kind={kind}&token={token}&number={number}&seconds={seconds}"
        async with http_client.connected(PORT) as client:
            return str((await client.ask("POST", path))["job_id"])

    async def submit_many(self, jobs: int, clients: int) -> None:
        """Over one connection a client."""
        await http_client.many(PORT, "/jobs?token=many", jobs, clients)

    async def progress(self, job_id: str) -> float:
        """Over HTTP."""
        async with http_client.connected(PORT) as client:
            return float((await client.ask("GET", f"/jobs/{job_id}"))["progress"])

    def server(self, port: int) -> list[str]:
        """The same app."""
        return ["-m", "uvicorn", f"{__name__}:app", f"--port={port}", "--log-level=warning", "--no-access-log"]
