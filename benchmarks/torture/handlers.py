"""The queue that is tortured; worker processes import it."""

from __future__ import annotations

import asyncio
import os
import time

from benchmarks.torture import ledger, protections
from benchmarks.torture.turned_clock import TurnedClock
from longtake import JobContext, JobQueue

TARGET = "benchmarks.torture.handlers:queue"
JOBS = "LONGTAKE_TORTURE_JOBS"
LEDGER = "LONGTAKE_TORTURE_LEDGER"
CLOCK = "LONGTAKE_TORTURE_CLOCK"
HOURLY = "hourly"

protections.take_out_as_told()
_clock = TurnedClock(os.environ[CLOCK]) if CLOCK in os.environ else None
_ledger = ledger.opened(os.environ.get(LEDGER, os.devnull))
queue = JobQueue(os.environ.get(JOBS, "./jobs"), worker=TARGET, clock=_clock)


@queue.job("marks")
async def marks(job: JobContext, count: int, seconds: float) -> int:
    """So many steps of so many seconds, one after another."""
    for number in range(count):
        await job.step(str(number), mark, job.job_id, number, seconds)
        await job.report(100 * number / count)
    return count


async def mark(job_id: str, number: int, seconds: float) -> str:
    """Note that the step began, and take some time."""
    ledger.note(_ledger, job_id, str(number))
    await asyncio.sleep(seconds)
    return f"answer {number}"


@queue.job("blocking")
async def blocking(job: JobContext) -> None:
    """A step for ever, in a child process."""
    await job.step("wait", wait, job.job_id)


def wait(job_id: str) -> None:
    """Note this process, and wait."""
    ledger.note(_ledger, job_id, str(os.getpid()))
    while True:
        time.sleep(60)


if CLOCK in os.environ:
    queue.schedule(HOURLY, "0 * * * *", "marks", args={"count": 1, "seconds": 0.0})
