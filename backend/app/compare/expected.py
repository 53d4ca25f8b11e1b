"""What one cell will take, as far as that is known before it is asked. What is not known is never guessed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Protocol

import msgspec
from msgspec import Struct

from app.models.base import AskOptions, InputMode, ModelInfo, Resolution
from app.models.gemini.service import ADDRESS
from app.models.prices import estimate_usd

ANSWER_TOKENS = 500
"""How long an answer is taken to be for its price."""
_LETTERS_A_TOKEN = 4
_GEMINI_GENERATION = re.compile(r"gemini-(\d+)")
_OLD_FRAME_TOKENS: Mapping[Resolution | None, int] = {Resolution.LOW: 66}
_NEW_FRAME_TOKENS: Mapping[Resolution | None, int] = {Resolution.HIGH: 280}
"""For each picture, before Gemini 3 and from then on (Google's documentation, November 2026)."""
_OLD_USUAL, _NEW_USUAL = 258, 70
_GEMINI_FPS = 1.0
_GEMINI_AUDIO_TOKENS = 32
"""For each second of sound."""


class Film(Protocol):
    """What must be known of a video."""

    @property
    def duration(self) -> float:
        """Seconds."""
        ...

    @property
    def audio_codec(self) -> str | None:
        """None without sound."""
        ...


class Expected(Struct, frozen=True):
    """What one cell will take."""

    input_tokens: int | None
    """None when unknown; 0 when nothing is counted."""
    cost_usd: float | None


def expected(model: ModelInfo, film: Film | None, prompt: str, options: AskOptions) -> Expected:
    """Tell what a prompt about a film will take; None is a film that is not there yet."""
    tokens = _input_tokens(model, film, prompt, options)
    if model.price == "free":
        return Expected(tokens, 0.0)
    if tokens is None or film is None:
        return Expected(tokens, None)
    cost = estimate_usd(
        model.id,
        provider_url=ADDRESS,
        input_tokens=tokens,
        output_tokens=ANSWER_TOKENS,
        audio_tokens=_audio_tokens(film, options),
    )
    return Expected(tokens, cost)


def _input_tokens(model: ModelInfo, film: Film | None, prompt: str, options: AskOptions) -> int | None:
    if model.input_mode in {InputMode.LOCAL, InputMode.SIMULATED}:
        return 0
    if model.provider != "gemini" or film is None:
        return None
    fps = _GEMINI_FPS if options.fps is None else options.fps
    pictures = math.ceil(_seconds(film, options) * fps)
    seen = pictures * _frame_tokens(model.id, options.resolution) + _audio_tokens(film, options)
    read = math.ceil(len(prompt) / _LETTERS_A_TOKEN)
    if options.system_instruction:
        read += math.ceil(len(options.system_instruction) / _LETTERS_A_TOKEN)
    if options.response_schema:
        read += math.ceil(len(msgspec.json.encode(options.response_schema)) / _LETTERS_A_TOKEN)
    return seen + read


def _frame_tokens(model_id: str, resolution: Resolution | None) -> int:
    """The higher rate when the name does not tell the generation."""
    generation = _GEMINI_GENERATION.match(model_id)
    is_new = generation is not None and int(generation[1]) >= 3  # noqa: PLR2004 (the generation with fewer tokens)
    if is_new:
        return _NEW_FRAME_TOKENS.get(resolution, _NEW_USUAL)
    return _OLD_FRAME_TOKENS.get(resolution, _OLD_USUAL)


def _audio_tokens(film: Film, options: AskOptions) -> int:
    return math.ceil(_seconds(film, options)) * _GEMINI_AUDIO_TOKENS if film.audio_codec else 0


def _seconds(film: Film, options: AskOptions) -> float:
    end = film.duration if options.clip_end is None else min(options.clip_end, film.duration)
    return max(0.0, end - (options.clip_start or 0.0))
