"""Which queue and which jobs the words of a command mean."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from typing import Any

from longtake.errors import LongtakeError
from longtake.job import Job, JobStatus
from longtake.queue import JobQueue
from longtake.store import Filter

DEFAULT_DIR = "./jobs"
_AFTER_ALL_LETTERS = "~"


def queue_of(options: argparse.Namespace) -> JobQueue:
    """The queue of the jobs folder; it only asks, and starts nothing."""
    return JobQueue(options.dir, mode="external")


async def find_job(queue: JobQueue, beginning: str) -> Job:
    """The one job whose id begins so.

    Raises:
        LongtakeError: several do. JobNotFound: none does.
    """
    page = await queue.find(limit=2, after=beginning + _AFTER_ALL_LETTERS)  # ids are in order: it would be next
    ids = [job.id for job in page.jobs if job.id.startswith(beginning)]
    if len(ids) > 1:
        raise LongtakeError(f"Several jobs begin with {beginning}: give more letters.")
    return await queue.get(ids[0] if ids else beginning)


async def find_jobs(queue: JobQueue, beginnings: Sequence[str]) -> list[Job]:
    """All of them, before anything is done with the first."""
    return [await find_job(queue, beginning) for beginning in beginnings]


def wanted(options: argparse.Namespace) -> Filter:
    """The filter that the options name."""
    return Filter(
        status=tuple(JobStatus(status) for status in options.status),
        kind=options.kind,
        tag=options.tag,
        about=options.about,
        text=options.text,
        created_since=options.since,
    )


def changes_named(options: argparse.Namespace) -> dict[str, Any]:
    """What the options want changed in a job, but for its tags."""
    return {name: getattr(options, name) for name in ("title", "keep", "priority", "run_at") if name in options}


def command(verb: str, job: Job, options: argparse.Namespace) -> str:
    """A command about a job that a person can copy."""
    place = "" if options.dir == DEFAULT_DIR else f" --dir {shlex.quote(options.dir)}"
    return f"longtake {verb} {job.id}{place}"
