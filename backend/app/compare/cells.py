"""A cell: one video, one prompt, one model, and the answer or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

from app.compare.answer_index import Origin
from app.compare.terms import USUAL, Terms, given
from app.models.base import NO_OPTIONS, Answer, AskOptions, InputNote, Timestamp, Usage
from app.models.errors import ModelError
from app.models.rerouting import is_rerouted
from app.models.timestamps import find_timestamps


class CellState(StrEnum):
    """How a cell ended."""

    COMPLETED = "completed"
    FAILED = "failed"
    BLOCKED = "blocked"
    CUT_OFF = "cut_off"
    EMPTY = "empty"
    CANCELLED = "cancelled"


class CellPlan(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is to be asked."""

    cell: str
    """Its place: `video.prompt.model`, counted from 1, such as `1.2.3`; its second repeat is `1.2.3.2`."""
    video_id: str
    prompt: str
    model: str
    repeat: int = 1
    options: AskOptions = NO_OPTIONS


class CellError(Struct, frozen=True, kw_only=True):
    """Why there is no answer."""

    kind: str
    message: str
    what_to_do: str
    retryable: bool


class Timings(Struct, frozen=True, kw_only=True):
    """Seconds; None where it does not apply."""

    queued: float | None = None
    """From the start of the job until the cell's turn."""
    upload: float | None = None
    first_token: float | None = None
    total: float | None = None
    """From the cell's turn to its end, retries and waits included."""


class Cell(Struct, frozen=True, kw_only=True):
    """A finished cell."""

    cell: str
    video_id: str
    prompt: str
    model: str
    repeat: int = 1
    """1 for the first time this was asked in the comparison."""
    options: dict[str, Any] = {}
    """As asked; `input` says what came of them."""
    state: CellState
    text: str = ""
    """The answer in Markdown, or as much of it as came."""
    answered_by: str | None = None
    """The model that really answered."""
    rerouted: bool = False
    """The provider answered with another model than the one asked."""
    schema_error: str | None = None
    """In what the answer does not follow the response schema that was asked for."""
    finish_reason: str | None = None
    provider_id: str | None = None
    """The provider's own name for the call."""
    reattached: bool = False
    """The call was made by an earlier attempt, and only listened to again: it was paid once."""
    paid_twice_possible: bool = False
    """The call was made again after it was broken off, and nobody knows whether the one before was charged."""
    usage: Usage | None = None
    cost_usd: float | None = None
    """Estimated; None when unknown."""
    reused_from: Origin | None = None
    """The earlier cell whose answer this is; nothing was asked or paid."""
    saved_usd: float | None = None
    """What that answer had cost."""
    timings: Timings = Timings()
    attempts: int = 1
    """How often the model was asked."""
    input: InputNote | None = None
    """What the model was given."""
    timestamps: tuple[Timestamp, ...] = ()
    """Moments that the text names."""
    error: CellError | None = None
    stays_cancelled: bool = False
    """A person cancelled this cell alone: it is asked again only when this very cell is retried."""

    @property
    def is_to_be_asked_again(self) -> bool:
        """Whether it was broken off since its whole job was cancelled."""
        return self.state is CellState.CANCELLED and not self.stays_cancelled


def plan_cells(
    video_ids: Sequence[str], prompts: Sequence[str], models: Sequence[str], terms: Terms = USUAL
) -> list[CellPlan]:
    """All combinations, in the order of reading: video by video, prompt by prompt, model by model, then repeats."""
    return [
        CellPlan(
            cell=f"{v}.{p}.{m}" if repeat == 1 else f"{v}.{p}.{m}.{repeat}",
            video_id=video_id,
            prompt=prompt,
            model=model,
            repeat=repeat,
            options=terms.options,
        )
        for v, video_id in enumerate(video_ids, 1)
        for p, prompt in enumerate(prompts, 1)
        for m, model in enumerate(models, 1)
        for repeat in range(1, terms.repeats + 1)
    ]


def answered(plan: CellPlan, answer: Answer, timings: Timings, attempts: int, schema_error: str | None = None) -> Cell:
    """The cell of a model that answered."""
    return Cell(
        **_asked(plan),
        state=CellState(answer.state.value),
        text=answer.text,
        answered_by=answer.answered_by,
        rerouted=is_rerouted(plan.model, answer.answered_by),
        schema_error=schema_error,
        finish_reason=answer.finish_reason,
        provider_id=answer.provider_id,
        usage=answer.usage,
        cost_usd=answer.cost_usd,
        timings=timings,
        attempts=attempts,
        input=answer.input,
        timestamps=answer.timestamps,
    )


def failed(plan: CellPlan, error: ModelError, timings: Timings, attempts: int, partial: str) -> Cell:
    """The cell of a model that did not; what came of its answer is kept."""
    why = CellError(
        kind=error.kind.value, message=error.message, what_to_do=error.what_to_do, retryable=error.retryable
    )
    return Cell(
        **_asked(plan),
        state=CellState.BLOCKED if error.kind == "blocked" else CellState.FAILED,
        text=partial,
        timings=timings,
        attempts=attempts,
        timestamps=find_timestamps(partial),
        error=why,
    )


def not_asked(plan: CellPlan, error: CellError, queued: float) -> Cell:
    """The cell of a model that another cell has just been told not to ask any more."""
    return Cell(
        **_asked(plan),
        state=CellState.FAILED,
        timings=Timings(queued=queued),
        attempts=0,
        error=error,
    )


def cancelled(plan: CellPlan, timings: Timings, attempts: int, partial: str) -> Cell:
    """The cell of an answer that a person broke off; what came of it is kept."""
    return Cell(
        **_asked(plan),
        state=CellState.CANCELLED,
        text=partial,
        timings=timings,
        attempts=attempts,
        timestamps=find_timestamps(partial),
        cost_usd=None if attempts else 0.0,
    )


def _asked(plan: CellPlan) -> dict[str, Any]:
    """What a cell tells of its question."""
    return {
        "cell": plan.cell,
        "video_id": plan.video_id,
        "prompt": plan.prompt,
        "model": plan.model,
        "repeat": plan.repeat,
        "options": given(plan.options),
    }
