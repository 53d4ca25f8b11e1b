"""What came back from Gemini, the same for both of its APIs, and what it comes to."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from app.models.base import AnswerState, Usage
from app.models.prices import estimate_usd

_CUT_OFF = frozenset({"MAX_TOKENS", "incomplete", "budget_exceeded"})
_BLOCKED = frozenset(
    {"SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "MODEL_ARMOR"}
)
_SOUND = "audio"
_PRICED_AS = "https://generativelanguage.googleapis.com"


class Reply(Struct, frozen=True, kw_only=True):
    """One finished reply."""

    text: str
    finish: str | None
    """Google's word for the end: a finish reason, a reason for blocking, or the status of an interaction."""
    blocked: bool = False
    id: str | None = None
    model: str | None = None
    """That really answered, as far as Google says."""
    input_tokens: int | None = None
    output_tokens: int | None = None
    thinking_tokens: int | None = None
    audio_tokens: int | None = None

    @property
    def state(self) -> AnswerState:
        """How it ended."""
        if self.blocked or self.finish in _BLOCKED:
            return AnswerState.BLOCKED
        if self.finish in _CUT_OFF:
            return AnswerState.CUT_OFF
        return AnswerState.COMPLETED if self.text.strip() else AnswerState.EMPTY

    @property
    def usage(self) -> Usage | None:
        """The tokens; None when nothing was counted."""
        usage = Usage(
            input_tokens=self.input_tokens, output_tokens=self.output_tokens, thinking_tokens=self.thinking_tokens
        )
        return None if usage == Usage() else usage

    def cost(self, model: str) -> float | None:
        """Estimate what it cost, in US dollars, by the price of `model`; None when that is unknown."""
        if self.input_tokens is None:
            return None
        return estimate_usd(
            model,
            provider_url=_PRICED_AS,
            input_tokens=self.input_tokens,
            output_tokens=(self.output_tokens or 0) + (self.thinking_tokens or 0),
            audio_tokens=self.audio_tokens,
        )


def reply_of_interaction(interaction: Any, streamed: str) -> Reply:
    """Read a finished interaction; `streamed` is the text if it holds none itself."""
    usage = interaction.usage
    return Reply(
        text=_text_of(interaction) or streamed,
        finish=interaction.status,
        id=interaction.id,
        model=interaction.model,
        input_tokens=usage and usage.total_input_tokens,
        output_tokens=usage and usage.total_output_tokens,
        thinking_tokens=usage and usage.total_thought_tokens,
        audio_tokens=_sound(usage and usage.input_tokens_by_modality, "tokens"),
    )


def reply_of_chunk(chunk: Any, text: str, finish: str | None) -> Reply:
    """Read the last chunk of a stream, after `text`."""
    usage = chunk.usage_metadata
    feedback = chunk.prompt_feedback
    blocked_by = feedback.block_reason if feedback else None
    return Reply(
        text=text,
        finish=blocked_by.value if blocked_by else finish,
        blocked=blocked_by is not None,
        id=chunk.response_id,
        model=chunk.model_version,
        input_tokens=usage and usage.prompt_token_count,
        output_tokens=usage and usage.candidates_token_count,
        thinking_tokens=usage and usage.thoughts_token_count,
        audio_tokens=_sound(usage and usage.prompt_tokens_details, "token_count"),
    )


def _text_of(interaction: Any) -> str:
    steps = [step for step in interaction.steps or () if step.type == "model_output"]
    contents = [content for step in steps for content in step.content or ()]
    return "".join(content.text for content in contents if content.type == "text")


def _sound(details: list[Any] | None, counted: str) -> int | None:
    counts = [getattr(each, counted) for each in details or () if str(_name(each.modality)).lower() == _SOUND]
    return sum(count or 0 for count in counts) if counts else None


def _name(modality: Any) -> Any:
    return getattr(modality, "value", modality)
