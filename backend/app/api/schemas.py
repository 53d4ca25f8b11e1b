"""What the API takes and answers."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.api.terms import MAX_CELLS, Prompt, TermsBody, check_number
from app.models.base import InputMode

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class CompareRequest(TermsBody):
    """One video, one prompt, several models."""

    model_config = ConfigDict(
        allow_inf_nan=False,
        json_schema_extra={
            "examples": [{"video_id": "…", "prompt": "What happens?", "models": ["local/scenes", "local/quality"]}]
        },
    )

    video_id: Annotated[Name, Field(description="Of a video, or of an upload under way.")]
    prompt: Prompt
    models: Annotated[list[Name], Field(min_length=1, max_length=MAX_CELLS)]

    @model_validator(mode="after")
    def _not_too_many_cells(self) -> Self:
        check_number(len(set(self.models)) * self.repeats)
        return self


class BatchCompareRequest(TermsBody):
    """Every video with every prompt and every model."""

    video_ids: Annotated[
        list[Name], Field(min_length=1, max_length=MAX_CELLS, description="Of videos, or of uploads under way.")
    ]
    prompts: Annotated[list[Prompt], Field(min_length=1, max_length=MAX_CELLS)]
    models: Annotated[list[Name], Field(min_length=1, max_length=MAX_CELLS)]

    @model_validator(mode="before")
    @classmethod
    def _one_prompt_is_a_list_of_one(cls, data: Any) -> Any:
        if isinstance(data, dict) and "prompts" not in data and "prompt" in data:
            return {**{k: v for k, v in data.items() if k != "prompt"}, "prompts": [data["prompt"]]}
        return data

    @model_validator(mode="after")
    def _not_too_many_cells(self) -> Self:
        check_number(len(set(self.video_ids)) * len(set(self.prompts)) * len(set(self.models)) * self.repeats)
        return self


class Submitted(BaseModel):
    """A job that was accepted and is on the disk."""

    job_id: str
    status: str
    cells: int = Field(description="How many answers it will come to.")


class ModelView(BaseModel):
    """A model that can be asked, or why it cannot."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    provider: str
    title: str
    description: str
    available: bool
    why_not: str | None
    what_to_do: str | None
    input_mode: InputMode = Field(description="What of the video reaches it.")
    reads_prompt: bool
    price: str | None


class ModelsView(BaseModel):
    """All models."""

    models: list[ModelView]


class WorkerView(BaseModel):
    """The process that runs the jobs."""

    alive: bool = Field(description="Whether a worker holds the lock of the jobs folder.")
    pid: int | None
    started_at: str | None


class DiskView(BaseModel):
    """The disk that jobs and videos are on."""

    free_bytes: int
    ok: bool


class HealthView(BaseModel):
    """Whether all is well."""

    status: str
    worker: WorkerView
    disk: DiskView
    keys: dict[str, bool] = Field(description="Which keys are set; never their values.")
    versions: dict[str, str]
    data_dir: str
    standin: bool = Field(description="Whether a stand-in answers in the providers' place: their answers are made up.")
    boot: str = Field(description="Changes when the server starts.")
