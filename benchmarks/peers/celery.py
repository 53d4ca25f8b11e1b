"""Celery on Redis: the default worker, one child process a processor."""

from __future__ import annotations

from typing import Any

from celery import Celery  # type: ignore[import-not-found] # lives in the peer's own environment

from benchmarks.peers import work
from benchmarks.peers.peer import BlockingPeer, script

app = Celery("bench", broker=work.ADDRESS, backend=work.ADDRESS)


def nothing(self: Any, token: str, number: int, seconds: float) -> None:
    """Say that it began."""
    work.nothing(token)


def steps(self: Any, token: str, number: int, seconds: float) -> None:
    """So many steps, of which Celery knows nothing."""
    for n in range(number):
        work.one_step(token, n, seconds)


def beats(self: Any, token: str, number: int, seconds: float) -> None:
    """Show life until terminated."""
    work.beats(token)


def reports(self: Any, token: str, number: int, seconds: float) -> None:
    """Update the state as fast as possible."""
    work.reports(token, number, lambda n: self.update_state(state="PROGRESS", meta={"progress": n}))


def ticks(self: Any, token: str, number: int, seconds: float) -> None:
    """Update the state now and then."""
    work.ticks(token, number, seconds, lambda n: self.update_state(state="PROGRESS", meta={"progress": n}))


JOBS = {job.__name__: app.task(bind=True, name=job.__name__)(job) for job in (nothing, steps, beats, reports, ticks)}


class Measured(BlockingPeer):
    """A queue with one worker."""

    worker = (script("celery"), f"--app={__name__}", "worker", "--loglevel=error")

    def put(self, kind: str, token: str, number: int, seconds: float) -> str:
        """In Redis when it returns."""
        return str(JOBS[kind].delay(token, number, seconds).id)

    async def progress(self, job_id: str) -> float:
        """From the result backend."""
        meta = app.backend.get_task_meta(job_id, cache=False)
        return float(meta["result"]["progress"]) if meta["status"] == "PROGRESS" else 0.0

    async def cancel(self, job_id: str) -> None:
        """SIGTERM to the child process."""
        app.control.revoke(job_id, terminate=True)
