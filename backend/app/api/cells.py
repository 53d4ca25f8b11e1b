"""Single cells of a comparison over HTTP."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.comparisons import CellName, Queue
from app.api.problems import problem_responses
from app.compare.retrying import retry_cell, retry_failed
from longtake.fastapi import JobView, job_view

router = APIRouter(prefix="/api", tags=["compare"])
_PROBLEMS = problem_responses(404, 409, 410, 507)


@router.post("/jobs/{job_id}/cells/retry-failed", responses=_PROBLEMS)
async def retry_failed_cells(job_id: str, queue: Queue) -> JobView:
    """Ask all failed cells of a finished comparison again; the others keep their answers."""
    return job_view(await retry_failed(queue, job_id))


@router.post("/jobs/{job_id}/cells/{cell}/retry", responses=_PROBLEMS)
async def retry_one_cell(job_id: str, cell: CellName, queue: Queue) -> JobView:
    """Ask one cell of a finished comparison again; the others keep their answers."""
    return job_view(await retry_cell(queue, job_id, cell))
