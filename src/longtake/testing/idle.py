"""A queue run to its end."""

from __future__ import annotations

import asyncio

from longtake.queue import JobQueue
from longtake.worker import WorkerOptions


async def run_until_idle(queue: JobQueue) -> None:
    """Run the queue's jobs in this process until none runs and none is due; jobs for a later time stay."""
    async with queue.working(WorkerOptions(look_every=0.01)):
        while _is_anything_left(queue):  # noqa: ASYNC110 (the worker is watched from outside, as any program sees it)
            await asyncio.sleep(0.005)


def _is_anything_left(queue: JobQueue) -> bool:
    now, jobs = queue.clock.now(), queue.store.active()
    is_due = any(job.kind in queue.kinds and (job.run_at is None or job.run_at <= now) for job in jobs)
    return is_due or bool(queue.store.requests())
