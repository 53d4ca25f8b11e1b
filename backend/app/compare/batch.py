"""The kind `batch_compare`: every video with every prompt and every model."""

from __future__ import annotations

from app.compare.asking import CellAsker
from app.compare.cells import plan_cells
from app.compare.comparing import compare_cells
from app.compare.results import Comparison
from longtake import JobContext, JobKind, JobQueue

KIND = "batch_compare"


def register(queue: JobQueue, asker: CellAsker) -> JobKind[..., Comparison]:
    """Make the queue able to run such jobs."""

    @queue.job(KIND)
    async def batch_compare(job: JobContext, video_ids: list[str], prompts: list[str], models: list[str]) -> Comparison:
        return await compare_cells(job, plan_cells(video_ids, prompts, models), asker)

    return batch_compare
