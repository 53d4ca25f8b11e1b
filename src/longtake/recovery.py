"""What a new owner does first: take over what the last one left."""

from __future__ import annotations

import logging
from datetime import datetime

from longtake import lifecycle
from longtake.errors import JobDamaged, JobIsNewer, JobNotFound, StorageProblem
from longtake.job import Job, JobStatus
from longtake.store import Request, Store

log = logging.getLogger("longtake")


def recover(store: Store, now: datetime) -> list[Job]:
    """Turn the running jobs of a dead worker into pending ones; returns all that are to be put in line.

    One that the disk does not give or take now is among them, running as it is: it is taken over when its turn comes,
    and keeps no other from going on.
    """
    waiting: list[Job] = []
    for found in store.active():
        try:
            job = take_over(store, found, now)
        except StorageProblem as error:
            log.error("Job %s waits: %s", found.id, error)  # noqa: TRY400 (the message says it all)
            job = found
        if not job.status.is_final:
            waiting.append(job)
    return waiting


def adopt(store: Store, job_id: str, now: datetime) -> Job | None:
    """A job that nobody runs, what a dead worker left open ended first; None when it is gone, damaged or newer."""
    try:
        return take_over(store, store.read(job_id), now)
    except JobNotFound:
        return None
    except JobDamaged as error:
        store.set_aside(job_id, error.reason)
        return None
    except JobIsNewer as error:
        log.warning("%s", error)
        return None


def take_over(store: Store, job: Job, now: datetime) -> Job:
    """End the attempt that a dead worker left open; its recorded steps stay. Raises StorageProblem."""
    if job.status is not JobStatus.RUNNING:
        return job
    steps = len(store.repair(job))
    interrupted = lifecycle.interrupt(job, job.attempts[-1].number, now, "worker died", steps)
    if interrupted.status.is_final and interrupted.notify:
        store.ask(Request(job.id, "notify"))
    store.commit(interrupted)
    store.publish(job.id, {})
    return interrupted
