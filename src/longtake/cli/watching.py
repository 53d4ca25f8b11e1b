"""`watch`: follows a job to its end. The job does not need the terminal: Ctrl-C only ends the watching."""

from __future__ import annotations

import argparse
import asyncio
import sys

from longtake.cli.exits import Exit, exit_of
from longtake.cli.finding import command, find_job, queue_of
from longtake.cli.printing import advise
from longtake.cli.screens import Bar, JsonLines, Lines, Screen
from longtake.job import Job, JobStatus
from longtake.queue import JobQueue

_TICK = 1.0


def watch_job(options: argparse.Namespace) -> Exit:
    """Follow a job; the exit code says how it ended."""
    queue = queue_of(options)
    job = asyncio.run(find_job(queue, options.job))
    screen = _screen(as_json=options.json)
    try:
        job = asyncio.run(_follow(queue, job, screen, options.timeout))
        ended, advice = exit_of(job.status), f"Its result: {command('show', job, options)}"
    except KeyboardInterrupt:
        ended, advice = Exit.INTERRUPTED, f"The job goes on. Come back with: {command('watch', job, options)}"
    except TimeoutError:
        ended, advice = Exit.TIMED_OUT, f"Time is up; the job goes on. Come back with: {command('watch', job, options)}"
    screen.end()
    if not (job.status is JobStatus.COMPLETED and options.json):
        advise(advice)
    return ended


async def _follow(queue: JobQueue, job: Job, screen: Screen, timeout: float | None) -> Job:  # noqa: ASYNC109 (an option)
    if not job.status.is_final and await asyncio.to_thread(queue.worker) is None:
        advise("No worker runs, so nothing moves yet: start your program, or `longtake work MODULE:QUEUE`.")
    ticking = asyncio.ensure_future(_tick(screen))
    try:
        async with asyncio.timeout(timeout):
            async for job in queue.watch(job.id):  # noqa: B020, PLR1704 (the same job, newer)
                screen.show(job)
    finally:
        ticking.cancel()
    return job


async def _tick(screen: Screen) -> None:
    """Let the clock on the screen go on."""
    while True:
        await asyncio.sleep(_TICK)
        screen.draw()


def _screen(*, as_json: bool) -> Screen:
    if as_json:
        return JsonLines()
    return Bar() if sys.stdout.isatty() else Lines()
