"""A cell: one video, one prompt, one model, and the answer or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from app.models.base import Answer, InputNote, Timestamp, Usage
from app.models.errors import ModelError
from app.models.timestamps import find_timestamps


class CellState(StrEnum):
    """How a cell ended."""

    COMPLETED = "completed"
    FAILED = "failed"
    BLOCKED = "blocked"
    CUT_OFF = "cut_off"
    EMPTY = "empty"
    CANCELLED = "cancelled"


class CellPlan(Struct, frozen=True, kw_only=True):
    """What is to be asked."""

    cell: str
    """Its place: `video.prompt.model`, counted from 1, such as `1.2.3`."""
    video_id: str
    prompt: str
    model: str


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
    state: CellState
    text: str = ""
    """The answer in Markdown, or as much of it as came."""
    answered_by: str | None = None
    """The model that really answered."""
    finish_reason: str | None = None
    usage: Usage | None = None
    cost_usd: float | None = None
    """Estimated; None when unknown."""
    timings: Timings = Timings()
    attempts: int = 1
    """How often the model was asked."""
    input: InputNote | None = None
    """What the model was given."""
    timestamps: tuple[Timestamp, ...] = ()
    """Moments that the text names."""
    error: CellError | None = None


def plan_cells(video_ids: Sequence[str], prompts: Sequence[str], models: Sequence[str]) -> list[CellPlan]:
    """All combinations, in the order of reading: video by video, prompt by prompt, model by model."""
    return [
        CellPlan(cell=f"{v}.{p}.{m}", video_id=video_id, prompt=prompt, model=model)
        for v, video_id in enumerate(video_ids, 1)
        for p, prompt in enumerate(prompts, 1)
        for m, model in enumerate(models, 1)
    ]


def answered(plan: CellPlan, answer: Answer, timings: Timings, attempts: int) -> Cell:
    """The cell of a model that answered."""
    return Cell(
        cell=plan.cell,
        video_id=plan.video_id,
        prompt=plan.prompt,
        model=plan.model,
        state=CellState(answer.state.value),
        text=answer.text,
        answered_by=answer.answered_by,
        finish_reason=answer.finish_reason,
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
        cell=plan.cell,
        video_id=plan.video_id,
        prompt=plan.prompt,
        model=plan.model,
        state=CellState.BLOCKED if error.kind == "blocked" else CellState.FAILED,
        text=partial,
        timings=timings,
        attempts=attempts,
        timestamps=find_timestamps(partial),
        error=why,
    )
