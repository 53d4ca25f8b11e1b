"""Single cells of a comparison over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from app.api.comparisons import CellName, Queue
from app.api.problems import problem_responses
from app.compare.cancelling import CellCancels, cancel_cell
from app.compare.retrying import retry_cell, retry_failed
from longtake.fastapi import JobView, job_view

router = APIRouter(prefix="/api", tags=["compare"])
_PROBLEMS = problem_responses(404, 409, 410, 507)
_PROBLEMS_OF_RETRIES = problem_responses(404, 409, 410, 429, 507)


def _cancels(request: Request) -> CellCancels:
    cancels: CellCancels = request.app.state.cancels
    return cancels


Cancels = Annotated[CellCancels, Depends(_cancels)]


@router.post("/jobs/{job_id}/cells/retry-failed", responses=_PROBLEMS_OF_RETRIES)
async def retry_failed_cells(job_id: str, queue: Queue) -> JobView:
    """Ask all failed cells of a finished comparison again; the others keep their answers."""
    return job_view(await retry_failed(queue, job_id))


@router.post("/jobs/{job_id}/cells/{cell}/retry", responses=_PROBLEMS_OF_RETRIES)
async def retry_one_cell(job_id: str, cell: CellName, queue: Queue) -> JobView:
    """Ask one cell of a finished comparison again; the others keep their answers."""
    return job_view(await retry_cell(queue, job_id, cell))


@router.post("/jobs/{job_id}/cells/{cell}/cancel", responses=_PROBLEMS)
async def cancel_one_cell(job_id: str, cell: CellName, queue: Queue, cancels: Cancels) -> JobView:
    """Cancel one cell of an unfinished comparison within a moment; what came of its answer is kept."""
    return job_view(await cancel_cell(queue, cancels, job_id, cell))
