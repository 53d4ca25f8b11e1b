"""A workload whose every acknowledgement is noted with its place in the log of the disk."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from longtake import Job, Step, lifecycle
from longtake.ids import new_id
from longtake.stores.files import FilesStore
from longtake.submitting import submit

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
FEWEST_JOBS = 3


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What an acknowledged change promised."""

    asked: int
    """Size of the log before the change."""
    acknowledged: int
    """And when it was acknowledged."""
    job_id: str
    revision: int
    """The job file is at least this new; 0: it is deleted."""
    steps: int
    """So many are recorded."""


class Workload:
    """Submits, starts, records steps, completes and deletes, in random order."""

    def __init__(self, folder: Path, log_size: Callable[[], int], rng: random.Random) -> None:
        self.promises: list[Promise] = []
        self._store = FilesStore(folder)
        self._log_size = log_size
        self._rng = rng
        self._jobs: dict[str, Job] = {}
        self._durable: dict[str, int] = {}

    def go_on(self, changes: int) -> None:
        """Make so many changes."""
        for number in range(changes):
            asked = self._log_size()
            job = self._change(BEGIN + timedelta(seconds=number))
            self.promises.append(
                Promise(
                    asked=asked,
                    acknowledged=self._log_size(),
                    job_id=job.id,
                    revision=self._durable.get(job.id, 0),
                    steps=job.steps,
                )
            )
        self._store.close()

    def promised(self, position: int) -> list[Promise]:
        """The last promise about each job up to a position of the log; without jobs whose deletion was under way."""
        last = {promise.job_id: promise for promise in self.promises if promise.acknowledged <= position}
        for promise in self.promises:
            if not promise.revision and promise.asked <= position < promise.acknowledged:
                last.pop(promise.job_id, None)
        return list(last.values())

    def _change(self, now: datetime) -> Job:
        if len(self._jobs) < FEWEST_JOBS or self._rng.random() < 0.2:
            args = {"text": "x" * self._rng.randrange(4000)}
            return self._note(submit(self._store, Job(id=new_id(now), kind="marks", args=args, created_at=now)))
        job = self._rng.choice(list(self._jobs.values()))
        if job.status.is_final:
            return self._remove(job)
        if not job.attempts:
            return self._commit(lifecycle.start(job, "worker", now))
        if self._rng.random() < 0.3:
            return self._commit(lifecycle.complete(job, 1, now, {"answer": "z" * 2000}))
        return self._append(job, now)

    def _commit(self, job: Job) -> Job:
        self._store.commit(job)
        return self._note(job)

    def _append(self, job: Job, now: datetime) -> Job:
        """As the worker does: the step is durable, the count of steps in the job file is not."""
        step = Step(number=job.steps + 1, name=f"step {job.steps}", args="", value="y" * 200, finished_at=now)
        self._store.append(job.id, step)
        self._jobs[job.id] = job = lifecycle.count_steps(job, 1, step.number)
        self._store.commit(job, durable=False)
        return job

    def _remove(self, job: Job) -> Job:
        self._store.remove(job.id)
        del self._jobs[job.id], self._durable[job.id]
        return job

    def _note(self, job: Job) -> Job:
        self._jobs[job.id] = job
        self._durable[job.id] = job.revision
        return job
