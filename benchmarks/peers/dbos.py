"""DBOS on SQLite: one queue, every step a `DBOS.step`. Run as a program it is the worker."""

from __future__ import annotations

import asyncio
import sys
import threading

import pysqlite3  # type: ignore[import-not-found] # lives in the peer's own environment

sys.modules["sqlite3"] = pysqlite3  # DBOS needs SQLite 3.42; many systems have an older one
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

from dbos import (  # type: ignore[import-not-found] # noqa: E402 (after the line above; in the peer's own environment)
    DBOS,
    DBOSClient,
)

from benchmarks.peers import work  # noqa: E402 (as above)
from benchmarks.peers.peer import BlockingPeer  # noqa: E402 (as above)

FILE = work.FOLDER / "dbos.sqlite"
DATABASE = f"sqlite:///{FILE}"
ONE_STEP = DBOS.step(name="one_step")(work.one_step)


def nothing(token: str, number: int, seconds: float) -> None:
    """Say that it began."""
    work.nothing(token)


def steps(token: str, number: int, seconds: float) -> None:
    """So many recorded steps."""
    for n in range(number):
        ONE_STEP(token, n, seconds)


def beats(token: str, number: int, seconds: float) -> None:
    """Show life until cancelled."""
    work.beats(token)


def reports(token: str, number: int, seconds: float) -> None:
    """Set an event as fast as possible."""
    work.reports(token, number, lambda n: DBOS.set_event("progress", n))


def ticks(token: str, number: int, seconds: float) -> None:
    """Set an event now and then."""
    work.ticks(token, number, seconds, lambda n: DBOS.set_event("progress", n))


class Measured(BlockingPeer):
    """A SQLite file with one executor."""

    poll_seconds = 1.0
    worker = ("-m", __name__)

    async def open(self) -> None:
        """Connect; the tables are made by a first launch of the worker's side."""
        if not FILE.exists():
            await asyncio.to_thread(_make_tables)
        self._client = DBOSClient(system_database_url=DATABASE)

    async def close(self) -> None:
        """Let go of the file."""
        self._client.destroy()

    def put(self, kind: str, token: str, number: int, seconds: float) -> str:
        """Committed to SQLite when it returns."""
        options = {"queue_name": "bench", "workflow_name": kind}
        return str(self._client.enqueue(options, token, number, seconds).workflow_id)

    async def unfinished(self) -> int:
        """At most one of them."""
        return len(self._client.list_workflows(status=["ENQUEUED", "PENDING"], limit=1, load_input=False))

    async def progress(self, job_id: str) -> float:
        """The event's value."""
        return float(self._client.get_event(job_id, "progress", timeout_seconds=0) or 0)

    async def cancel(self, job_id: str) -> None:
        """Seen at the next step only."""
        self._client.cancel_workflow(job_id)

    async def keep(self, jobs: int) -> None:
        """Copies of the row of a job that really finished."""
        db = pysqlite3.connect(FILE)
        names = [row[1] for row in db.execute("pragma table_info(workflow_status)")]
        wanted = ", ".join("'kept-' || hex(randomblob(16))" if name == "workflow_uuid" else name for name in names)
        with db:
            db.execute(
                f"with recursive count(n) as (select 1 union all select n + 1 from count where n < {jobs}) "  # noqa: S608
                f"insert into workflow_status ({', '.join(names)}) select {wanted} "
                "from (select * from workflow_status where status = 'SUCCESS' limit 1), count"
            )
        db.close()

    async def latest(self) -> int:
        """Paged."""
        return len(self._client.list_workflows(limit=50, sort_desc=True))

    async def with_status(self) -> int:
        """Paged."""
        return len(self._client.list_workflows(status="SUCCESS", limit=50, sort_desc=True))


def _make_tables() -> None:
    _launch()
    DBOS.destroy()


def _launch() -> None:
    DBOS(config={"name": "bench", "system_database_url": DATABASE, "application_version": "bench"})
    for job in (nothing, steps, beats, reports, ticks):
        DBOS.workflow(name=job.__name__)(job)
    DBOS.launch()
    DBOS.register_queue("bench")


if __name__ == "__main__":
    _launch()
    threading.Event().wait()
