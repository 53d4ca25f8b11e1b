"""What comparisons cost, over HTTP: many at once, for lists."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.comparisons import Queue
from app.api.problems import problem_responses
from app.compare.costs import costs_of

router = APIRouter(prefix="/api", tags=["spending"])
_AT_ONCE = 100


class CostView(BaseModel):
    """What one comparison has cost so far, by estimated prices."""

    model_config = ConfigDict(from_attributes=True)

    usd: float = Field(description="Of the answers whose price is known.")
    unknown: int = Field(description="Answers whose price nobody knows: `usd` is without them.")


class CostsView(BaseModel):
    """What comparisons have cost so far."""

    costs: dict[str, CostView] = Field(description="By job id; without those that have no answer, or are none.")


@router.get("/costs", responses=problem_responses())
async def get_costs(
    job: Annotated[list[str], Query(min_length=1, max_length=_AT_ONCE, description="Ids of jobs.")], queue: Queue
) -> CostsView:
    """Tell what these comparisons have cost so far."""
    costs = await costs_of(queue, list(dict.fromkeys(job)))
    return CostsView(costs={job_id: CostView.model_validate(cost) for job_id, cost in costs.items()})
