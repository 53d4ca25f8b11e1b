"""More work is refused while too much of it waits."""

from __future__ import annotations

from fastapi import Request

from app.api.comparisons import Queue
from app.api.problems import Problem
from app.settings import Settings
from longtake import JobStatus

_TRY_AGAIN_AFTER = 60
"""Seconds."""


async def check_queue(request: Request, queue: Queue) -> None:
    """Raise Problem 429 when as many jobs wait as may."""
    settings: Settings = request.app.state.settings
    waiting = (await queue.counts())[JobStatus.PENDING]
    if waiting >= settings.max_waiting_jobs:
        raise Problem(
            429,
            f"{waiting} jobs are waiting, and no more are taken: try again when some are done, or cancel some.",
            headers={"Retry-After": str(_TRY_AGAIN_AFTER)},
        )
