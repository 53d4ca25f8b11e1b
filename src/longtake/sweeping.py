"""Many jobs at once: which ones a cleanup or an action on a filter concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from longtake.job import JobStatus, JobSummary
from longtake.lifecycle import TRANSITIONS, editable
from longtake.store import Filter, Store

BulkAction = Literal["cancel", "retry", "delete"]

_ALLOWED: dict[BulkAction, frozenset[JobStatus]] = {
    "cancel": TRANSITIONS["cancelled"][0],
    "retry": TRANSITIONS["requeued"][0],
    "delete": frozenset(set(JobStatus) - {JobStatus.RUNNING}),
}
_AT_ONCE = 1000


@dataclass(frozen=True)
class Cleanup:
    """What a cleanup deleted, or would delete."""

    jobs: int
    bytes: int


def measured(store: Store, where: Filter) -> tuple[list[str], int]:
    """Ids of the jobs that match, and the bytes that they take."""
    ids = [job.id for job in _matching(store, where)]
    return ids, sum(store.size(job_id) for job_id in ids)


def allowed(store: Store, where: Filter, action: BulkAction) -> list[str]:
    """Ids of the jobs that match and whose status allows the action."""
    return _ids(store, where, _ALLOWED[action])


def changeable(store: Store, where: Filter, names: Collection[str]) -> list[str]:
    """Ids of the jobs that match and in which these may change."""
    return _ids(store, where, editable(names))


def _ids(store: Store, where: Filter, of: Collection[JobStatus]) -> list[str]:
    status = tuple(s for s in (where.status or JobStatus) if s in of)
    return [job.id for job in _matching(store, replace(where, status=status))] if status else []


def _matching(store: Store, where: Filter) -> Iterator[JobSummary]:
    cursor: str | None = None
    while True:
        page = store.find(where, limit=_AT_ONCE, after=cursor)
        yield from page.jobs
        cursor = page.next
        if cursor is None:
            return
