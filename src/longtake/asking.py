"""How a program that is not the worker gets its requests done, and says that it is there."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from longtake import requests
from longtake.clock import Clock
from longtake.recovery import take_over
from longtake.store import Request, Store, WorkerInfo

PATIENCE = 10.0
"""Seconds to wait for a worker that is alive to do what is asked."""


async def until_done(store: Store, wanted: Sequence[Request], clock: Clock) -> bool:
    """Leave requests and wait until they are settled; when no worker is alive, settle them here.

    Returns False when a living worker did not do it in time; the requests stay.
    """
    await asyncio.to_thread(_leave, store, wanted)
    deadline = clock.monotonic() + PATIENCE + len(wanted) * 0.1
    pause = 0.001
    while True:
        wanted = await asyncio.to_thread(_still_open, store, wanted)
        if not wanted:
            return True
        if store.owner() is None:
            await asyncio.to_thread(_settle_here, store, wanted, clock)
        elif clock.monotonic() > deadline:
            return False
        await asyncio.sleep(pause)
        pause = min(0.05, pause * 1.5)


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
        store.ring(wanted[0].job_id)


def _still_open(store: Store, wanted: Sequence[Request]) -> list[Request]:
    return [request for request in wanted if store.is_open(request)]


def _settle_here(store: Store, wanted: Sequence[Request], clock: Clock) -> None:
    """Own the store for a moment, if it is still free, and do what is asked."""
    name = f"{os.getpid()}-{secrets.token_hex(4)}"
    if not store.own(WorkerInfo(id=name, pid=os.getpid(), started_at=clock.now(), runs_jobs=False)):
        return
    try:
        for request in wanted:
            try:
                take_over(store, store.read(request.job_id), clock.now())
            except LookupError:
                store.settle(request)
                continue
            requests.apply(store, request, clock.now())
            store.settle(request)
            store.ring(request.job_id)
    finally:
        store.disown()
