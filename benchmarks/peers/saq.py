"""SAQ on Redis with its defaults."""

from __future__ import annotations

from typing import Any

from saq import Queue  # type: ignore[import-not-found] # lives in the peer's own environment

from benchmarks.peers import work
from benchmarks.peers.peer import Peer, script


async def nothing(ctx: Any, *, token: str, number: int, seconds: float) -> None:
    """Say that it began."""
    work.nothing(token)


async def steps(ctx: Any, *, token: str, number: int, seconds: float) -> None:
    """So many steps, of which SAQ knows nothing."""
    for n in range(number):
        await work.one_async_step(token, n, seconds)


async def beats(ctx: Any, *, token: str, number: int, seconds: float) -> None:
    """Show life until aborted."""
    await work.async_beats(token)


async def reports(ctx: Any, *, token: str, number: int, seconds: float) -> None:
    """Update the job as fast as possible."""
    await work.async_reports(token, number, lambda n: ctx["job"].update(progress=n))


async def ticks(ctx: Any, *, token: str, number: int, seconds: float) -> None:
    """Update the job now and then."""
    await work.async_ticks(token, number, seconds, lambda n: ctx["job"].update(progress=n))


queue = Queue.from_url(work.ADDRESS or "redis://localhost")
settings = {"queue": queue, "functions": [nothing, steps, beats, reports, ticks]}


class Measured(Peer):
    """A queue with one worker."""

    worker = (script("saq"), f"{__name__}.settings")

    async def open(self) -> None:
        """Connect."""
        await queue.connect()

    async def close(self) -> None:
        """Let go of the connection."""
        await queue.disconnect()

    async def submit(self, kind: str, token: str, number: int = 0, seconds: float = 0.0) -> str:
        """In Redis when it returns; with a time limit that the job keeps."""
        job = await queue.enqueue(kind, token=token, number=number, seconds=seconds, timeout=120)
        return str(job.key)

    async def progress(self, job_id: str) -> float:
        """From the job."""
        job = await queue.job(job_id)
        return float(job.progress if job else 0)

    async def cancel(self, job_id: str) -> None:
        """Seen by a worker that polls."""
        job = await queue.job(job_id)
        await job.abort("cancelled")
