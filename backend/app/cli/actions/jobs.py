"""What the commands do that show jobs, and `cleanup`."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from rich.text import Text

from app.cli.actions.finding import find_job
from app.cli.actions.following import as_json_lines, follow, progress_on
from app.cli.actions.results import print_results
from app.cli.exits import Exit, Refused, exit_of
from app.cli.printing import advise, harmless, moment, out, print_json, say, status_word
from app.compare.export import Format
from app.compare.standing import NotAComparison, Standing, read_standing
from app.jobs import job_queue
from longtake import Filter, Job, JobSummary


def ls(where: Filter, limit: int, *, as_json: bool) -> None:
    """List the jobs that match."""
    jobs = asyncio.run(find_all(where, limit))
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


def cleanup(days: float, *, dry_run: bool, as_json: bool) -> None:
    """Delete old jobs."""
    cleaned = asyncio.run(job_queue.cleanup(older_than=timedelta(days=days), dry_run=dry_run))
    if as_json:
        print_json({"jobs": cleaned.jobs, "bytes": cleaned.bytes, "dry_run": dry_run})
        return
    verb = "would be deleted" if dry_run else "deleted"
    say(f"{cleaned.jobs} {'job' if cleaned.jobs == 1 else 'jobs'}, {cleaned.bytes / 1e6:.1f} MB {verb}.")


async def find_all(where: Filter, limit: int | None) -> list[JobSummary]:
    """Those that match, newest first; all of them without a limit."""
    return [job async for job in job_queue.matching(where, limit=limit)]


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
