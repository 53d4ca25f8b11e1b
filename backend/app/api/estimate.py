"""What a comparison will take, over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import msgspec
from fastapi import APIRouter, Request
from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from app.api.choosing import choose
from app.api.problems import Problem, problem_responses
from app.api.schemas import BatchCompareRequest
from app.api.terms import TermsBody
from app.api.uploads import Shelf
from app.api.videos import Library
from app.compare.cells import CellPlan, plan_cells
from app.compare.earlier import EarlierAnswers
from app.compare.estimate import estimate
from app.compare.ledger import Ledger
from app.compare.pace import usual_seconds
from app.compare.spending import Caps, foresee
from app.compare.standing import Standing
from app.models.base import ModelInfo
from app.models.errors import ModelError
from app.models.limits.limits import Limits
from app.models.registry import Registry
from app.videos.video import StoredVideo
from longtake import JobQueue

router = APIRouter(prefix="/api", tags=["compare"])


class ModelEstimateView(BaseModel):
    """What one model will take."""

    model_config = ConfigDict(from_attributes=True)

    model: str
    cells: int
    reused: int = Field(description="Cells with the answer of an earlier one; tokens and cost are of the others.")
    input_tokens: int | None = Field(description="null when unknown; 0 when nothing is counted.")
    cost_usd: float | None = Field(description="Estimated, with answers of 500 tokens; null when unknown.")
    price: str | None


class EstimateView(BaseModel):
    """What a whole comparison will take."""

    model_config = ConfigDict(from_attributes=True)

    cells: int
    reused: int = Field(description="Cells with the answer of an earlier one: they are not asked or paid.")
    by_model: list[ModelEstimateView]
    cost_usd: float | None = Field(description="null when the cost of any model is unknown.")
    awaited: int = Field(description="Videos that are still being uploaded: what they cost is unknown until then.")
    seconds: float | None = Field(description="By what the models took lately; null when any never answered.")
    budget_usd: float | None
    day_cap_usd: float | None = Field(description="LONGTAKE_COMPARE_DAY_CAP_USD; null is no limit.")
    spent_today_usd: float = Field(description="By all comparisons together, what goes on included.")
    over_budget: bool = Field(description="Budget or cap would not do: some cells would not be asked.")
    not_asked: list[str] = Field(
        description="Models of unknown cost, which are not asked under a budget or cap; see `why_not_asked`."
    )
    why_not_asked: str | None


class Estimator:
    """Estimates comparisons."""

    def __init__(self, queue: JobQueue, ledger: Ledger, caps: Caps, earlier: EarlierAnswers, limits: Limits) -> None:
        self._queue = queue
        self._ledger = ledger
        self._caps = caps
        self._earlier = earlier
        self._limits = limits

    async def estimate(
        self,
        asked: TermsBody,
        videos: Sequence[StoredVideo],
        prompts: Sequence[str],
        models: Sequence[ModelInfo],
        awaited: Sequence[str] = (),
    ) -> EstimateView:
        """Estimate every prompt about every video to every model; nothing is spent or kept.

        `awaited` are ids of uploads under way.
        """
        terms = asked.terms()
        plans = plan_cells([video.video_id for video in videos], prompts, [model.id for model in models], terms)
        reused = frozenset[str]() if terms.fresh else await self._reused(plans, models)
        paces = await usual_seconds(self._queue, {model.id for model in models})
        there = partial(estimate, videos, prompts, models, paces, terms=terms, reused=reused, limits=self._limits)
        whole = there(awaited=awaited)
        caps, today = replace(self._caps, job_usd=terms.budget_usd), await self._ledger.today()
        costs = {each.model: each.cost_usd for each in there().by_model if each.cells > each.reused}
        outlook = foresee(caps, costs, today)
        return EstimateView(
            **msgspec.to_builtins(whole),
            budget_usd=caps.job_usd,
            day_cap_usd=caps.day_usd,
            spent_today_usd=today.usd,
            over_budget=outlook.is_over,
            awaited=len(awaited),
            not_asked=list(outlook.not_asked),
            why_not_asked=outlook.why,
        )

    async def _reused(self, plans: Sequence[CellPlan], models: Sequence[ModelInfo]) -> frozenset[str]:
        infos = {model.id: model for model in models}
        read: dict[str, Standing | None] = {}
        found = [plan.cell for plan in plans if await self._earlier.find(plan, infos[plan.model], read=read)]
        return frozenset(found)


@router.post("/estimate", responses=problem_responses(404))
async def estimate_comparison(
    asked: BatchCompareRequest, request: Request, library: Library, uploads: Shelf
) -> EstimateView:
    """Estimate cells, tokens, cost and time of a comparison; nothing is spent or kept."""
    models = [_info(request.app.state.registry, model_id) for model_id in dict.fromkeys(asked.models)]
    videos = await choose(asked.video_ids, library, uploads, asked.options)
    estimator: Estimator = request.app.state.estimator
    prompts = list(dict.fromkeys(asked.prompts))
    return await estimator.estimate(asked, videos.stored, prompts, models, videos.awaited)


def _info(registry: Registry, model_id: str) -> ModelInfo:
    try:
        return registry.get_listed(model_id).info
    except ModelError as error:
        raise Problem(422, f"{error.message} {error.what_to_do}", model=model_id) from None
