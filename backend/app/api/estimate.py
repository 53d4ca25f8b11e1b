"""What a comparison will take, over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.compare import check_clip
from app.api.comparisons import Queue
from app.api.problems import Problem, problem_responses
from app.api.schemas import BatchCompareRequest
from app.api.videos import Library
from app.compare.estimate import estimate
from app.compare.pace import usual_seconds
from app.models.base import ModelInfo
from app.models.errors import ModelError
from app.models.registry import Registry

router = APIRouter(prefix="/api", tags=["compare"])


class ModelEstimateView(BaseModel):
    """What one model will take."""

    model_config = ConfigDict(from_attributes=True)

    model: str
    cells: int
    input_tokens: int | None = Field(description="null when unknown; 0 when nothing is counted.")
    cost_usd: float | None = Field(description="Estimated, with answers of 500 tokens; null when unknown.")
    price: str | None


class EstimateView(BaseModel):
    """What a whole comparison will take."""

    model_config = ConfigDict(from_attributes=True)

    cells: int
    by_model: list[ModelEstimateView]
    cost_usd: float | None = Field(description="null when the cost of any model is unknown.")
    seconds: float | None = Field(description="By what the models took lately; null when any never answered.")


@router.post("/estimate", responses=problem_responses(404))
async def estimate_comparison(
    asked: BatchCompareRequest, request: Request, library: Library, queue: Queue
) -> EstimateView:
    """Estimate cells, tokens, cost and time of a comparison; nothing is spent or kept."""
    registry: Registry = request.app.state.registry
    models = [_info(registry, model_id) for model_id in dict.fromkeys(asked.models)]
    videos = [await library.get(video_id) for video_id in dict.fromkeys(asked.video_ids)]
    check_clip(asked.options, videos)
    paces = await usual_seconds(queue, {model.id for model in models})
    prompts = list(dict.fromkeys(asked.prompts))
    return EstimateView.model_validate(estimate(videos, prompts, models, paces, asked.terms()))


def _info(registry: Registry, model_id: str) -> ModelInfo:
    try:
        return registry.get_listed(model_id).info
    except ModelError as error:
        raise Problem(422, f"{error.message} {error.what_to_do}", model=model_id) from None
