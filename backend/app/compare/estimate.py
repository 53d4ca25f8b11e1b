"""What a comparison will take, before anything is spent. What is not known is said to be unknown, never guessed."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from app.compare.comparing import AT_ONCE, AT_ONCE_ELSE
from app.models.base import InputMode, ModelInfo
from app.models.gemini.service import ADDRESS
from app.models.prices import estimate_usd
from app.videos.video import StoredVideo

ANSWER_TOKENS = 500
"""How long an answer is taken to be for its price."""
_LETTERS_A_TOKEN = 4
_GEMINI_GENERATION = re.compile(r"gemini-(\d+)")
_GEMINI_FRAME_TOKENS = {"before 3": 258, "from 3 on": 70}
"""For each second of video, since one picture a second is looked at (Google's documentation, November 2026)."""
_GEMINI_AUDIO_TOKENS = 32
"""For each second of sound."""


class ModelEstimate(Struct, frozen=True, kw_only=True):
    """What one model will take for its cells."""

    model: str
    cells: int
    input_tokens: int | None
    """None when unknown; 0 when nothing is counted."""
    cost_usd: float | None
    price: str | None
    """In words."""


class Estimate(Struct, frozen=True, kw_only=True):
    """What a whole comparison will take."""

    cells: int
    by_model: tuple[ModelEstimate, ...]
    cost_usd: float | None
    """None when the cost of any model is unknown."""
    seconds: float | None
    """None when any model never answered before."""


def estimate(
    videos: Sequence[StoredVideo], prompts: Sequence[str], models: Sequence[ModelInfo], paces: Mapping[str, float]
) -> Estimate:
    """Estimate every prompt about every video to every model; `paces` are seconds for one cell, by model."""
    by_model = tuple(_of_model(model, videos, prompts) for model in models)
    costs = [each.cost_usd for each in by_model if each.cost_usd is not None]
    cells_a_model = len(videos) * len(prompts)
    return Estimate(
        cells=cells_a_model * len(models),
        by_model=by_model,
        cost_usd=sum(costs) if len(costs) == len(by_model) else None,
        seconds=_seconds(models, cells_a_model, paces),
    )


def _of_model(model: ModelInfo, videos: Sequence[StoredVideo], prompts: Sequence[str]) -> ModelEstimate:
    heard = sum(_audio_tokens(video) for video in videos) * len(prompts)
    tokens = _input_tokens(model, videos, prompts)
    cells = len(videos) * len(prompts)
    cost = None
    if model.price == "free":
        cost = 0.0
    elif tokens is not None:
        cost = estimate_usd(
            model.id,
            provider_url=ADDRESS,
            input_tokens=tokens,
            output_tokens=cells * ANSWER_TOKENS,
            audio_tokens=heard,
        )
    return ModelEstimate(model=model.id, cells=cells, input_tokens=tokens, cost_usd=cost, price=model.price)


def _input_tokens(model: ModelInfo, videos: Sequence[StoredVideo], prompts: Sequence[str]) -> int | None:
    if model.input_mode in {InputMode.LOCAL, InputMode.SIMULATED}:
        return 0
    if model.provider != "gemini":
        return None
    seen = sum(math.ceil(video.facts.duration) * _frame_tokens(model.id) + _audio_tokens(video) for video in videos)
    read = sum(math.ceil(len(prompt) / _LETTERS_A_TOKEN) for prompt in prompts)
    return seen * len(prompts) + read * len(videos)


def _frame_tokens(model_id: str) -> int:
    """The higher rate when the name does not tell the generation."""
    generation = _GEMINI_GENERATION.match(model_id)
    is_new = generation is not None and int(generation[1]) >= 3  # noqa: PLR2004 (the generation with fewer tokens)
    return _GEMINI_FRAME_TOKENS["from 3 on" if is_new else "before 3"]


def _audio_tokens(video: StoredVideo) -> int:
    return math.ceil(video.facts.duration) * _GEMINI_AUDIO_TOKENS if video.facts.audio_codec else 0


def _seconds(models: Sequence[ModelInfo], cells_a_model: int, paces: Mapping[str, float]) -> float | None:
    """The provider that takes longest: providers work side by side, and each asks a few cells at once."""
    if any(model.id not in paces for model in models):
        return None
    work: dict[str, float] = defaultdict(float)
    longest: dict[str, float] = defaultdict(float)
    for model in models:
        work[model.provider] += cells_a_model * paces[model.id]
        longest[model.provider] = max(longest[model.provider], paces[model.id])
    return max(
        (max(total / AT_ONCE.get(name, AT_ONCE_ELSE), longest[name]) for name, total in work.items()), default=0.0
    )
