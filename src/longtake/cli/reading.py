"""`list` and `show`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

import msgspec

from longtake.cli import story
from longtake.cli.exits import Exit
from longtake.cli.finding import command, find_job, queue_of, wanted
from longtake.cli.paint import paint_for
from longtake.cli.printing import advise, columns, print_json_list, print_json_readably, say
from longtake.cli.table import table
from longtake.job import Job, JobStatus, JobSummary
from longtake.queue import JobQueue


def list_jobs(options: argparse.Namespace) -> Exit:
    """Print a line for each job that matches, newest first."""
    asyncio.run(_list(options))
    return Exit.DONE


async def _list(options: argparse.Namespace) -> None:
    queue = queue_of(options)
    limit = None if options.all else options.limit
    found = [job async for job in queue.matching(wanted(options), limit=None if limit is None else limit + 1)]
    shown = found[:limit]
    if options.json:
        print_json_list(shown)
    else:
        _print_table(shown, options)
        await _advise_on_the_rest(queue, shown, is_more=len(found) > len(shown))


def _print_table(jobs: list[JobSummary], options: argparse.Namespace) -> None:
    if not jobs:
        advise("There are no such jobs.")
        if not Path(options.dir).exists():
            advise(f"There is no folder {Path(options.dir).absolute()} yet; --dir or LONGTAKE_DIR names another.")
    for line in table(jobs, paint_for(sys.stdout), columns()) if jobs else ():
        say(line)


async def _advise_on_the_rest(queue: JobQueue, shown: list[JobSummary], *, is_more: bool) -> None:
    counts = {status: count for status, count in (await queue.counts()).items() if count}
    if is_more:
        advise(f"These are the newest {len(shown)}; --all shows all of them.")
    if counts:
        in_all = ", ".join(f"{count:,} {status}" for status, count in counts.items())
        advise(f"In the folder: {in_all}.")


def show_job(options: argparse.Namespace) -> Exit:
    """Print one job whole."""
    asyncio.run(_show(options))
    return Exit.DONE


async def _show(options: argparse.Namespace) -> None:
    queue = queue_of(options)
    job = await find_job(queue, options.job)
    told = story.Told(
        job=job,
        steps=await queue.steps(job.id),
        live=await asyncio.to_thread(queue.store.published, job.id),
        worker=await asyncio.to_thread(queue.worker),
        now=queue.clock.now(),
    )
    if options.json:
        recorded = {"recorded_steps": told.steps} if options.steps else {}
        print_json_readably({**msgspec.to_builtins(job), "live": told.live, **recorded})
        return
    for line in story.story(told, paint_for(sys.stdout), columns(), all_steps=options.steps):
        say(line)
    for line in _next(job, options):
        advise(line)


def _next(job: Job, options: argparse.Namespace) -> list[str]:
    """What a person may want to do now."""
    match job.status:
        case JobStatus.PENDING | JobStatus.RUNNING:
            return [f"Follow it: {command('watch', job, options)}"]
        case JobStatus.FAILED | JobStatus.CANCELLED:
            kept = f"   (its {job.steps} recorded steps are kept)" if job.steps else ""
            return [f"Another go: {command('retry', job, options)}{kept}"]
        case JobStatus.COMPLETED:
            return []
