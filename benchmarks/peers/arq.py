"""arq on Redis with its defaults, and aborts allowed."""

from __future__ import annotations

from typing import Any, ClassVar

from arq import create_pool  # type: ignore[import-not-found] # lives in the peer's own environment
from arq.connections import RedisSettings  # type: ignore[import-not-found] # the same
from arq.jobs import Job  # type: ignore[import-not-found] # the same

from benchmarks.peers import work
from benchmarks.peers.peer import Peer, script

REDIS = RedisSettings.from_dsn(work.ADDRESS or "redis://localhost")


async def nothing(ctx: Any, token: str, number: int, seconds: float) -> None:
    """Say that it began."""
    work.nothing(token)


async def steps(ctx: Any, token: str, number: int, seconds: float) -> None:
    """So many steps, of which arq knows nothing."""
    for n in range(number):
        await work.one_async_step(token, n, seconds)


async def beats(ctx: Any, token: str, number: int, seconds: float) -> None:
    """Show life until aborted."""
    await work.async_beats(token)


class WorkerSettings:
    """What `arq` runs."""

    functions: ClassVar[list[Any]] = [nothing, steps, beats]
    redis_settings = REDIS
    allow_abort_jobs = True


class Measured(Peer):
    """A queue with one worker."""

    kinds = frozenset({"nothing", "steps", "beats"})
    poll_seconds = 0.5
    worker = (script("arq"), f"{__name__}.WorkerSettings")

    async def open(self) -> None:
        """Connect."""
        self._redis = await create_pool(REDIS)

    async def close(self) -> None:
        """Let go of the connection."""
        await self._redis.aclose()

    async def submit(self, kind: str, token: str, number: int = 0, seconds: float = 0.0) -> str:
        """In Redis when it returns."""
        job = await self._redis.enqueue_job(kind, token, number, seconds)
        return str(job.job_id)

    async def cancel(self, job_id: str) -> None:
        """Seen by a worker that polls."""
        await Job(job_id, self._redis).abort()
