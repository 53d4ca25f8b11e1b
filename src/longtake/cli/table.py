"""Jobs as a table: a line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from longtake.cli.paint import Paint, cut, harmless
from longtake.job import JobStatus, JobSummary

_WIDEST_KIND = 24


def table(jobs: Sequence[JobSummary], paint: Paint, columns: int | None) -> Iterator[str]:
    """The lines, cut to so many columns."""
    kind = min(_WIDEST_KIND, max(len(job.kind) for job in jobs))
    yield paint("faint", cut(f"{'JOB':26}  {'STATUS':11} {'%':>4}  {'CREATED':16}  {'KIND':{kind}}  WHAT", columns))
    for job in jobs:
        begin = f"{job.id}  {paint.status(job.status)}"
        created = f"{job.created_at.astimezone():%Y-%m-%d %H:%M}"
        rest = f" {job.progress:4.0f}  {created}  {harmless(job.kind):{kind}}  {harmless(_what(job))}"
        yield begin + cut(rest, None if columns is None else max(0, columns - 39)).rstrip()


def _what(job: JobSummary) -> str:
    words = job.error if job.status is JobStatus.FAILED else job.progress_message
    return ": ".join(part for part in (job.title, words) if part)
