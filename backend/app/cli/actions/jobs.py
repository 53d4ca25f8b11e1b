"""What the commands about jobs do."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

import typer
from rich.text import Text

from app.cli.actions.finding import find_job
from app.cli.actions.following import as_json_lines, follow, progress_on, way_back
from app.cli.actions.results import print_results
from app.cli.exits import Exit, Refused, exit_of
from app.cli.printing import advise, aside, harmless, moment, out, print_json, say, status_word, words_of
from app.compare.export import Format
from app.compare.retrying import retry_cell, retry_failed
from app.compare.standing import CellNotFound, NotAComparison, Standing, read_standing
from app.jobs import job_queue
from longtake import Filter, Job, JobStatus, JobSummary, LongtakeError

_AT_ONCE = 200
CANCEL = frozenset({JobStatus.PENDING, JobStatus.RUNNING})
RETRY = frozenset({JobStatus.FAILED, JobStatus.CANCELLED})
FINISHED = RETRY | {JobStatus.COMPLETED}
DELETE = frozenset(set(JobStatus) - {JobStatus.RUNNING})
"""Of which status the jobs must be, where all are meant that match."""
Retry: TypeAlias = Callable[[str], Awaitable[Job]]


def ls(where: Filter, limit: int, *, as_json: bool) -> None:
    """List the jobs that match."""
    jobs = asyncio.run(_find(where, limit))
    if as_json:
        print_json({"jobs": [_summary(job) for job in jobs]})
        return
    for job in jobs:
        words = job.title or job.error or job.progress_message
        line = Text.assemble(f"{job.id}  ", status_word(job.status), f" {job.progress:3.0f} %  ")
        out.print(line.append(harmless(f"{moment(job.created_at)}  {words}")), highlight=False)
    if not jobs:
        advise("There are no such jobs.")


def show(beginning: str, *, as_json: bool) -> None:
    """Show one job."""
    job = asyncio.run(find_job(beginning))
    if as_json:
        as_json_lines(job)
        return
    out.print(Text.assemble(status_word(job.status), f" {job.progress:3.0f} %  {harmless(job.title or job.kind)}"))
    for name, value in _story(job):
        say(f"{name:10}{value}")
    try:
        _show_cells(read_standing(job, asyncio.run(job_queue.steps(job.id))))
    except NotAComparison:
        say(f"{'steps':10}{job.steps}")


def watch(beginning: str, timeout: float | None, data: Path | None, *, as_json: bool) -> Exit:
    """Follow a job to its end; returns how it ended."""
    job = asyncio.run(find_job(beginning))
    if as_json:
        return exit_of(follow(job, as_json_lines, timeout=timeout, data=data).status)
    with progress_on(out) as show_progress:
        job = follow(job, show_progress, timeout=timeout, data=data)
    return exit_of(job.status)


def result(beginning: str, wanted: Format | None, output: Path | None) -> Exit:
    """Print the answers; returns how the job ended."""
    job = asyncio.run(find_job(beginning))
    if not job.status.is_final:
        advise(f"The job is {job.status}: these are the answers so far.")
    try:
        asyncio.run(print_results(job.id, wanted, output))
    except NotAComparison as error:
        raise Refused(str(error)) from None
    return exit_of(job.status)


def choose(
    beginnings: Sequence[str] | None,
    where: Filter,
    *,
    all_matching: bool,
    can: Collection[JobStatus] = tuple(JobStatus),
) -> Sequence[Job | JobSummary]:
    """The jobs that are named, or all that match and whose status allows it. Raises Refused."""
    if all_matching and beginnings:
        raise Refused("Name jobs, or say --all-matching; not both.")
    if all_matching:
        return [job for job in asyncio.run(_find(where, None)) if job.status in can]
    if where != Filter():
        raise Refused("--status, --kind, --tag and --text need --all-matching here.")
    if not beginnings:
        raise Refused("Name at least one job, or say --all-matching: longtake-compare jobs ls lists them.")
    return asyncio.run(_found(beginnings))


def cancel(jobs: Sequence[Job | JobSummary]) -> Exit:
    """Cancel jobs."""

    async def one(job_id: str) -> str:
        job = await job_queue.cancel(job_id)
        return "cancelled" if job.status is JobStatus.CANCELLED else "stopping"

    return _each(jobs, one)


def way_to_retry(cell: str | None, *, failed: bool, fresh: bool) -> Retry:
    """How jobs are given another go. Raises Refused."""
    if sum((cell is not None, failed, fresh)) > 1:
        raise Refused("Choose one of --cell, --failed and --fresh.")
    if cell is not None:
        return lambda job_id: retry_cell(job_queue, job_id, cell)
    if failed:
        return lambda job_id: retry_failed(job_queue, job_id)
    return lambda job_id: job_queue.retry(job_id, fresh=fresh)


def retry(jobs: Sequence[Job | JobSummary], how: Retry, data: Path | None) -> Exit:
    """Give jobs another go."""

    async def one(job_id: str) -> str:
        return (await how(job_id)).status

    ended = _each(jobs, one)
    if len(jobs) == 1 and ended is Exit.DONE:
        advise(f"Follow it with: {way_back(jobs[0].id, data)}")
    return ended


def rm(jobs: Sequence[Job | JobSummary]) -> Exit:
    """Delete jobs."""

    async def one(job_id: str) -> str:
        await job_queue.delete(job_id)
        return "deleted"

    return _each(jobs, one)


def make_sure(count: int) -> None:
    """Ask the person before much is deleted. Raises Refused where nobody can be asked, or the answer is no."""
    if not count:
        return
    if not (sys.stdin.isatty() and aside.is_terminal):
        raise Refused(f"This would delete {count} jobs: add --yes to do it, or --dry-run to see which.")
    if not typer.confirm(f"Delete {count} jobs?", err=True):
        raise Refused("Nothing is deleted.")


def name(jobs: Sequence[Job | JobSummary], what: str) -> None:
    """Print what would happen to jobs."""
    for job in jobs:
        say(f"{job.id} {what}: {job.title or job.kind}")
    advise(f"{len(jobs)} {'job' if len(jobs) == 1 else 'jobs'}.")


def cleanup(days: float, *, dry_run: bool, as_json: bool) -> None:
    """Delete old jobs."""
    cleaned = asyncio.run(job_queue.cleanup(older_than=timedelta(days=days), dry_run=dry_run))
    if as_json:
        print_json({"jobs": cleaned.jobs, "bytes": cleaned.bytes, "dry_run": dry_run})
        return
    verb = "would be deleted" if dry_run else "deleted"
    say(f"{cleaned.jobs} {'job' if cleaned.jobs == 1 else 'jobs'}, {cleaned.bytes / 1e6:.1f} MB {verb}.")


async def _find(where: Filter, limit: int | None) -> list[JobSummary]:
    """Those that match, newest first; all of them without a limit."""
    jobs: list[JobSummary] = []
    cursor: str | None = None
    while limit is None or len(jobs) < limit:
        page = await job_queue.find(
            status=where.status,
            kind=where.kind,
            tag=where.tag,
            text=where.text,
            limit=_AT_ONCE if limit is None else min(_AT_ONCE, limit - len(jobs)),
            after=cursor,
        )
        jobs += page.jobs
        cursor = page.next
        if cursor is None:
            break
    return jobs


async def _found(beginnings: Sequence[str]) -> list[Job]:
    """All of them, each once, before anything is done with the first."""
    found = [await find_job(beginning) for beginning in beginnings]
    return list({job.id: job for job in found}.values())


def _each(jobs: Sequence[Job | JobSummary], do: Callable[[str], Awaitable[str]]) -> Exit:
    """Do it with every job and print what came of it; one that refuses does not keep the others from it."""
    return asyncio.run(_do_each([job.id for job in jobs], do))


async def _do_each(job_ids: Sequence[str], do: Callable[[str], Awaitable[str]]) -> Exit:
    ended = Exit.DONE
    for job_id in job_ids:
        try:
            say(f"{job_id} {await do(job_id)}")
        except CellNotFound as error:
            raise Refused(str(error)) from None
        except (LongtakeError, NotAComparison) as error:
            advise(words_of(error))
            ended = Exit.FAILED
    if not job_ids:
        advise("There are no such jobs.")
    return ended


def _story(job: Job) -> list[tuple[str, str]]:
    lines = [("id", job.id), ("kind", job.kind), ("created", moment(job.created_at))]
    lines += [("started", moment(job.started_at)), ("finished", moment(job.finished_at))]
    if job.error:
        lines.append(("error", job.error))
    elif not job.status.is_final:
        lines.append(("now", job.progress_message or "waiting"))
    for attempt in job.attempts:
        end = f"{attempt.outcome} {moment(attempt.ended_at)}" if attempt.ended_at else "still running"
        lines.append(
            (f"attempt {attempt.number}", f"{moment(attempt.started_at)}, {end} {attempt.error or ''}".rstrip())
        )
    return lines


def _show_cells(standing: Standing) -> None:
    for plan in standing.plans:
        cell = standing.cells.get(plan.cell)
        took = f"{cell.timings.total:.1f} s" if cell and cell.timings.total is not None else ""
        why = cell.error.message if cell and cell.error else ""
        say(f"cell {plan.cell:8} {standing.state(plan.cell):10} {plan.model}  {took}  {why}".rstrip())


def _summary(job: JobSummary) -> dict[str, object]:
    fields = {name: getattr(job, name) for name in job.__struct_fields__ if name != "id"}
    return {"job_id": job.id, **{name: _plain(value) for name, value in fields.items()}}


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value
