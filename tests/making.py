"""Jobs and steps as tests need them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from longtake.job import Attempt, Job, JobStatus, Step
from longtake.store import Store

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def job_id(number: int = 1) -> str:
    """A well-formed id."""
    return f"{number:026d}"


def make_job(number: int = 1, **members: Any) -> Job:
    """A pending job, or what the members say."""
    return Job(**{"id": job_id(number), "kind": "demo", "created_at": NOW, **members})


def make_running(number: int = 1, **members: Any) -> Job:
    """A job in its first attempt."""
    attempt = Attempt(number=1, worker="w", started_at=NOW)
    return make_job(number, **{"status": JobStatus.RUNNING, "attempts": (attempt,), **members})


def make_step(number: int, name: str | None = None, value: Any = None) -> Step:
    """A recorded step."""
    return Step(number=number, name=name or f"step {number}", args="0" * 16, value=value, finished_at=NOW)


def inspected(store: Store) -> list[Job]:
    """The jobs that the index did not know as they are; from now on it does."""
    return [job for job_ids in store.differences() for job in store.inspect(job_ids)]
