"""Longtake itself; its worker, and for the HTTP measure its server, import this."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from msgspec.structs import replace

from benchmarks import http_client
from benchmarks.peers import work
from benchmarks.peers.peer import Peer
from longtake import Job, JobContext, JobQueue, lifecycle
from longtake.codec import encode_job
from longtake.ids import new_id

FOLDER = work.FOLDER / "jobs"
job_queue = JobQueue(FOLDER, mode="external", worker=f"{__name__}:job_queue")


@job_queue.job("nothing")
async def nothing(job: JobContext, token: str, number: int, seconds: float) -> None:
    """Say that it began."""
    work.nothing(token)


@job_queue.job("steps")
async def steps(job: JobContext, token: str, number: int, seconds: float) -> None:
    """So many recorded steps."""
    for n in range(number):
        await job.step(f"step {n}", work.one_async_step, token, n, seconds)


@job_queue.job("beats")
async def beats(job: JobContext, token: str, number: int, seconds: float) -> None:
    """Show life until cancelled."""
    await work.async_beats(token)


@job_queue.job("blocks")
async def blocks(job: JobContext, token: str, number: int, seconds: float) -> None:
    """Show life from blocking code until cancelled."""
    await job.step("beat", work.beats, token)


@job_queue.job("reports")
async def reports(job: JobContext, token: str, number: int, seconds: float) -> None:
    """Report as fast as possible."""
    await work.async_reports(token, number, lambda n: job.report(n / number, "counting"))


@job_queue.job("ticks")
async def ticks(job: JobContext, token: str, number: int, seconds: float) -> None:
    """Report now and then."""
    await work.async_ticks(token, number, seconds, job.report)


class Measured(Peer):
    """A folder of jobs with one worker process."""

    worker = ("-m", "longtake", "work", f"{__name__}:job_queue")
    kinds = Peer.kinds | {"blocks"}

    async def submit(self, kind: str, token: str, number: int = 0, seconds: float = 0.0) -> str:
        """On the disk when it returns."""
        return (await job_queue.submit(kind, token=token, number=number, seconds=seconds)).id

    async def unfinished(self) -> int:
        """From the counts of the index."""
        counts = await job_queue.counts()
        return sum(number for status, number in counts.items() if not status.is_final)

    async def follow(self, job_id: str) -> AsyncIterator[float]:
        """Told, not polled."""
        async for job in job_queue.watch(job_id):
            yield job.progress

    async def events(self, port: int, job_id: str) -> AsyncIterator[float]:
        """Of the job's own stream."""
        async for event in http_client.events(port, f"/api/jobs/{job_id}/events"):
            yield event.get("progress", 0.0)

    async def rebuilt(self, jobs: int) -> dict[str, float | str]:
        """The index thrown away; beside it, what reading and parsing every file takes."""
        return await asyncio.to_thread(_rebuilt, jobs)

    async def cancel(self, job_id: str) -> None:
        """Stop the handler."""
        await job_queue.cancel(job_id)

    async def keep(self, jobs: int) -> None:
        """Copies of a job that really finished, under new ids."""
        await asyncio.to_thread(_keep, jobs)

    async def latest(self) -> int:
        """From the index."""
        return len((await job_queue.find(limit=50)).jobs)

    async def with_status(self) -> int:
        """From the index."""
        return len((await job_queue.find(status="completed", limit=50)).jobs)

    def server(self, port: int) -> list[str]:
        """A FastAPI app whose route awaits `submit`."""
        return ["-m", "uvicorn", f"{__name__}:served", "--factory", f"--port={port}", "--log-level=warning"]


def served() -> object:
    """The app of the HTTP measure."""
    from fastapi import FastAPI  # noqa: PLC0415 (only the server needs it)

    from longtake.fastapi import job_router  # noqa: PLC0415 (only the server needs it)

    app = FastAPI()
    app.include_router(job_router(job_queue))

    @app.post("/jobs")
    async def submit() -> dict[str, str]:
        job = await job_queue.submit("nothing", token="http", number=0, seconds=0.0)
        return {"job_id": job.id}

    return app


def _rebuilt(jobs: int) -> dict[str, float | str]:
    begun = time.perf_counter()
    for path in FOLDER.glob("*.json"):
        json.loads(path.read_bytes())
    read = time.perf_counter() - begun
    job_queue.store.close()
    for path in (FOLDER / "run").glob("index.sqlite*"):
        path.unlink()
    begun = time.perf_counter()
    job_queue.store.counts()
    rebuilt = time.perf_counter() - begun
    return {f"{jobs:,} stored: files read and parsed (s)": read, f"{jobs:,} stored: index made anew (s)": rebuilt}


def _keep(jobs: int) -> None:
    store = job_queue.store
    now = datetime.now(UTC)
    args = {"token": "kept", "number": 0, "seconds": 0.0}
    new = Job(id=new_id(now), kind="nothing", args=args, created_at=now)
    done = lifecycle.complete(lifecycle.start(new, "1-bench", now), 1, now, None)
    folder = job_queue.storage_dir
    store.create(replace(done, id=new_id(now)))
    data = encode_job(done)
    for _ in range(jobs - 1):
        job_id = new_id(now)
        (folder / f"{job_id}.json").write_bytes(data.replace(done.id.encode(), job_id.encode()))
    store.close()
    for file in (folder / "run").glob("index.sqlite*"):
        file.unlink()
