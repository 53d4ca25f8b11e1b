"""How a program that is not the worker gets its requests done, and says that it is there."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from longtake import lifecycle, requests
from longtake.clock import Clock
from longtake.disk import on_disk
from longtake.errors import InvalidTransition, NotPossibleNow
from longtake.job import Job
from longtake.store import Request, Store, WorkerInfo

PATIENCE = 10.0
"""Seconds to wait for a worker that is alive to do what is asked."""
PATIENCE_FOR_EACH = 0.1
"""More of them for each request, when there are many."""
LONGEST_PAUSE = 0.05


async def change(store: Store, request: Request, event: str, is_done: Callable[[Job], bool], clock: Clock) -> Job:
    """Have the event happen to a job; returns the job after it.

    Raises:
        InvalidTransition: its status forbids it, or did when it was the worker's turn. JobNotFound. NotPossibleNow.
    """
    job = await on_disk(store.read, request.job_id)
    if lifecycle.may(job, event):
        await until_done(store, [request], clock)
        job = await on_disk(store.read, request.job_id)
        if is_done(job):
            return job
    raise InvalidTransition(job.id, job.status, event)


async def until_done(store: Store, wanted: Sequence[Request], clock: Clock) -> None:
    """Leave requests and wait until they are settled; when no worker is alive, settle them here.

    Raises:
        NotPossibleNow: a living worker did not do it in time; the requests stay. StorageProblem.
    """
    await on_disk(_leave, store, wanted)
    deadline = clock.monotonic() + PATIENCE + len(wanted) * PATIENCE_FOR_EACH
    pause = 0.001
    while True:
        wanted = await on_disk(_still_open, store, wanted)
        if not wanted:
            return
        if await on_disk(store.owner) is None:
            await on_disk(_settle_here, store, wanted, clock)
        elif clock.monotonic() > deadline:
            raise NotPossibleNow(
                "The worker does not answer. The request is kept and will be done when it does: "
                "see run/worker.log in the jobs folder, or stop the worker and start it again."
            )
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 1.5)


@contextmanager
def presence(store: Store) -> Iterator[None]:
    """Say that a program is there that needs a worker; ends with the process."""
    leave = store.attend()
    try:
        yield
    finally:
        leave()


def _leave(store: Store, wanted: Sequence[Request]) -> None:
    for request in wanted:
        store.ask(request)
    if wanted:
        store.wake(wanted[0].job_id)


def _still_open(store: Store, wanted: Sequence[Request]) -> list[Request]:
    return [request for request in wanted if store.is_open(request)]


def _settle_here(store: Store, wanted: Sequence[Request], clock: Clock) -> None:
    """Own the store for a moment, if it is still free, and do what is asked."""
    name = f"{os.getpid()}-{secrets.token_hex(4)}"
    if not store.own(WorkerInfo(id=name, pid=os.getpid(), started_at=clock.now(), runs_jobs=False)):
        return
    try:
        for request in wanted:
            requests.apply(store, request, clock.now())
            store.settle(request)
            store.ring(request.job_id)
    finally:
        store.disown()
