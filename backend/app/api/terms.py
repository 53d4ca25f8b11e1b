"""How a comparison is asked, as the API takes it."""

from __future__ import annotations

import json
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from app.compare.terms import Terms
from app.models.answer_schema import why_no_schema
from app.models.base import AskOptions, Resolution, ThinkingLevel

MAX_CELLS = 500
LONGEST_PROMPT = 100_000
MOST_REPEATS = 10
_LARGEST_SCHEMA = 50_000

Prompt = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_PROMPT)]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class OptionsBody(BaseModel):
    """What may be asked for besides the prompt; what is left out is left to the model.

    A model that cannot follow an option says so in `input.ignored` of its cell.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    fps: Annotated[float, Field(gt=0, le=24)] | None = Field(default=None, description="Pictures a second of video.")
    clip_start: Annotated[float, Field(ge=0)] | None = Field(default=None, description="Seconds.")
    clip_end: Annotated[float, Field(gt=0)] | None = Field(default=None, description="Seconds.")
    resolution: Resolution | None = None
    thinking_level: ThinkingLevel | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    system_instruction: Prompt | None = None
    response_schema: dict[str, Any] | None = Field(
        default=None,
        description="JSON schema of the answer; `schema_error` of a cell tells where it was not followed.",
    )

    @field_validator("response_schema")
    @classmethod
    def _is_a_schema(cls, schema: dict[str, Any] | None) -> dict[str, Any] | None:
        if schema is None:
            return None
        if len(json.dumps(schema)) > _LARGEST_SCHEMA:
            raise ValueError(f"the schema is longer than {_LARGEST_SCHEMA} characters: ask for less at once")
        if reason := why_no_schema(schema):
            raise ValueError(f"this is no JSON schema: {reason}")
        return schema

    @model_validator(mode="after")
    def _clip_has_a_length(self) -> Self:
        if self.clip_start is not None and self.clip_end is not None and self.clip_start >= self.clip_end:
            raise ValueError(f"clip_start ({self.clip_start:g}) must be before clip_end ({self.clip_end:g})")
        return self

    def as_options(self) -> AskOptions:
        """The same for the models."""
        return AskOptions(**self.model_dump(exclude_none=True))


class TermsBody(BaseModel):
    """How every cell of a comparison is asked, and how its job is run."""

    model_config = ConfigDict(allow_inf_nan=False)

    options: OptionsBody = OptionsBody()
    repeats: Annotated[int, Field(ge=1, le=MOST_REPEATS)] = Field(
        default=1, description="How often each cell is asked, to see how much the answers vary."
    )
    fresh: bool = Field(
        default=False, description="Ask every cell, also where an earlier one answered exactly the same question."
    )
    budget_usd: Annotated[float, Field(ge=0)] | None = Field(
        default=None,
        description="The most that its paid calls may cost together, in US dollars by estimated prices; "
        "cells that would exceed it are not asked.",
    )
    priority: Annotated[int, Field(ge=-1000, le=1000)] = Field(default=0, description="Higher first.")
    run_at: AwareDatetime | None = Field(default=None, description="Not before this time, with its zone.")
    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = Field(
        default="", description="What people see; made up when empty."
    )
    tags: Annotated[list[Tag], Field(max_length=50)] = Field(default=[], description="Words to find it by.")
    notify: Annotated[list[Tag], Field(max_length=20)] = Field(
        default=[], description="Names of notification targets that are told when it is finished."
    )

    def terms(self) -> Terms:
        """What the job must know."""
        return Terms(
            options=self.options.as_options(), repeats=self.repeats, fresh=self.fresh, budget_usd=self.budget_usd
        )

    def job_options(self) -> dict[str, Any]:
        """What the queue must know."""
        return {name: getattr(self, name) for name in ("priority", "run_at", "tags", "notify")}


def check_number(cells: int) -> None:
    """Raise ValueError when one job would have too many cells."""
    if cells > MAX_CELLS:
        raise ValueError(f"{cells} cells are more than the {MAX_CELLS} of one job: make several jobs of them")
