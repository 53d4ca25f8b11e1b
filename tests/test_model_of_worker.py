"""Random days of a real queue and worker, on a real folder, with a clock that jumps and a worker that dies anywhere."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import Counter
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from faults import Dead
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from longtake import InvalidTransition, Job, JobContext, JobQueue, JobStatus, RetryPolicy
from longtake.store import Request
from longtake.stores.files import FilesStore
from longtake.testing import FakeClock, run_until_idle

pytestmark = pytest.mark.timeout(1800)  # a failure takes minutes to be made small
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 (nothing loses power here)
DAYS = int(os.environ.get("LONGTAKE_WORKER_DAYS", "50"))
EVENTS_A_DAY = 25
TRIES = 2
LONGEST = 30.0
"""Seconds that a round of work may take."""


MOST_JOBS = 5
WHICH = st.integers(0, MOST_JOBS - 1)


def one_of(jobs: Iterable[str], which: int) -> str:
    """One of these; by its place, because ids are never the same twice."""
    ids = list(jobs)
    return ids[which % len(ids)]


class Mortal(FilesStore):
    """Its process dies at a change of the disk: nothing reaches the disk from then on."""

    changes_left: int | None = None

    def _change(self) -> None:
        if self.changes_left is not None:
            self.changes_left -= 1
            if self.changes_left < 0:
                raise Dead

    def create(self, job: Job) -> None:
        self._change()
        super().create(job)

    def commit(self, job: Job, *, durable: bool = True) -> None:
        self._change()
        super().commit(job, durable=durable)

    def append(self, job_id: str, step: Any) -> None:
        self._change()
        super().append(job_id, step)

    def settle(self, request: Request) -> None:
        self._change()
        super().settle(request)

    def remove(self, job_id: str) -> None:
        self._change()
        super().remove(job_id)


@dataclass
class Asked:
    """What was asked of one job."""

    steps: int
    failing: int
    """So many attempts fail at their end."""


class Days(RuleBasedStateMachine):
    """What people do, and what the worker has made of it after each round of work."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY)
        self.clock = FakeClock()
        self.asked: dict[str, Asked] = {}
        self.calls: Counter[tuple[str, str]] = Counter()
        self.failed: Counter[str] = Counter()
        self.final: dict[str, Job] = {}
        self.open_queue()

    def open_queue(self) -> None:
        """As a new process does."""
        self.store = Mortal(Path(self.folder.name) / "jobs")
        self.queue = JobQueue(mode="inline", store=self.store, clock=self.clock)
        retries = RetryPolicy(attempts=TRIES, first_delay=600, max_delay=600)

        @self.queue.job("work", retries=retries)
        async def work(job: JobContext, steps: int) -> int:
            for number in range(steps):
                await job.step(f"{number}", self.call, job.job_id, number)
                await job.report(100 * number / steps, f"{number} of {steps}")
            if self.failed[job.job_id] < self.asked[job.job_id].failing:
                self.failed[job.job_id] += 1
                raise ConnectionError("not now")
            return steps

    async def call(self, job_id: str, number: int) -> int:
        """A paid call."""
        self.calls[job_id, f"{number}"] += 1
        return number

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    # What people do ----------------------------------------------------------------------------------------------

    @rule(
        steps=st.integers(0, 3),
        failing=st.integers(0, TRIES),
        later=st.sampled_from((0, 0, 0, 900)),
        priority=st.integers(-1, 1),
    )
    def submit(self, steps: int, failing: int, later: int, priority: int) -> None:
        if len(self.asked) == MOST_JOBS:
            return
        run_at = self.clock.now() + timedelta(seconds=later) if later else None
        job = self.run(self.queue.submit("work", steps=steps, run_at=run_at, priority=priority))
        self.asked[job.id] = Asked(steps, failing)

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        if not self.asked:
            return
        job_id = one_of(self.asked, which)
        before = self.store.read(job_id)
        if before.status.is_final:
            with pytest.raises(InvalidTransition):
                self.run(self.queue.cancel(job_id))
            return
        assert self.run(self.queue.cancel(job_id)).status is JobStatus.CANCELLED
        self.final[job_id] = self.store.read(job_id)

    @rule(which=WHICH, fresh=st.booleans())
    def retry(self, which: int, fresh: bool) -> None:  # noqa: FBT001 (Hypothesis gives it by name)
        if not self.final:
            return
        job_id = one_of(self.final, which)
        job = self.run(self.queue.retry(job_id, fresh=fresh))
        assert (job.status, job.failures, job.progress) == (JobStatus.PENDING, 0, 0.0)
        del self.final[job_id]
        if fresh:
            for number in range(self.asked[job_id].steps):
                self.calls.pop((job_id, f"{number}"), None)

    @rule(which=WHICH)
    def delete(self, which: int) -> None:
        if not self.final:
            return
        job_id = one_of(self.final, which)
        self.run(self.queue.delete(job_id))
        del self.final[job_id], self.asked[job_id]

    @initialize()
    def begin_with_some(self) -> None:
        for failing in range(TRIES + 1):
            self.submit(2, failing, 0, 0)

    @rule(minutes=st.sampled_from((1, 11, 130)), how=st.sampled_from(("advance", "sleep_computer", "turn", "back")))
    def time_passes(self, minutes: int, how: str) -> None:
        if how == "back":
            self.clock.turn(-60.0 * minutes)
        else:
            getattr(self.clock, how)(60.0 * minutes)
        self.work()

    # What the worker does ----------------------------------------------------------------------------------------

    @rule()
    def work(self) -> None:
        recorded = self.recorded()
        before = self.calls.copy()
        self.run(run_until_idle(self.queue))
        self.no_recorded_step_ran_again(recorded, before)
        for job_id, asked in self.asked.items():
            self.came_of(job_id, asked)

    @rule(changes=st.integers(0, 12))
    def work_and_die(self, changes: int) -> None:
        """The worker dies at one of its changes of the disk; what is in flight then may be called once more."""
        recorded, before = self.recorded(), self.calls.copy()
        self.store.changes_left = changes
        with suppress(Dead, TimeoutError):
            self.run(run_until_idle(self.queue), seconds=0.5)
        self.store.close()
        self.open_queue()
        self.no_recorded_step_ran_again(recorded, before)
        for job_id in self.asked:
            job = self.store.read(job_id)
            if job.status.is_final:
                self.final[job_id] = job
            kept = {step.name for step in self.store.steps(job_id)}
            for (other, name), times in self.calls.items():
                if other == job_id and name not in kept and times:
                    self.calls[other, name] = 0  # it was in flight, and is called again

    def came_of(self, job_id: str, asked: Asked) -> None:
        """The job is finished, or waits for a time that has not come."""
        job = self.store.read(job_id)
        if job_id in self.final:
            assert job == self.final[job_id], "a finished job changed"
            return
        if job.status is JobStatus.PENDING:
            assert job.run_at is not None
            assert job.run_at > self.clock.now()
            return
        assert job.status in {JobStatus.COMPLETED, JobStatus.FAILED}
        if job.status is JobStatus.COMPLETED:
            assert (job.result, job.progress) == (asked.steps, 100.0)
            assert [step.name for step in self.store.steps(job_id)] == [f"{n}" for n in range(asked.steps)]
        elif "died 3 times in a row" not in (job.error or ""):
            assert job.failures == TRIES
            assert "not now" in (job.error or "")
        self.final[job_id] = job

    def no_recorded_step_ran_again(self, recorded: set[tuple[str, str]], before: Counter[tuple[str, str]]) -> None:
        assert {step for step in recorded if self.calls[step] != before[step]} == set()

    @invariant()
    def each_step_ran_once_at_most(self) -> None:
        assert all(times <= 1 for times in self.calls.values()), self.calls

    @invariant()
    def the_list_has_every_job_and_no_other(self) -> None:
        page = self.run(self.queue.find(limit=100))
        assert {job.id for job in page.jobs} == self.asked.keys()
        assert not (self.store.folder / "quarantine").exists()

    # -------------------------------------------------------------------------------------------------------------

    def recorded(self) -> set[tuple[str, str]]:
        """Every recorded step."""
        return {(job_id, step.name) for job_id in self.asked for step in self.store.steps(job_id)}

    @staticmethod
    def run(doing: Coroutine[Any, Any, Any], seconds: float = LONGEST) -> Any:
        """Run it in a loop of its own; what it leaves behind ends with it."""
        with asyncio.Runner() as runner:
            runner.get_loop().set_exception_handler(_tell_nothing)
            return runner.run(asyncio.wait_for(doing, seconds))


def _tell_nothing(_loop: asyncio.AbstractEventLoop, _context: dict[str, Any]) -> None:
    """Tasks of a dead process complain to nobody."""


TestDays = Days.TestCase
TestDays.settings = settings(
    max_examples=DAYS,
    stateful_step_count=EVENTS_A_DAY,
    deadline=None,
    print_blob=True,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
    database=None,
)
