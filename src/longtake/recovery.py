"""What a new owner does first: take over what the last one left."""

from __future__ import annotations

from datetime import datetime

from longtake import lifecycle
from longtake.job import Job, JobStatus
from longtake.store import Request, Store


def recover(store: Store, now: datetime) -> list[Job]:
    """Turn the running jobs of a dead worker into pending ones; returns all that are pending now."""
    return [job for job in (take_over(store, job, now) for job in store.active()) if job.status is JobStatus.PENDING]


def take_over(store: Store, job: Job, now: datetime) -> Job:
    """End the attempt that a dead worker left open; its recorded steps stay."""
    if job.status is not JobStatus.RUNNING:
        return job
    steps = len(store.repair(job))
    interrupted = lifecycle.interrupt(job, job.attempts[-1].number, now, "worker died", steps)
    if interrupted.status.is_final and interrupted.notify:
        store.ask(Request(job.id, "notify"))
    store.commit(interrupted)
    return interrupted
