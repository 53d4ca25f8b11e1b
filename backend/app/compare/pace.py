"""How long models usually take, learnt from the latest comparisons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from statistics import median

import msgspec

from app.compare import batch, single
from app.compare.cells import Cell, CellState
from app.compare.results import Comparison
from longtake import JobDamaged, JobNotFound, JobQueue, JobStatus

_LATEST = 10
"""Comparisons of each kind: older ones were of other videos, on another network."""


async def usual_seconds(queue: JobQueue, models: Collection[str]) -> Mapping[str, float]:
    """Tell for each model the median of what its latest answers took; models that never answered are left out."""
    taken: dict[str, list[float]] = defaultdict(list)
    for kind in (single.KIND, batch.KIND):
        page = await queue.find(status=JobStatus.COMPLETED, kind=kind, limit=_LATEST)
        for summary in page.jobs:
            for cell in await _cells(queue, summary.id):
                if cell.model in models and _is_telling(cell) and cell.timings.total is not None:
                    taken[cell.model].append(cell.timings.total)
    return {model: median(seconds) for model, seconds in taken.items()}


async def _cells(queue: JobQueue, job_id: str) -> Collection[Cell]:
    try:
        return msgspec.convert((await queue.get(job_id)).result, Comparison).cells
    except (JobNotFound, JobDamaged, msgspec.ValidationError):
        return ()


def _is_telling(cell: Cell) -> bool:
    return cell.state is CellState.COMPLETED and cell.reused_from is None
