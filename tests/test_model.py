"""Random lives of jobs, on a real folder and in a small model of it, compared after each step.

LONGTAKE_MODEL_STEPS=1000000 makes it run as many steps; each crash is a new store on the same folder.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from known import Known
from making import inspected, make_step
from making import job_id as numbered

from longtake import lifecycle, recovery, requests
from longtake.errors import AttemptOver, JobExists, JobNotFound
from longtake.job import Job, JobStatus, summarise
from longtake.lifecycle import CANCELLED, COMPLETED, FAILED, PENDING, RUNNING
from longtake.store import Filter, Request, Verb, WorkerInfo
from longtake.stores.files import FilesStore
from longtake.testing import FakeClock

pytestmark = pytest.mark.timeout(1800)  # a failure takes minutes to be made small
STEPS_IN_A_LIFE = 50
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 (no sync matters here: nothing loses power)
STEPS = int(os.environ.get("LONGTAKE_MODEL_STEPS", "50000"))


class Lives(RuleBasedStateMachine):
    """The owner of a folder and those who ask it, step by step."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY)
        self.clock = FakeClock()
        self.model: dict[str, Known] = {}
        self.open: dict[str, Job] = {}
        self.position = -1
        self.submitted = 0

    @initialize()
    def begin(self) -> None:
        self.store = FilesStore(Path(self.folder.name) / "jobs")
        self.own()
        self.position = self.store.changes(-1).position

    def own(self) -> None:
        assert self.store.own(WorkerInfo(id="worker", pid=os.getpid(), started_at=self.clock.now()))

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    # What happens -----------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.model) < 4)
    @rule(priority=st.integers(-2, 2), keyed=st.booleans())
    def submit(self, priority: int, keyed: bool) -> None:  # noqa: FBT001 (Hypothesis gives it by name)
        now = self.clock.now()
        self.submitted += 1
        key = "key" if keyed else None
        job = Job(id=numbered(self.submitted), kind="demo", created_at=now, priority=priority, key=key)
        if keyed:
            bound = self.store.reserve("key", job.id)
            if bound in self.model:
                with pytest.raises(JobExists):
                    self.store.create(self.store.read(bound))
                return
            job = Job(id=bound, kind="demo", created_at=now, key="key")
        self.store.create(job)
        self.model[job.id] = Known()

    @precondition(lambda self: self.those(PENDING))
    @rule(data=st.data())
    def start(self, data: st.DataObject) -> None:
        job_id = self.one_of(data, PENDING)
        known = self.model[job_id]
        job = lifecycle.start(self.store.read(job_id), "worker", self.clock.now())
        self.store.commit(job, durable=False)
        self.open[job_id] = job
        known.start()
        assert job.attempts[-1].number == known.attempt

    @precondition(lambda self: self.open)
    @rule(data=st.data(), percent=st.floats(-10, 120))
    def report(self, data: st.DataObject, percent: float) -> None:
        job_id = data.draw(st.sampled_from(sorted(self.open)))
        known = self.model[job_id]
        self.end(job_id, lambda job: lifecycle.report(job, known.attempt, percent, "on the way"), durable=False)
        known.report(percent)

    @precondition(lambda self: self.open)
    @rule(data=st.data(), counted=st.booleans())
    def record(self, data: st.DataObject, counted: bool) -> None:  # noqa: FBT001 (Hypothesis gives it by name)
        job_id = data.draw(st.sampled_from(sorted(self.open)))
        known = self.model[job_id]
        number = len(known.steps) + 1
        self.store.append(job_id, make_step(number))
        known.steps.append(f"step {number}")
        if counted:
            self.end(job_id, lambda job: lifecycle.count_steps(job, known.attempt, number), durable=False)

    @precondition(lambda self: self.open)
    @rule(data=st.data(), result=st.integers() | st.text(st.characters(codec="utf-8")))
    def complete(self, data: st.DataObject, result: int | str) -> None:
        job_id = data.draw(st.sampled_from(sorted(self.open)))
        known = self.model[job_id]
        self.end(job_id, lambda job: lifecycle.complete(job, known.attempt, self.clock.now(), result))
        del self.open[job_id]
        known.complete(result)

    @precondition(lambda self: self.open)
    @rule(data=st.data(), again=st.booleans())
    def fail(self, data: st.DataObject, again: bool) -> None:  # noqa: FBT001 (Hypothesis gives it by name)
        job_id = data.draw(st.sampled_from(sorted(self.open)))
        known, now = self.model[job_id], self.clock.now()
        if again:
            self.end(job_id, lambda job: lifecycle.retry(job, known.attempt, now, "broke", now))
            known.retry_by_itself()
        else:
            self.end(job_id, lambda job: lifecycle.fail(job, known.attempt, now, "broke"))
            known.fail()
        del self.open[job_id]

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        job_id = self.one_of(data, *JobStatus)
        known = self.model[job_id]
        if known.status is RUNNING:
            self.end(job_id, lambda job: lifecycle.cancel(job, self.clock.now()))
        else:
            self.ask(job_id, "cancel")
        known.cancel()

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def stop(self, data: st.DataObject) -> None:
        job_id = data.draw(st.sampled_from(sorted(self.open)))
        known = self.model[job_id]
        self.end(job_id, lambda job: lifecycle.stop(job, known.attempt, self.clock.now()))
        del self.open[job_id]
        known.stop()

    @precondition(lambda self: self.model)
    @rule(data=st.data(), fresh=st.booleans())
    def retry(self, data: st.DataObject, fresh: bool) -> None:  # noqa: FBT001 (Hypothesis gives it by name)
        job_id = self.one_of(data, PENDING, COMPLETED, FAILED, CANCELLED)
        if job_id is None:
            return
        self.ask(job_id, "retry", fresh=fresh)
        self.model[job_id].requeue(fresh=fresh)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        job_id = self.one_of(data, PENDING, COMPLETED, FAILED, CANCELLED)
        if job_id is None:
            return
        self.ask(job_id, "delete")
        del self.model[job_id]
        with pytest.raises(JobNotFound):
            self.store.read(job_id)

    @rule(torn=st.booleans(), index_lost=st.booleans())
    def crash(self, torn: bool, index_lost: bool) -> None:  # noqa: FBT001 (Hypothesis gives it by name)
        """The owner vanishes, in the middle of recording a step perhaps, and another takes over."""
        dead, self.store = self.store, FilesStore(self.store.folder)
        dead.close()
        for job_id in self.open if torn else ():
            with (self.store.folder / f"{job_id}.steps.jsonl").open("ab") as journal:
                journal.write(b'{"crc":"01234567","number":')
        if index_lost:
            (self.store.folder / "run" / "index.sqlite").unlink(missing_ok=True)
        self.own()
        pending = recovery.recover(self.store, self.clock.now())
        for job_id in self.open:
            self.model[job_id].die()
        self.open = {}
        assert {job.id for job in pending} == set(self.those(PENDING))

    @precondition(lambda self: self.those(PENDING))
    @rule(data=st.data())
    def start_and_crash_at_once(self, data: st.DataObject) -> None:
        self.start(data)
        self.crash(torn=False, index_lost=False)

    @rule(seconds=st.floats(0, 86_400), how=st.sampled_from(("advance", "sleep_computer", "turn", "turn back")))
    def time_passes(self, seconds: float, how: str) -> None:
        if how == "turn back":
            self.clock.turn(-min(seconds, 3600))
        else:
            getattr(self.clock, how)(seconds)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def an_attempt_that_is_over_comes_back(self, data: st.DataObject) -> None:
        job_id = self.one_of(data, *JobStatus)
        known, job = self.model[job_id], self.store.read(job_id)
        for number in {known.attempt - 1, known.attempt if known.status is not RUNNING else 0}:
            with pytest.raises(AttemptOver):
                lifecycle.complete(job, number, self.clock.now(), "late")

    @rule()
    def look(self) -> None:
        assert inspected(self.store) == []

    # What must hold ---------------------------------------------------------------------------------------------

    @invariant()
    def every_job_is_as_the_model_has_it(self) -> None:
        for job_id, known in self.model.items():
            known.is_true_of(self.store.read(job_id), [step.name for step in self.store.steps(job_id)])

    @invariant()
    def the_list_is_as_the_files(self) -> None:
        listed = self.store.find(Filter(), limit=100).jobs
        assert listed == [summarise(self.store.read(job_id)) for job_id in sorted(self.model, reverse=True)]
        counts = dict.fromkeys(JobStatus, 0)
        for known in self.model.values():
            counts[known.status] += 1
        assert self.store.counts() == counts

    @invariant()
    def changes_are_told_once_and_none_is_missed(self) -> None:
        changes = self.store.changes(self.position)
        assert changes.position >= self.position
        assert not {job.id for job in changes.changed} - self.model.keys()
        assert not set(changes.deleted) & self.model.keys()
        self.position = changes.position

    @invariant()
    def nothing_is_in_quarantine_and_nothing_lies_around(self) -> None:
        names = {path.name for path in self.store.folder.iterdir()}
        assert not [name for name in names if name.endswith(".tmp") or name == "quarantine"]

    # -----------------------------------------------------------------------------------------------------------

    def those(self, *status: JobStatus) -> list[str]:
        return sorted(job_id for job_id, known in self.model.items() if known.status in status)

    def one_of(self, data: st.DataObject, *status: JobStatus) -> Any:
        found = self.those(*status)
        return data.draw(st.sampled_from(found)) if found else None

    def end(self, job_id: str, change: Callable[[Job], Job], *, durable: bool = True) -> None:
        """As a running attempt writes: what was recorded since it last wrote is counted first."""
        known, job = self.model[job_id], self.open[job_id]
        if job.steps != len(known.steps):
            job = lifecycle.count_steps(job, known.attempt, len(known.steps))
        job = change(job)
        self.store.commit(job, durable=durable)
        self.open[job_id] = job

    def ask(self, job_id: str, verb: Verb, **details: Any) -> None:
        """As any process asks: by a request that the owner does and settles, perhaps twice."""
        request = Request(job_id, verb, details)
        self.store.ask(request)
        for _ in range(2):
            for found in self.store.requests():
                requests.apply(self.store, found, self.clock.now())
        self.store.settle(request)
        assert self.store.requests() == []


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=max(1, STEPS // STEPS_IN_A_LIFE),
    stateful_step_count=STEPS_IN_A_LIFE,
    deadline=None,
    print_blob=True,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
    database=None,
)
