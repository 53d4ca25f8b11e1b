"""One job for a person: what it is, where it stands and why, when everything happened, what came out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from longtake.cli.paint import Paint, cut, harmless
from longtake.cli.times import between, moment, span
from longtake.job import Attempt, Job, JobStatus, Step
from longtake.store import WorkerInfo

_LATEST_STEPS = 10
_LONGEST = 400


@dataclass(frozen=True, kw_only=True)
class Told:
    """All that is known of a job at a moment."""

    job: Job
    steps: Sequence[Step]
    live: Mapping[str, Any]
    worker: WorkerInfo | None
    now: datetime


def story(told: Told, paint: Paint, columns: int | None, *, all_steps: bool) -> Iterator[str]:
    """The lines."""
    job = told.job
    yield f"{paint.status(job.status)} {paint.bar(job.status, job.progress)} {job.progress:3.0f} %  " + paint(
        "bold", harmless(job.title or job.kind)
    )
    yield harmless(reason(told))
    yield ""
    for name, value in _facts(told):
        yield f"{paint('faint', f'{name:9}')} {harmless(value)}"
    if job.attempts:
        yield paint("faint", "attempts")
        yield from (f"  {harmless(_attempt(attempt, told.now))}" for attempt in job.attempts)
    if told.steps:
        yield from _steps(told.steps, paint, columns, all_of_them=all_steps)
    if told.live:
        yield paint("faint", "shown for the moment")
        yield from (cut(f"  {harmless(name)}: {_short(value)}", columns) for name, value in told.live.items())
    if job.result is not None:
        yield f"{paint('faint', 'result   ')} {_short(job.result)}"


def reason(told: Told) -> str:
    """Why the job stands where it stands."""
    job = told.job
    match job.status:
        case JobStatus.PENDING:
            return _why_it_waits(told)
        case JobStatus.RUNNING:
            return _how_it_runs(told)
        case JobStatus.FAILED:
            return job.error or "It failed."
        case JobStatus.CANCELLED:
            return f"It was cancelled{f' while it said: {job.progress_message}' if job.progress_message else '.'}"
        case JobStatus.COMPLETED:
            return _how_it_went(job)


def _why_it_waits(told: Told) -> str:
    job, last = told.job, told.job.attempts[-1] if told.job.attempts else None
    past = ""
    if last is not None and last.outcome == "retried":
        past = f"Attempt {last.number} failed: {last.error}. "
    elif last is not None and last.outcome == "interrupted":
        past = f"Attempt {last.number} was interrupted ({last.error}), which costs it no retry. "
    if job.run_at is not None and job.run_at > told.now:
        return f"{past}It waits until {moment(job.run_at)}, in {between(told.now, job.run_at)}."
    if told.worker is None:
        return f"{past}It waits for a worker, and none runs: start your program, or `longtake work MODULE:QUEUE`."
    return f"{past}It waits for its turn."


def _how_it_runs(told: Told) -> str:
    job, attempt = told.job, told.job.attempts[-1]
    if told.worker is None:
        return f"Its worker is gone: the next one goes on after {_steps_word(job.steps)}."
    if job.cancel_requested:
        return "It was asked to stop, and ends as soon as its handler does."
    saying = f": {job.progress_message}" if job.progress_message else ""
    return f"Process {told.worker.pid} has been at it for {between(attempt.started_at, told.now)}{saying}"


def _how_it_went(job: Job) -> str:
    attempts = f", after {len(job.attempts)} attempts" if len(job.attempts) > 1 else ""
    return f"It is done{attempts}."


def _facts(told: Told) -> Iterator[tuple[str, str]]:
    job = told.job
    yield "id", job.id
    yield "kind", job.kind
    if job.tags:
        yield "tags", ", ".join(job.tags)
    if job.about:
        yield "about", ", ".join(job.about)
    if job.priority:
        yield "priority", str(job.priority)
    if job.keep:
        yield "kept", "a cleanup leaves it alone"
    if job.key is not None:
        yield "key", job.key
    yield "created", f"{moment(job.created_at)}, {between(job.created_at, told.now)} ago"
    if job.started_at is not None:
        yield "started", f"{moment(job.started_at)}, after a wait of {between(job.created_at, job.started_at)}"
    if job.finished_at is not None:
        took = f", {between(job.started_at, job.finished_at)} after it started" if job.started_at else ""
        yield "finished", f"{moment(job.finished_at)}{took}"
    for target in job.notify:
        yield "notify", f"{target}: {job.notified.get(target, 'when it is finished')}"
    yield "args", _short(job.args)


def _attempt(attempt: Attempt, now: datetime) -> str:
    ran = between(attempt.started_at, attempt.ended_at or now)
    end = f"{attempt.outcome}{f': {attempt.error}' if attempt.error else ''}" if attempt.ended_at else "running"
    slept = f", slept {span(sum(sleep.seconds for sleep in attempt.sleeps))}" if attempt.sleeps else ""
    return f"{attempt.number:3}  {moment(attempt.started_at)}  {ran:>12}  {end}{slept}"


def _steps(steps: Sequence[Step], paint: Paint, columns: int | None, *, all_of_them: bool) -> Iterator[str]:
    shown = steps if all_of_them else steps[-_LATEST_STEPS:]
    rest = f", the latest {len(shown)} here; --steps shows all" if len(shown) < len(steps) else ""
    yield paint("faint", f"steps     {len(steps)}{rest}")
    for step in shown:
        yield cut(f"{step.number:5}  {moment(step.finished_at)}  {harmless(step.name)}: {_short(step.value)}", columns)


def _steps_word(count: int) -> str:
    return f"{count} recorded step{'' if count == 1 else 's'}"


def _short(value: object) -> str:
    text = harmless(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters; --json shows all)"
