"""The whole life of a job: one table and pure functions. Job and time in, job out.

Start reading here. Nothing in this module knows of files, clocks or workers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from msgspec.structs import replace

from longtake.errors import AttemptOver, InvalidTransition
from longtake.job import Attempt, Job, JobStatus, Sleep
from longtake.values import clean_text

PENDING, RUNNING, COMPLETED, FAILED, CANCELLED = JobStatus

TRANSITIONS: Final[dict[str, tuple[frozenset[JobStatus], JobStatus]]] = {
    # event         may follow                                     leads to
    "started": (frozenset({PENDING}), RUNNING),
    "completed": (frozenset({RUNNING}), COMPLETED),
    "failed": (frozenset({RUNNING}), FAILED),
    "retried": (frozenset({RUNNING}), PENDING),  # this attempt failed, another is due at run_at
    "interrupted": (frozenset({RUNNING}), PENDING),  # its worker stopped or died: costs no attempt
    "cancelled": (frozenset({PENDING, RUNNING}), CANCELLED),
    "requeued": (frozenset({FAILED, CANCELLED, COMPLETED}), PENDING),  # a person asked for another go
}

EDITABLE = frozenset({"title", "tags", "keep", "priority", "run_at"})
_WHILE_PENDING = frozenset({"priority", "run_at"})
KEPT_ATTEMPTS = 20
KEPT_SLEEPS = 20
DEATHS_IN_A_ROW = 3
"""So many workers in a row may die in a job that records nothing before the job is held responsible."""

Interruption = Literal["worker died", "worker stopped", "computer slept"]


def start(job: Job, worker: str, now: datetime) -> Job:
    number = job.attempts[-1].number + 1 if job.attempts else 1
    attempts = (*job.attempts, Attempt(number=number, worker=worker, started_at=now, steps=job.steps))[-KEPT_ATTEMPTS:]
    return _advance(job, "started", attempts=attempts, started_at=job.started_at or now, run_at=None)


def report(job: Job, attempt: int, percent: float, message: str | None) -> Job:
    """Take a progress report: percent is held within 0 to 100 and never goes back."""
    _current(job, attempt)
    percent = max(job.progress, min(percent, 100.0))  # in this order, so that "not a number" changes nothing
    words = job.progress_message if message is None else clean_text(message)
    if (percent, words) == (job.progress, job.progress_message):
        return job
    return replace(job, progress=percent, progress_message=words, revision=job.revision + 1)


def count_steps(job: Job, attempt: int, steps: int) -> Job:
    """Note how long the journal is now."""
    _current(job, attempt)
    return replace(job, steps=steps, revision=job.revision + 1)


def note_sleeps(job: Job, attempt: int, sleeps: Sequence[Sleep]) -> Job:
    """Note when the computer slept in the attempt, all of it so far; what is noted already changes nothing."""
    current = _current(job, attempt)
    latest = tuple(sleeps[-KEPT_SLEEPS:])
    if latest == current.sleeps:
        return job
    return replace(job, attempts=(*job.attempts[:-1], replace(current, sleeps=latest)), revision=job.revision + 1)


def complete(job: Job, attempt: int, now: datetime, result: Any) -> Job:
    return _end(job, attempt, "completed", now, None, result=result, error=None, progress=100.0, finished_at=now)


def fail(job: Job, attempt: int, now: datetime, error: str) -> Job:
    error, failures = clean_text(error), job.failures + 1
    return _end(job, attempt, "failed", now, error, error=error, failures=failures, finished_at=now)


def retry(job: Job, attempt: int, now: datetime, error: str, run_at: datetime) -> Job:
    """End a failed attempt of a job that gets another one at `run_at`."""
    error, failures = clean_text(error), job.failures + 1
    return _end(job, attempt, "retried", now, error, error=error, failures=failures, run_at=run_at, progress=0.0)


def interrupt(job: Job, attempt: int, now: datetime, reason: Interruption, steps: int) -> Job:
    """End an attempt that its worker could not finish; `steps` is the length of the journal."""
    has_recorded = steps != _current(job, attempt).steps
    deaths = 0 if has_recorded or reason != "worker died" else job.deaths + 1
    job = replace(job, steps=steps)
    if job.cancel_requested:
        return stop(job, attempt, now)
    if deaths >= DEATHS_IN_A_ROW:
        return fail(job, attempt, now, f"Its worker died {DEATHS_IN_A_ROW} times in a row while this job ran.")
    return _end(job, attempt, "interrupted", now, reason, deaths=deaths)


def cancel(job: Job, now: datetime) -> Job:
    """Cancel a waiting job at once; ask a running one to stop."""
    if job.status is RUNNING:
        return replace(job, cancel_requested=True, revision=job.revision + 1)
    return _advance(job, "cancelled", finished_at=now)


def stop(job: Job, attempt: int, now: datetime) -> Job:
    """End an attempt whose handler has stopped because the job was cancelled."""
    return _end(job, attempt, "cancelled", now, None, finished_at=now)


def requeue(job: Job, now: datetime, *, steps: int) -> Job:
    """Give a finished job another go; `steps` of its journal are kept."""
    fresh: dict[str, Any] = {"result": None, "error": None, "progress": 0.0, "progress_message": "", "notified": {}}
    return _advance(job, "requeued", run_at=now, finished_at=None, failures=0, deaths=0, steps=steps, **fresh)


def edit(job: Job, changes: Mapping[str, Any]) -> Job:
    """Change what may change at any time: see `EDITABLE`. A finished job has no use for a priority or a time."""
    if job.status not in editable(changes.keys()):
        raise InvalidTransition(job.id, job.status, f"given another {min(_WHILE_PENDING & changes.keys())}")
    return replace(job, revision=job.revision + 1, **{name: changes[name] for name in EDITABLE & changes.keys()})


def was_edited(job: Job, before: Job, changes: Mapping[str, Any]) -> bool:
    """Whether a job got the changes, by what it was before and is now.

    A start uses up `run_at`: a job that began since then, and not before the time that was wanted, got it.
    """
    wanted = edit(before, changes)
    missing = {name for name in EDITABLE & changes.keys() if getattr(job, name) != getattr(wanted, name)}
    if missing != {"run_at"}:
        return not missing
    known = before.attempts[-1].number if before.attempts else 0
    began = next((attempt.started_at for attempt in job.attempts if attempt.number > known), None)
    return began is not None and (wanted.run_at is None or began >= wanted.run_at)


def editable(names: Collection[str]) -> frozenset[JobStatus]:
    """Of which status a job must be for these to change."""
    return frozenset({PENDING}) if _WHILE_PENDING & set(names) else frozenset(JobStatus)


def note_notified(job: Job, results: Mapping[str, str]) -> Job:
    """Note what came of the notifications."""
    return replace(job, notified=dict(results), revision=job.revision + 1)


def may(job: Job, event: str) -> bool:
    """Whether the event may follow the job's status."""
    return job.status in TRANSITIONS[event][0]


def _end(job: Job, attempt: int, event: str, now: datetime, why: str | None, **changes: Any) -> Job:
    ended = replace(_current(job, attempt), ended_at=now, outcome=event, error=why, steps=job.steps)
    return _advance(job, event, attempts=(*job.attempts[:-1], ended), **{"deaths": 0, **changes})


def _current(job: Job, attempt: int) -> Attempt:
    if job.status is not RUNNING or job.attempts[-1].number != attempt:
        raise AttemptOver(job.id, attempt)
    return job.attempts[-1]


def _advance(job: Job, event: str, **changes: Any) -> Job:
    may_follow, leads_to = TRANSITIONS[event]
    if job.status not in may_follow:
        raise InvalidTransition(job.id, job.status, event)
    return replace(job, status=leads_to, cancel_requested=False, revision=job.revision + 1, **changes)
