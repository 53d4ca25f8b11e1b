"""Asking cells of a finished comparison again, while all others keep their answers."""

from __future__ import annotations

from app.compare.standing import STEP_PREFIX, standing_of
from longtake import Job, JobQueue, NotPossibleNow


async def retry_cell(queue: JobQueue, job_id: str, cell: str) -> Job:
    """Ask one cell again, and those that were never asked; returns the job after it.

    Raises JobNotFound, NotAComparison, CellNotFound, and NotPossibleNow while the job runs.
    """
    standing = await standing_of(queue, job_id)
    plan = standing.plan(cell)
    return await queue.retry(job_id, forget=[STEP_PREFIX + plan.cell])


async def retry_failed(queue: JobQueue, job_id: str) -> Job:
    """Ask all failed cells again, and those that were never asked; returns the job after it.

    Raises JobNotFound, NotAComparison, and NotPossibleNow while the job runs or when every cell has its answer.
    """
    standing = await standing_of(queue, job_id)
    if standing.job.status.is_final and not standing.failed and len(standing.cells) == len(standing.plans):
        raise NotPossibleNow(f"No cell of job {job_id} failed: there is nothing to ask again.")
    return await queue.retry(job_id, forget=[STEP_PREFIX + cell for cell in standing.failed])
