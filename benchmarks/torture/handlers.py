"""The queue that is tortured; worker processes import it."""

from __future__ import annotations

import asyncio
import os

from benchmarks.torture import ledger, protections
from longtake import JobContext, JobQueue

TARGET = "benchmarks.torture.handlers:queue"
JOBS = "LONGTAKE_TORTURE_JOBS"
LEDGER = "LONGTAKE_TORTURE_LEDGER"

protections.take_out_as_told()
_ledger = ledger.opened(os.environ.get(LEDGER, os.devnull))
queue = JobQueue(os.environ.get(JOBS, "./jobs"), worker=TARGET)


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
