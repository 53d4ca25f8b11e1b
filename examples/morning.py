"""A job for every morning, and somebody who is told when it is done: `python morning.py`.

A clock turned by hand lets three days pass in a moment. A program of yours leaves `clock` out, and lets
`longtake work morning.py:job_queue` run.
"""

import asyncio

from longtake import Job, JobContext, JobQueue, WorkerOptions
from longtake.stores.memory import MemoryStore
from longtake.testing import FakeClock

clock = FakeClock()
told: list[str] = []


async def tell(job: Job) -> None:
    """Whom jobs tell: a function, or an address such as "mailto://…" (extra `notify`)."""
    told.append(f"{job.finished_at:%A}: {job.kind} {job.status}, {job.result} lines")


job_queue = JobQueue(mode="inline", store=MemoryStore(), clock=clock, notifications={"me": tell})


@job_queue.job("news", notify=["me"])
async def news(job: JobContext, lines: int) -> int:
    await job.report(50, "Reading the papers")
    return lines


job_queue.schedule("every morning", "30 6 * * *", "news", args={"lines": 3}, zone="Europe/Vienna")


async def main() -> None:
    async with job_queue.working(WorkerOptions(look_every=0.01)):
        for _ in range(3 * 24):
            clock.advance(3600)
            await asyncio.sleep(0.05)
    print("\n".join(told))


if __name__ == "__main__":
    asyncio.run(main())
