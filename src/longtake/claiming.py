"""Taking a job out of the line: whether it can start, and whether it may start beside others."""

from __future__ import annotations

import logging
from datetime import datetime

from longtake import lifecycle
from longtake.job import Job, JobStatus
from longtake.recovery import adopt
from longtake.store import Store

log = logging.getLogger("longtake")


def claim(store: Store, job_id: str, worker: str, now: datetime) -> Job | None:
    """The job as it starts now, not yet written; None when it is gone, damaged, newer, or not waiting."""
    job = adopt(store, job_id, now)
    return lifecycle.start(job, worker, now) if job is not None and job.status is JobStatus.PENDING else None


class Suspects:
    """Jobs for which one more death of their worker would be the last: they run one after the other.

    A job that kills its worker takes down all that run beside it. Kept apart, the guilty one alone is held responsible.
    """

    def __init__(self) -> None:
        self._running: str | None = None
        self._held: dict[str, Job] = {}

    def admit(self, started: Job) -> bool:
        """Whether the job may run now; if not, `release` gives it back later."""
        if not _is_suspect(started):
            return True
        if self._running is not None:
            self._held[started.id] = started
            return False
        self._running = started.id
        log.info("Job %s runs apart from others like it: its worker died the last times", started.id)
        return True

    def release(self, job_id: str) -> list[Job]:
        """Note that the job runs no more; returns those that may have another look now."""
        if self._running != job_id:
            return []
        held, self._held, self._running = list(self._held.values()), {}, None
        return held

    def __len__(self) -> int:
        """How many are held back."""
        return len(self._held)


def _is_suspect(started: Job) -> bool:
    died = lifecycle.interrupt(started, started.attempts[-1].number, started.created_at, "worker died", started.steps)
    return died.status is JobStatus.FAILED
