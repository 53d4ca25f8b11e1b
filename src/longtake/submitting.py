"""A new job on its way in: on the disk first, then the worker is told."""

from __future__ import annotations

from msgspec.structs import replace

from longtake.errors import JobExists
from longtake.job import Job
from longtake.store import Store


def submit(store: Store, job: Job) -> Job:
    """Keep a new job; with an idempotency key that was used before, answer the job that was kept then.

    Raises:
        StorageProblem: it is not kept.
    """
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
