"""A new job on its way in: on the disk first, then the worker is told."""

from __future__ import annotations

import logging

from msgspec.structs import replace

from longtake.errors import JobExists, StorageProblem
from longtake.job import Job
from longtake.store import Request, Store

log = logging.getLogger("longtake")


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
    try:
        store.ask(Request(job.id, "new"))
    except StorageProblem as error:
        log.warning("Job %s is kept; its worker will take a minute to see it: %s", job.id, error)
    store.ring(job.id)
    return job
