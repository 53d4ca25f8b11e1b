"""Running one handler to its end; for the tests of steps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from support import QUICK

from longtake import (
    JobContext,
    JobQueue,
    RetryPolicy,
)

Body = Callable[[JobContext], Awaitable[Any]]
NOW = RetryPolicy(attempts=3, first_delay=0)


def run(folder: Path, body: Body, **options: Any) -> Any:
    """The result of a job with this body."""
    return asyncio.run(_run(folder, body, options))


async def _run(folder: Path, body: Body, options: dict[str, Any]) -> Any:
    queue = JobQueue(folder / "jobs", mode="inline")

    @queue.job("body", **options)
    async def handler(job: JobContext) -> Any:
        return await body(job)

    async with queue.working(QUICK):
        job = await queue.submit("body")
        return await queue.result(job.id, timeout=20)
