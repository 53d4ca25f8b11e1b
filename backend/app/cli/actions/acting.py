"""What the commands do that act on one job or many: cancel, retry, rm."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Collection, Sequence
from pathlib import Path
from typing import TypeAlias

import typer

from app.cli.actions.finding import find_job
from app.cli.actions.following import way_back
from app.cli.actions.jobs import find_all
from app.cli.choosing import Choice
from app.cli.exits import Exit, Refused
from app.cli.printing import advise, aside, print_json, say, words_of
from app.compare.cancelling import cancel_cell
from app.compare.retrying import retry_cell, retry_failed
from app.compare.standing import CellNotFound, NotAComparison
from app.jobs import cancels, job_queue
from longtake import Filter, Job, JobStatus, JobSummary, LongtakeError

CANCEL = frozenset({JobStatus.PENDING, JobStatus.RUNNING})
RETRY = frozenset({JobStatus.FAILED, JobStatus.CANCELLED})
FINISHED = RETRY | {JobStatus.COMPLETED}
DELETE = frozenset(set(JobStatus) - {JobStatus.RUNNING})
"""Of which status the jobs must be, where all are meant that match."""
Jobs: TypeAlias = Sequence[Job | JobSummary]
Act: TypeAlias = Callable[[str], Awaitable[str]]
"""Does it with the job of an id and says what came of it."""
Retry: TypeAlias = Callable[[str], Awaitable[Job]]


def chosen(choice: Choice, can: Collection[JobStatus] = tuple(JobStatus)) -> Jobs:
    """The jobs that are named, or all that match and whose status allows it. Raises Refused."""
    if choice.all_matching and choice.named:
        raise Refused("Name jobs, or say --all-matching; not both.")
    if choice.all_matching:
        return [job for job in asyncio.run(find_all(choice.where, None)) if job.status in can]
    if choice.where != Filter():
        raise Refused("--status, --kind, --tag, --about, --text and --since need --all-matching here.")
    if not choice.named:
        raise Refused("Name at least one job, or say --all-matching: longtake-compare jobs ls lists them.")
    return asyncio.run(_named(choice.named))


def cancel(jobs: Jobs, cell: str | None, *, as_json: bool) -> Exit:
    """Cancel jobs, or one cell of each."""

    async def one(job_id: str) -> str:
        job = await job_queue.cancel(job_id)
        return "cancelled" if job.status is JobStatus.CANCELLED else "stopping"

    async def its_cell(job_id: str) -> str:
        await cancel_cell(job_queue, cancels, job_id, str(cell))
        return "stopping"

    return _each(jobs, one if cell is None else its_cell, as_json=as_json)


def way_to_retry(cell: str | None, *, failed: bool, fresh: bool) -> Retry:
    """How jobs are given another go. Raises Refused."""
    if sum((cell is not None, failed, fresh)) > 1:
        raise Refused("Choose one of --cell, --failed and --fresh.")
    if cell is not None:
        return lambda job_id: retry_cell(job_queue, job_id, cell)
    if failed:
        return lambda job_id: retry_failed(job_queue, job_id)
    return lambda job_id: job_queue.retry(job_id, fresh=fresh)


def retry(jobs: Jobs, how: Retry, data: Path | None, *, as_json: bool) -> Exit:
    """Give jobs another go."""

    async def one(job_id: str) -> str:
        return (await how(job_id)).status

    ended = _each(jobs, one, as_json=as_json)
    if len(jobs) == 1 and ended is Exit.DONE:
        advise(f"Follow it with: {way_back(jobs[0].id, data)}")
    return ended


def rm(jobs: Jobs, *, as_json: bool) -> Exit:
    """Delete jobs."""

    async def one(job_id: str) -> str:
        await job_queue.delete(job_id)
        return "deleted"

    return _each(jobs, one, as_json=as_json)


def make_sure(count: int) -> None:
    """Ask the person before much is deleted. Raises Refused where nobody can be asked, or the answer is no."""
    if not count:
        return
    if not (sys.stdin.isatty() and aside.is_terminal):
        raise Refused(f"This would delete {count} jobs: add --yes to do it, or --dry-run to see which.")
    if not typer.confirm(f"Delete {count} jobs?", err=True):
        raise Refused("Nothing is deleted.")


def name(jobs: Jobs, what: str, *, as_json: bool) -> None:
    """Print what would happen to jobs."""
    if as_json:
        print_json({"jobs": [_outcome(job.id, what) for job in jobs]})
        return
    for job in jobs:
        say(f"{job.id} {what}: {job.title or job.kind}")
    advise(f"{len(jobs)} {'job' if len(jobs) == 1 else 'jobs'}.")


async def _named(beginnings: Sequence[str]) -> list[Job]:
    """All of them, each once, before anything is done with the first."""
    found = [await find_job(beginning) for beginning in beginnings]
    return list({job.id: job for job in found}.values())


def _each(jobs: Jobs, act: Act, *, as_json: bool) -> Exit:
    """Act on every job and print what came of it; one that refuses does not keep the others from it."""
    outcomes = asyncio.run(_act_on_each([job.id for job in jobs], act, tells=not as_json))
    if as_json:
        print_json({"jobs": outcomes})
    elif not jobs:
        advise("There are no such jobs.")
    return Exit.FAILED if any("error" in outcome for outcome in outcomes) else Exit.DONE


async def _act_on_each(job_ids: Sequence[str], act: Act, *, tells: bool) -> list[dict[str, str]]:
    outcomes = []
    for job_id in job_ids:
        try:
            outcome = _outcome(job_id, await act(job_id))
        except (LongtakeError, NotAComparison, CellNotFound) as error:
            if isinstance(error, CellNotFound) and len(job_ids) == 1:
                raise Refused(str(error)) from None
            outcome = {"job_id": job_id, "error": words_of(error)}
        outcomes.append(outcome)
        if tells:
            advise(outcome["error"]) if "error" in outcome else say(f"{job_id} {outcome['outcome']}")
    return outcomes


def _outcome(job_id: str, what: str) -> dict[str, str]:
    return {"job_id": job_id, "outcome": what}
