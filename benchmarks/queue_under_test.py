"""The queue that is measured; a worker process imports it by file."""

from __future__ import annotations

import asyncio
import os
import time

from longtake import JobContext, JobQueue

job_queue = JobQueue(os.environ.get("LONGTAKE_BENCH_DIR", "./jobs"), mode="external")


@job_queue.job("nothing")
async def nothing(job: JobContext) -> float:
    """Say when it began (seconds since 1970)."""
    return time.time()


@job_queue.job("reports")
async def reports(job: JobContext, times: int) -> float:
    """Report as often as asked; returns reports a second."""
    begun = time.perf_counter()
    for number in range(times):
        await job.report(100 * number / times, "counting")
    return times / (time.perf_counter() - begun)


@job_queue.job("steps")
async def steps(job: JobContext, number: int, seconds: float) -> list[float]:
    """So many steps of so many seconds; returns when each began."""
    return [await job.step(f"step {n}", begin, seconds, n) for n in range(number)]


async def begin(seconds: float, number: int) -> float:
    """Wait, and say when that began."""
    begun = time.time()
    await asyncio.sleep(seconds)
    return begun
