"""Taking a job out of the line: whether it can start, and whether it may start beside others."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime

from longtake import lifecycle
from longtake.errors import StorageProblem
from longtake.job import Job, JobStatus, Step
from longtake.recovery import adopt
from longtake.store import Store

log = logging.getLogger("longtake")


@dataclass(frozen=True)
class Claim:
    """A job that has been started."""

    job: Job
    recorded: list[Step] | None
    """The steps of earlier attempts; None while the disk does not give them."""


def claim(store: Store, job_id: str, worker: str, now: datetime, suspects: Suspects) -> Claim | None:
    """Start a job; None when it is gone, damaged, newer, not waiting, or held back. Raises StorageProblem.

    The start need not be durable: after a power cut the job simply waits still. It is noted last, so that a worker's
    death before it is none in the job.
    """
    job = adopt(store, job_id, now)
    if job is None or job.status is not JobStatus.PENDING:
        return None
    started = lifecycle.start(job, worker, now)
    if not suspects.admit(started):
        return None
    recorded = _recorded(store, started)
    store.begin(started)
    return Claim(started, recorded)


class Suspects:
    """Jobs for which one more death of their worker would be the last: they run one after the other.

    A job that kills its worker takes down all that run beside it. Kept apart, the guilty one alone is held responsible.
    """

    def __init__(self) -> None:
        self._deciding = threading.Lock()
        self._running: str | None = None
        self._held: dict[str, Job] = {}

    def admit(self, started: Job) -> bool:
        """Whether the job may run now; if not, `release` gives it back later."""
        if not _is_suspect(started):
            return True
        with self._deciding:
            if self._running is not None:
                self._held[started.id] = started
                return False
            self._running = started.id
        log.info("Job %s runs apart from others like it: its worker died the last times", started.id)
        return True

    def release(self, job_id: str) -> list[Job]:
        """Note that the job runs no more; returns those that may have another look now."""
        with self._deciding:
            if self._running != job_id:
                return []
            held, self._held, self._running = list(self._held.values()), {}, None
        return held

    def __len__(self) -> int:
        """How many are held back."""
        return len(self._held)


def _recorded(store: Store, job: Job) -> list[Step] | None:
    try:
        return store.repair(job)
    except StorageProblem as error:
        log.error("%s", error)  # noqa: TRY400 (the message says it all)
        return None


def _is_suspect(started: Job) -> bool:
    died = lifecycle.interrupt(started, started.attempts[-1].number, started.created_at, "worker died", started.steps)
    return died.status is JobStatus.FAILED
