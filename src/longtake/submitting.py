"""A new job on its way in: on the disk first, then the worker is told."""

from __future__ import annotations

from msgspec.structs import replace

from longtake.errors import JobExists, JobNotFound, QueueFull
from longtake.job import Job
from longtake.room import check_room
from longtake.store import Store


def submit(store: Store, job: Job, most_waiting: int | None = None) -> Job:
    """Keep a new job; with an idempotency key that was used before, answer the job that was kept then.

    Raises:
        QueueFull: it would be one more than may wait. StorageProblem: it is not kept.
    """
    try:
        check_room(store, most_waiting)
    except QueueFull:
        kept = None if job.key is None else kept_with(store, job.key)
        if kept is None:
            raise
        return kept
    if job.key is not None:
        job = replace(job, id=store.reserve(job.key, job.id))
    try:
        store.create(job)
    except JobExists:
        if job.key is None:
            raise
        return store.read(job.id)
    store.wake(job.id)
    return job


def kept_with(store: Store, key: str) -> Job | None:
    """The job that was kept with an idempotency key; None if there is none, be the key bound or not."""
    held = store.holder(key)
    try:
        return None if held is None else store.read(held)
    except JobNotFound:
        return None
