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
from app.models.limits.limit import AT_ONCE
from app.models.limits.limits import Limits
from app.models.limits.pace import MINUTE
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
    limits: Limits | None = None,
    awaited: Sequence[str] = (),
) -> Estimate:
    """Estimate every prompt about every video to every model.

    `awaited` are ids of uploads under way: what they take is unknown, but where nothing is counted or charged.
    `paces` are seconds for one cell, by model; `reused` are the names of the cells that need not be asked.
    """
    films = {video.video_id: video.facts for video in videos} | dict.fromkeys(awaited)
    plans = plan_cells(list(films), prompts, [model.id for model in models], terms)
    by_model = tuple(_of_model(model, [p for p in plans if p.model == model.id], films, reused) for model in models)
    return Estimate(
        cells=len(plans),
        reused=sum(each.reused for each in by_model),
        by_model=by_model,
        cost_usd=_sum([each.cost_usd for each in by_model]),
        seconds=_seconds(
            models, {each.model: each.cells - each.reused for each in by_model}, paces, limits or Limits()
        ),
    )


def _of_model(
    model: ModelInfo, plans: Sequence[CellPlan], films: Mapping[str, Film | None], reused: Collection[str]
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


def _seconds(
    models: Sequence[ModelInfo], cells: Mapping[str, int], paces: Mapping[str, float], limits: Limits
) -> float | None:
    """The line that takes longest: lines go on side by side, and each lets a few cells be asked at once."""
    models = [model for model in models if cells[model.id]]
    if any(model.id not in paces for model in models):
        return None
    lines: dict[str, list[ModelInfo]] = defaultdict(list)
    for model in models:
        lines[limits.line_name(model.provider, model.id)].append(model)
    return max((_seconds_of_line(line, cells, paces, limits) for line in lines.values()), default=0.0)


def _seconds_of_line(
    models: Sequence[ModelInfo], cells: Mapping[str, int], paces: Mapping[str, float], limits: Limits
) -> float:
    limit = limits.limit(models[0].provider, models[0].id)
    work = sum(cells[model.id] * paces[model.id] for model in models)
    longest = max(paces[model.id] for model in models)
    asked = sum(cells[model.id] for model in models)
    minutes = (asked - 1) // limit.requests_per_minute if limit.requests_per_minute else 0
    return max(work / (limit.at_once or AT_ONCE), minutes * MINUTE + longest)
