"""What a comparison will take, before anything is spent. What is not known is said to be unknown, never guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct

from app.compare.cells import CellPlan, plan_cells
from app.compare.expected import Film, expected
from app.compare.terms import USUAL, Terms
from app.models.base import ModelInfo
from app.models.limits.limit import AT_ONCE, usual_limit
from app.videos.video import StoredVideo

_Number = TypeVar("_Number", int, float)


class ModelEstimate(Struct, frozen=True, kw_only=True):
    """What one model will take for its cells."""

    model: str
    cells: int
    reused: int = 0
    """Cells of these that have their answer from earlier ones: the rest is for the others."""
    input_tokens: int | None
    """None when unknown; 0 when nothing is counted."""
    cost_usd: float | None
    price: str | None
    """In words."""


class Estimate(Struct, frozen=True, kw_only=True):
    """What a whole comparison will take."""

    cells: int
    reused: int = 0
    by_model: tuple[ModelEstimate, ...]
    cost_usd: float | None
    """None when the cost of any model is unknown."""
    seconds: float | None
    """None when any model never answered before."""


def estimate(
    videos: Sequence[StoredVideo],
    prompts: Sequence[str],
    models: Sequence[ModelInfo],
    paces: Mapping[str, float],
    *,
    terms: Terms = USUAL,
    reused: Collection[str] = (),
) -> Estimate:
    """Estimate every prompt about every video to every model.

    `paces` are seconds for one cell, by model; `reused` are the names of the cells that need not be asked.
    """
    films = {video.video_id: video.facts for video in videos}
    plans = plan_cells(list(films), prompts, [model.id for model in models], terms)
    by_model = tuple(_of_model(model, [p for p in plans if p.model == model.id], films, reused) for model in models)
    return Estimate(
        cells=len(plans),
        reused=sum(each.reused for each in by_model),
        by_model=by_model,
        cost_usd=_sum([each.cost_usd for each in by_model]),
        seconds=_seconds(models, {each.model: each.cells - each.reused for each in by_model}, paces),
    )


def _of_model(
    model: ModelInfo, plans: Sequence[CellPlan], films: Mapping[str, Film], reused: Collection[str]
) -> ModelEstimate:
    asked = [plan for plan in plans if plan.cell not in reused]
    each = [expected(model, films[plan.video_id], plan.prompt, plan.options) for plan in asked]
    return ModelEstimate(
        model=model.id,
        cells=len(plans),
        reused=len(plans) - len(asked),
        input_tokens=_sum([cell.input_tokens for cell in each]),
        cost_usd=_sum([cell.cost_usd for cell in each]),
        price=model.price,
    )


def _sum(parts: Sequence[_Number | None]) -> _Number | None:
    """None when any part is unknown."""
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _seconds(models: Sequence[ModelInfo], cells: Mapping[str, int], paces: Mapping[str, float]) -> float | None:
    """The provider that takes longest: providers work side by side, and each asks a few cells at once."""
    models = [model for model in models if cells[model.id]]
    if any(model.id not in paces for model in models):
        return None
    work: dict[str, float] = defaultdict(float)
    longest: dict[str, float] = defaultdict(float)
    for model in models:
        work[model.provider] += cells[model.id] * paces[model.id]
        longest[model.provider] = max(longest[model.provider], paces[model.id])
    return max((max(total / _at_once(name), longest[name]) for name, total in work.items()), default=0.0)


def _at_once(provider: str) -> int:
    return usual_limit(provider).at_once or AT_ONCE
