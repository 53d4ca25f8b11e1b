"""Jobs as text on a terminal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from longtake.job import Job, JobStatus, JobSummary, Step

_SIGNS = {
    JobStatus.PENDING: "·",
    JobStatus.RUNNING: "▶",
    JobStatus.COMPLETED: "✓",
    JobStatus.FAILED: "✗",
    JobStatus.CANCELLED: "⊘",
}
_BAR = 24


def table(jobs: Sequence[JobSummary]) -> str:
    """One line a job."""
    if not jobs:
        return "No jobs."
    head = f"{'JOB':26}  {'STATUS':11} {'%':>4}  {'CREATED':16}  KIND  WHAT"
    return "\n".join([head, *(_row(job) for job in jobs)])


def bar_line(job: Job) -> str:
    """Sign, bar, percent and message of a job on one line."""
    filled = round(_BAR * job.progress / 100)
    bar = "█" * filled + "░" * (_BAR - filled)
    words = job.error if job.status is JobStatus.FAILED else job.progress_message
    return f"{_SIGNS[job.status]} {job.status:9} {bar} {job.progress:3.0f} %  {words or ''}"


def details(job: Job, steps: Sequence[Step]) -> str:
    """All of a job that a person wants to know."""
    lines = [bar_line(job), f"id        {job.id}", f"kind      {job.kind}", f"created   {_time(job.created_at)}"]
    if job.title:
        lines.insert(1, f"title     {job.title}")
    if job.finished_at:
        lines.append(f"finished  {_time(job.finished_at)}")
    lines.append(f"args      {_short(job.args)}")
    for attempt in job.attempts:
        end = f"{attempt.outcome} {_time(attempt.ended_at)}" if attempt.ended_at else "still running"
        why = f" ({attempt.error})" if attempt.error else ""
        lines.append(f"attempt {attempt.number}  {_time(attempt.started_at)}, {end}{why}")
    lines.append(f"steps     {job.steps}")
    lines += [f"  {step.number:3} {step.name}: {_short(step.value)}" for step in steps]
    if job.result is not None:
        lines.append(f"result    {_short(job.result)}")
    return "\n".join(lines)


def _row(job: JobSummary) -> str:
    words = job.title or job.error or job.progress_message
    created = f"{job.created_at.astimezone():%Y-%m-%d %H:%M}"
    return f"{job.id}  {_SIGNS[job.status]} {job.status:9} {job.progress:4.0f}  {created}  {job.kind}  {words}"


def _time(moment: datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}" if moment else "-"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 400 else f"{text[:400]}… ({len(text)} characters; --json shows all)"  # noqa: PLR2004
