"""huey on SQLite: `huey_consumer` with its defaults (one thread, polling that backs off)."""

from __future__ import annotations

import functools
from typing import Any

from huey import SqliteHuey  # type: ignore[import-not-found] # lives in the peer's own environment

from benchmarks.peers import work
from benchmarks.peers.peer import BlockingPeer

queue = SqliteHuey("bench", filename=str(work.FOLDER / "huey.db"))


def nothing(token: str, number: int, seconds: float) -> None:
    """Say that it began."""
    work.nothing(token)


def steps(token: str, number: int, seconds: float) -> None:
    """So many steps, of which huey knows nothing."""
    for n in range(number):
        work.one_step(token, n, seconds)


def reports(token: str, number: int, seconds: float) -> None:
    """Keep values as fast as possible."""
    work.reports(token, number, functools.partial(queue.put, f"progress {token}"))


def ticks(token: str, number: int, seconds: float) -> None:
    """Keep a value now and then."""
    work.ticks(token, number, seconds, functools.partial(queue.put, f"progress {token}"))


JOBS: dict[str, Any] = {job.__name__: queue.task()(job) for job in (nothing, steps, reports, ticks)}


class Measured(BlockingPeer):
    """A SQLite file with one consumer."""

    kinds = frozenset(JOBS)
    poll_seconds = 0.5
    worker = ("-m", "huey.bin.huey_consumer", f"{__name__}.queue")

    def put(self, kind: str, token: str, number: int, seconds: float) -> str:
        """Committed to SQLite when it returns; progress is kept under the token."""
        JOBS[kind](token, number, seconds)
        return token

    async def progress(self, job_id: str) -> float:
        """The kept value."""
        return float(queue.get(f"progress {job_id}", peek=True) or 0)

    async def keep(self, jobs: int) -> None:
        """Results; huey keeps nothing else of a finished job."""
        for number in range(jobs):
            queue.put(f"result {number}", number)

    async def latest(self) -> int:
        """All results: there is no limit and no order."""
        return len(queue.all_results())
