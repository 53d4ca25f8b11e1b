"""procrastinate on PostgreSQL, with asynchronous jobs and its defaults."""

from __future__ import annotations

from procrastinate import (  # type: ignore[import-not-found] # lives in the peer's own environment
    App,
    PsycopgConnector,
)

from benchmarks.peers import work
from benchmarks.peers.peer import Peer, script

app = App(connector=PsycopgConnector(conninfo=work.ADDRESS, min_size=1, max_size=16), import_paths=[__name__])


async def nothing(token: str, number: int, seconds: float) -> None:
    """Say that it began."""
    work.nothing(token)


async def steps(token: str, number: int, seconds: float) -> None:
    """So many steps, of which procrastinate knows nothing."""
    for n in range(number):
        await work.one_async_step(token, n, seconds)


async def beats(token: str, number: int, seconds: float) -> None:
    """Show life until cancelled."""
    await work.async_beats(token)


JOBS = {job.__name__: app.task(name=job.__name__)(job) for job in (nothing, steps, beats)}


class Measured(Peer):
    """A database with one worker."""

    kinds = frozenset(JOBS)
    worker = (script("procrastinate"), f"--app={__name__}.app", "worker")

    async def open(self) -> None:
        """Connect, and make the tables."""
        await app.open_async()
        if not await app.check_connection_async():
            await app.schema_manager.apply_schema_async()

    async def close(self) -> None:
        """Let go of the connections."""
        await app.close_async()

    async def submit(self, kind: str, token: str, number: int = 0, seconds: float = 0.0) -> str:
        """Committed when it returns."""
        return str(await JOBS[kind].defer_async(token=token, number=number, seconds=seconds))

    async def unfinished(self) -> int:
        """By a count in SQL: the API would load every job."""
        query = "select count(*) as n from procrastinate_jobs where status in ('todo', 'doing')"
        return int((await app.connector.execute_query_one_async(query))["n"])

    async def cancel(self, job_id: str) -> None:
        """Cancels the coroutine."""
        await app.job_manager.cancel_job_by_id_async(int(job_id), abort=True)

    async def keep(self, jobs: int) -> None:
        """Inserted rows."""
        await app.connector.execute_query_async(
            "insert into procrastinate_jobs (queue_name, task_name, args, status, attempts) "
            "select 'default', 'nothing', '{}', 'succeeded', 1 from generate_series(1, %(jobs)s)",
            jobs=jobs,
        )

    async def latest(self) -> int:
        """Every job: there is no limit."""
        return len(list(await app.job_manager.list_jobs_async()))

    async def with_status(self) -> int:
        """Every job of the status: there is no limit."""
        return len(list(await app.job_manager.list_jobs_async(status="succeeded")))
