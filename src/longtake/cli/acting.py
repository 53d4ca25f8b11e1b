"""`cancel`, `retry`, `edit` and `delete`: what is done with jobs that are named."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from longtake.cli.exits import Exit, Refused
from longtake.cli.finding import changes_named, command, find_job, find_jobs, queue_of
from longtake.cli.printing import advise, print_json, say
from longtake.job import Job, JobStatus
from longtake.queue import JobQueue
from longtake.requests import Edit


def cancel_jobs(options: argparse.Namespace) -> Exit:
    """Cancel them; running ones stop as soon as their handlers do."""

    async def cancel(queue: JobQueue) -> None:
        for job in await find_jobs(queue, options.jobs):
            _tell(await queue.cancel(job.id), as_json=options.json)

    asyncio.run(cancel(queue_of(options)))
    return Exit.DONE


def retry_jobs(options: argparse.Namespace) -> Exit:
    """Give them another go."""

    async def retry(queue: JobQueue) -> None:
        for job in await find_jobs(queue, options.jobs):
            again = await queue.retry(job.id, fresh=options.fresh, forget=options.forget)
            _tell(again, as_json=options.json)
            if not options.json:
                advise(f"Follow it: {command('watch', job, options)}")
        if queue.worker() is None:
            advise("No worker runs: start your program, or `longtake work MODULE:QUEUE`.")

    asyncio.run(retry(queue_of(options)))
    return Exit.DONE


def edit_job(options: argparse.Namespace) -> Exit:
    """Change what is named."""
    changes = _changes(options)
    if not changes:
        raise Refused("nothing to change: give --title, --tag, --no-tags, --keep, --no-keep, --priority or --run-at.")

    async def edit(queue: JobQueue) -> Job:
        job = await find_job(queue, options.job)
        return await queue.edit(job.id, Edit(**changes))

    job = asyncio.run(edit(queue_of(options)))
    if options.json:
        print_json(job)
    else:
        say(f"{job.id} edited: {', '.join(changes)}")
    return Exit.DONE


def delete_jobs(options: argparse.Namespace) -> Exit:
    """Delete them, with their steps."""

    async def delete(queue: JobQueue) -> None:
        for job in await find_jobs(queue, options.jobs):
            await queue.delete(job.id)
            if options.json:
                print_json({"id": job.id, "deleted": True})
            else:
                say(f"{job.id} deleted")

    asyncio.run(delete(queue_of(options)))
    return Exit.DONE


def _changes(options: argparse.Namespace) -> dict[str, Any]:
    named = changes_named(options)
    if options.no_tags or options.tag:
        named["tags"] = tuple(options.tag)
    return named


def _tell(job: Job, *, as_json: bool) -> None:
    is_stopping = job.cancel_requested and job.status is JobStatus.RUNNING
    if as_json:
        print_json(job)
    else:
        say(f"{job.id} {'stopping' if is_stopping else job.status}")
