"""Waiting for a job in the terminal. The job does not need the terminal: Ctrl-C only ends the waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app.cli.exits import Exit, WaitEnded
from app.cli.printing import harmless, print_plainly, say
from app.jobs import job_queue
from longtake import Job

Show = Callable[[Job], None]


def follow(job: Job, show: Show, *, timeout: float | None, data: Path | None) -> Job:
    """Wait until a job is finished. Raises WaitEnded when the person or the time limit ends the waiting."""
    try:
        return asyncio.run(_follow(job, show, timeout))
    except KeyboardInterrupt:
        words = f"The job goes on in the background. Come back with: {way_back(job.id, data)}"
        raise WaitEnded(Exit.INTERRUPTED, words) from None
    except TimeoutError:
        words = f"The job is not finished after {timeout:g} s and goes on. Come back with: {way_back(job.id, data)}"
        raise WaitEnded(Exit.TIMED_OUT, words) from None


def way_back(job_id: str, data: Path | None) -> str:
    """The command that waits for this job again."""
    return f"longtake-compare jobs watch {job_id}" + (f" --data {data}" if data else "")


@contextmanager
def progress_on(console: Console) -> Iterator[Show]:
    """Show a bar on a terminal, else a plain line for each change."""
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (TextColumn("{task.percentage:3.0f} %"), BarColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, TimeElapsedColumn(), console=console) as bar:
        line = bar.add_task("waiting", total=100)

        def show(job: Job) -> None:
            bar.update(line, completed=job.progress, description=harmless(_words(job)))

        yield show


def as_json_lines(job: Job) -> None:
    """Print the whole job as one line of JSON."""
    from longtake.fastapi import job_view  # noqa: PLC0415 (takes long, and only this needs it)

    say(job_view(job).model_dump_json())


async def _follow(job: Job, show: Show, timeout: float | None) -> Job:  # noqa: ASYNC109 (as asyncio.wait_for)
    latest = job
    async with asyncio.timeout(timeout), job_queue.keeping_worker():
        async for latest in job_queue.watch(job.id):
            show(latest)
    return latest


def _lines(console: Console) -> Show:
    last = ""

    def show(job: Job) -> None:
        nonlocal last
        line = f"{job.status:9} {job.progress:3.0f} %  {_words(job)}"
        if line != last:
            print_plainly(console, line)
            last = line

    return show


def _words(job: Job) -> str:
    return job.error or job.progress_message or job.status
