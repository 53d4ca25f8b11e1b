"""Stops at the provider what was cancelled when no worker was there to tell it, or one that could not.

What is still to be told stands in the ledger: a call without an end whose job, or cell, is cancelled.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

from app.compare.farewells import abandon
from app.compare.ledger import Ledger
from app.compare.spending import Call, Ending, Intent, Outcome
from app.compare.standing import NotAComparison, read_standing
from app.compare.till import KEPT
from app.models.errors import ModelError
from app.models.registry import Registry
from app.videos.errors import NoRoom
from longtake import JobDamaged, JobNotFound, JobQueue, JobStatus, StorageProblem

_SECONDS_BETWEEN_ROUNDS = 10.0
_AFTER_TROUBLE = 60.0
_log = logging.getLogger(__name__)


class Leftovers:
    """Looks after the calls of all jobs."""

    def __init__(self, queue: JobQueue, ledger: Ledger, registry: Registry) -> None:
        self._queue = queue
        self._ledger = ledger
        self._registry = registry

    async def keep_stopping(self) -> None:
        """Stop them, now and again, for as long as the program runs."""
        while True:
            is_done = await self.stop()
            await asyncio.sleep(_SECONDS_BETWEEN_ROUNDS if is_done else _AFTER_TROUBLE)

    async def stop(self) -> bool:
        """Stop all; returns whether none is left."""
        try:
            return all([await self._stop(call) for call in await self._ledger.without_end()])
        except (StorageProblem, NoRoom, OSError) as error:
            _log.warning("Calls that were cancelled could not all be stopped at their providers: %s", error)
            return False

    async def _stop(self, call: Call) -> bool:
        kept = await self._kept_if_cancelled(call.intent)
        if kept is None:
            return True
        try:
            is_stopped = await abandon(self._registry.get(call.intent.model), kept.get)
        except ModelError:  # there is no such model any more
            return True
        if is_stopped:
            outcome = Outcome(call=call.intent.call, at=datetime.now(UTC), ending=Ending.STOPPED)
            await self._ledger.end(outcome)
        return is_stopped

    async def _kept_if_cancelled(self, intent: Intent) -> dict[str, Any] | None:
        """What the cell kept; None when its call is wanted, or not the one that it made last."""
        try:
            job = await self._queue.get(intent.job_id)
            kept = await self._queue.kept(job.id)
            cells = read_standing(job, await self._queue.steps(job.id)).cells
            if (await self._queue.get(job.id)).revision != job.revision and job.status is JobStatus.CANCELLED:
                return None  # it is asked again: another round will see
        except (JobNotFound, JobDamaged, NotAComparison):
            return None
        cell = cells.get(intent.cell)
        if job.status is not JobStatus.CANCELLED and not (cell and cell.stays_cancelled):
            return None
        begin = f"cell {intent.cell} "
        own = {name.removeprefix(begin): value for name, value in kept.items() if name.startswith(begin)}
        return own if own.get(KEPT) == {"id": intent.call} else None
