"""PgQueuer on PostgreSQL with its defaults. Run as a program it is the worker."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import asyncpg  # type: ignore[import-not-found] # lives in the peer's own environment
from pgqueuer import (  # type: ignore[import-not-found] # lives in the peer's own environment
    AsyncpgDriver,
    AsyncpgPoolDriver,
    PgQueuer,
    Queries,
)

from benchmarks.peers import work
from benchmarks.peers.peer import Peer


async def nothing(job: Any) -> None:
    """Say that it began."""
    work.nothing(_args(job)[0])


async def steps(job: Any) -> None:
    """So many steps, of which PgQueuer knows nothing."""
    token, number, seconds = _args(job)
    for n in range(number):
        await work.one_async_step(token, n, seconds)


async def run_worker() -> None:
    """Work until killed; `pgq run` of 1.6.0 does not start (it fails on its log level)."""
    worker = PgQueuer(AsyncpgDriver(await asyncpg.connect(work.ADDRESS)))

    async def beats(job: Any) -> None:
        """Show life until cancelled; without this scope a cancel does nothing."""
        with worker.qm.get_context(job.id).cancellation:
            await work.async_beats(_args(job)[0])

    for entrypoint in (nothing, steps, beats):
        worker.entrypoint(entrypoint.__name__)(entrypoint)
    await worker.run()


class Measured(Peer):
    """A database with one worker."""

    kinds = frozenset({"nothing", "steps", "beats"})
    worker = ("-m", __name__)

    async def open(self) -> None:
        """Connect, and make the tables."""
        self._pool = await asyncpg.create_pool(work.ADDRESS, min_size=1, max_size=16)
        self._queries = Queries(AsyncpgPoolDriver(self._pool))
        if not await self._queries.schema_is_installed():
            await self._queries.install()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._pool.close()

    async def submit(self, kind: str, token: str, number: int = 0, seconds: float = 0.0) -> str:
        """Committed when it returns."""
        (job_id,) = await self._queries.enqueue(kind, json.dumps([token, number, seconds]).encode())
        return str(job_id)

    async def unfinished(self) -> int:
        """A finished job leaves the queue's table."""
        return sum(part.count for part in await self._queries.queue_size())

    async def cancel(self, job_id: str) -> None:
        """Cancels the scope in which the job waits."""
        await self._queries.mark_job_as_cancelled([int(job_id)])

    async def keep(self, jobs: int) -> None:
        """Inserted rows of the log."""
        await self._pool.execute(
            "insert into pgqueuer_log (job_id, status, priority, entrypoint) "
            "select n, 'successful', 0, 'nothing' from generate_series(1, $1::int) n",
            jobs,
        )

    async def latest(self) -> int:
        """The whole log: there is no limit."""
        return len(await self._queries.queue_log())


def _args(job: Any) -> tuple[str, int, float]:
    token, number, seconds = json.loads(job.payload)
    return token, number, seconds


if __name__ == "__main__":
    asyncio.run(run_worker())
