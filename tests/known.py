"""What must be true of a job: the small model that the random lives of `test_model.py` are held against."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import event

from longtake import lifecycle
from longtake.job import Job, JobStatus
from longtake.lifecycle import CANCELLED, COMPLETED, FAILED, PENDING, RUNNING


@dataclass
class Known:
    """One job as the model has it."""

    status: JobStatus = PENDING
    attempt: int = 0
    progress: float = 0.0
    steps: list[str] = field(default_factory=list)
    result: Any = None
    stop_asked: bool = False
    failures: int = 0
    idle_deaths: int = 0
    steps_at_start: int = 0

    def start(self) -> None:
        self.status, self.attempt, self.steps_at_start = RUNNING, self.attempt + 1, len(self.steps)

    def report(self, percent: float) -> None:
        self.progress = max(self.progress, min(100.0, percent))

    def complete(self, result: Any) -> None:
        self.status, self.progress, self.result = COMPLETED, 100.0, result
        self.stop_asked, self.idle_deaths = False, 0

    def retry_by_itself(self) -> None:
        self.status, self.progress = PENDING, 0.0
        self.failures, self.stop_asked, self.idle_deaths = self.failures + 1, False, 0

    def fail(self) -> None:
        self.status = FAILED
        self.failures, self.stop_asked, self.idle_deaths = self.failures + 1, False, 0

    def cancel(self) -> None:
        if self.status is RUNNING:
            self.stop_asked = True
        elif self.status is PENDING:
            self.status = CANCELLED

    def stop(self) -> None:
        self.status, self.stop_asked, self.idle_deaths = CANCELLED, False, 0

    def requeue(self, *, fresh: bool) -> None:
        if self.status is not PENDING:
            self.status, self.progress, self.result, self.failures, self.idle_deaths = PENDING, 0.0, None, 0, 0
            self.steps = [] if fresh else self.steps

    def die(self) -> None:
        """Its worker died."""
        self.idle_deaths = self.idle_deaths + 1 if len(self.steps) == self.steps_at_start else 0
        if self.stop_asked:
            self.stop()
        elif self.idle_deaths >= lifecycle.DEATHS_IN_A_ROW:
            event("three deaths in a row")
            self.fail()
        else:
            self.status = PENDING

    def is_true_of(self, job: Job, steps: list[str]) -> None:
        """Fail unless a job and the names of its recorded steps are as the model has them."""
        assert job.status is self.status
        assert (job.progress, job.result, job.failures) == (self.progress, self.result, self.failures)
        assert job.cancel_requested is self.stop_asked
        assert steps == self.steps
        assert (job.attempts[-1].number if job.attempts else 0) == self.attempt
        assert (job.finished_at is not None) is job.status.is_final
        if job.status is not RUNNING:
            assert all(attempt.outcome for attempt in job.attempts)
