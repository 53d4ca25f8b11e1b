"""What a new owner does first: take over what the last one left."""

from __future__ import annotations

import logging
from datetime import datetime

from longtake import lifecycle
from longtake.errors import StorageProblem
from longtake.job import Job, JobStatus
from longtake.store import Request, Store

log = logging.getLogger("longtake")


def recover(store: Store, now: datetime) -> list[Job]:
    """Turn the running jobs of a dead worker into pending ones; returns all that are pending now."""
    return [job for job in (take_over(store, job, now) for job in store.active()) if job.status is JobStatus.PENDING]


def take_over(store: Store, job: Job, now: datetime) -> Job:
    """End the attempt that a dead worker left open; its recorded steps stay.

    A job that the disk does not give or take stays as it is and keeps no other from going on: `Store.inspect` names it
    again.
    """
    if job.status is not JobStatus.RUNNING:
        return job
    try:
        steps = len(store.repair(job))
        interrupted = lifecycle.interrupt(job, job.attempts[-1].number, now, "worker died", steps)
        if interrupted.status.is_final and interrupted.notify:
            store.ask(Request(job.id, "notify"))
        store.commit(interrupted)
    except StorageProblem as error:
        log.error("Job %s waits: %s", job.id, error)  # noqa: TRY400 (the message says it all)
        return job
    return interrupted
