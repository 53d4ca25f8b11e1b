"""What others ask of the owner of a store, done: by the worker, or by the asker when no worker runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from longtake import lifecycle
from longtake.errors import NotPossibleNow
from longtake.job import Job, Moment, Priority, Step
from longtake.recorded import FORGOTTEN, to_forget
from longtake.recovery import adopt
from longtake.store import Request, Store


class Edit(Struct, frozen=True, kw_only=True):
    """What to change in a job; what is left out stays. Priority and time are those of a waiting job only."""

    title: str | UnsetType = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    keep: bool | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    run_at: Moment | UnsetType | None = UNSET

    def given(self) -> dict[str, Any]:
        """What is to be changed."""
        return {name: value for name in self.__struct_fields__ if (value := getattr(self, name)) is not UNSET}


def changes_in(details: Mapping[str, Any]) -> dict[str, Any]:
    """What the details of a request to edit want changed.

    Raises:
        NotPossibleNow: they are not as `Edit` has them.
    """
    try:
        return msgspec.convert(details, Edit).given()
    except msgspec.ValidationError as error:
        raise NotPossibleNow(f"This edit cannot be made: {error}.") from error


def apply(store: Store, request: Request, now: datetime) -> Job | None:
    """Do what is asked with a job that nobody runs; doing it twice is the same as once.

    Returns the job after it, or None when it is gone. Whoever asked looks at the job to see what came of it.
    """
    job = adopt(store, request.job_id, now)
    if job is None:
        return None
    try:
        return _APPLY[request.verb](store, job, request, now)
    except NotPossibleNow:
        return job


def _new(_store: Store, job: Job, _request: Request, _now: datetime) -> Job:
    return job


def _cancel(store: Store, job: Job, _request: Request, now: datetime) -> Job:
    cancelled = lifecycle.cancel(job, now)
    if cancelled.notify:
        store.ask(Request(job.id, "notify"))
    store.commit(cancelled)
    return cancelled


def _retry(store: Store, job: Job, request: Request, now: datetime) -> Job:
    if not lifecycle.may(job, "requeued"):
        return job
    if request.details.get("fresh"):
        store.forget_steps(job.id)
        job = replace(job, steps=0)
    journal = store.repair(job)
    for name in to_forget(journal, request.details.get("forget", ())):
        journal.append(Step(number=len(journal) + 1, name=name, args=FORGOTTEN, value=None, finished_at=now))
        store.append(job.id, journal[-1])
    again = lifecycle.requeue(job, now, steps=len(journal))
    store.commit(again)
    return again


def _edit(store: Store, job: Job, request: Request, _now: datetime) -> Job:
    edited = lifecycle.edit(job, changes_in(request.details))
    store.commit(edited)
    return edited


def _delete(store: Store, job: Job, _request: Request, _now: datetime) -> Job | None:
    if job.key is not None and store.holder(job.key) == job.id:
        store.release(job.key)  # first: a job submitted with it from now on has an id that nobody asked to delete
    store.remove(job.id)
    return None


_APPLY = {"new": _new, "cancel": _cancel, "retry": _retry, "edit": _edit, "delete": _delete, "notify": _new}
