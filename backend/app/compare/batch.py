"""The kind `batch_compare`: every video with every prompt and every model."""

from __future__ import annotations

from app.compare import kinds
from app.compare.arrivals import UploadDesk
from app.compare.asking import CellAsker
from app.compare.cells import plan_cells
from app.compare.comparing import compare_cells
from app.compare.results import Comparison
from app.compare.terms import Terms
from app.models.base import NO_OPTIONS, AskOptions
from longtake import JobContext, JobKind, JobQueue

KIND = kinds.BATCH


def register(queue: JobQueue, asker: CellAsker, uploads: UploadDesk) -> JobKind[..., Comparison]:
    """Make the queue able to run such jobs."""

    @queue.job(KIND, about="models")
    async def batch_compare(
        job: JobContext,
        video_ids: list[str],
        prompts: list[str],
        models: list[str],
        *,
        options: AskOptions = NO_OPTIONS,
        repeats: int = 1,
        fresh: bool = False,
        budget_usd: float | None = None,
    ) -> Comparison:
        terms = Terms(options=options, repeats=repeats, fresh=fresh, budget_usd=budget_usd)
        async with asker.working_on(job, terms) as ours:
            plans = plan_cells(video_ids, prompts, models, terms)
            return await compare_cells(job, plans, ours, await uploads.awaited(job, plans, options))

    return batch_compare
