"""The kind `compare`: one video, one prompt, several models."""

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

KIND = kinds.SINGLE


def register(queue: JobQueue, asker: CellAsker, uploads: UploadDesk) -> JobKind[..., Comparison]:
    """Make the queue able to run such jobs."""

    @queue.job(KIND, about="models")
    async def compare(
        job: JobContext,
        video_id: str,
        prompt: str,
        models: list[str],
        *,
        options: AskOptions = NO_OPTIONS,
        repeats: int = 1,
        fresh: bool = False,
        budget_usd: float | None = None,
    ) -> Comparison:
        terms = Terms(options=options, repeats=repeats, fresh=fresh, budget_usd=budget_usd)
        async with asker.working_on(job, terms) as ours:
            plans = plan_cells([video_id], [prompt], models, terms)
            return await compare_cells(job, plans, ours, await uploads.awaited(job, plans, options))

    return compare
