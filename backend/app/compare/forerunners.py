"""Comparisons from before another one that asked some of the same: what its answers can be held against."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from app.compare import kinds
from app.compare.standing import NotAComparison, Standing, read_standing, standing_of
from longtake import JobDamaged, JobNotFound, JobQueue, JobSummary

MOST_SHOWN = 50
MOST_READ = 1_000
"""Older jobs are not looked at: they would have to be read one by one."""
_PAGE = 500
_Cells = frozenset[int]


class Forerunner(Struct, frozen=True, kw_only=True):
    """An earlier comparison."""

    job_id: str
    title: str
    created_at: datetime
    shared: int
    """How many cells it has in common: the same video, prompt and model."""


class Forerunners:
    """Finds them among the jobs of one queue; each job is read once, and again when it has changed."""

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue
        self._asked: dict[tuple[str, int], _Cells] = {}

    async def of(self, job_id: str) -> list[Forerunner]:
        """Those of one comparison, newest first. Raises JobNotFound, NotAComparison."""
        standing = await standing_of(self._queue, job_id)
        own = _asked_in(standing)
        found: list[Forerunner] = []
        read: dict[tuple[str, int], _Cells] = {}
        cursor: str | None = None
        while True:
            page = await self._queue.find(limit=_PAGE, after=cursor)
            for summary in page.jobs:
                if summary.id >= standing.job.id or summary.kind not in {kinds.SINGLE, kinds.BATCH}:
                    continue
                read[summary.id, summary.revision] = asked = await self._asked_by(summary)
                if shared := len(own & asked):
                    found.append(_forerunner(summary, shared))
                if len(found) == MOST_SHOWN or len(read) == MOST_READ:
                    return self._remember(found, read)
            cursor = page.next
            if cursor is None:
                return self._remember(found, read)

    def _remember(self, found: list[Forerunner], read: dict[tuple[str, int], _Cells]) -> list[Forerunner]:
        """Keep what was just read, and no more."""
        self._asked = read
        return found

    async def _asked_by(self, summary: JobSummary) -> _Cells:
        known = self._asked.get((summary.id, summary.revision))
        if known is not None:
            return known
        try:
            return _asked_in(read_standing(await self._queue.get(summary.id), ()))
        except (JobNotFound, JobDamaged, NotAComparison):
            return frozenset()


def _asked_in(standing: Standing) -> _Cells:
    """What its cells ask, each as a number; only an answered cell knows the video that came of an upload."""
    asked = [standing.cells.get(plan.cell, plan) for plan in standing.plans]
    return frozenset(hash((each.video_id, each.prompt, each.model)) for each in asked)


def _forerunner(summary: JobSummary, shared: int) -> Forerunner:
    return Forerunner(job_id=summary.id, title=summary.title, created_at=summary.created_at, shared=shared)
