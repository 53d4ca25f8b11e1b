"""Earlier comparisons that asked some of the same, over HTTP."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.problems import problem_responses
from app.compare.forerunners import MOST_READ, MOST_SHOWN, Forerunners

router = APIRouter(prefix="/api", tags=["compare"])


class ForerunnerView(BaseModel):
    """An earlier comparison."""

    model_config = ConfigDict(from_attributes=True)

    job_id: str
    title: str
    created_at: datetime
    shared: int = Field(description="How many cells it has in common: the same video, prompt and model.")


class ForerunnersView(BaseModel):
    """Earlier comparisons, newest first."""

    jobs: list[ForerunnerView]


@router.get(
    "/jobs/{job_id}/forerunners",
    responses=problem_responses(404, 409, 410),
    description=f"The {MOST_SHOWN} latest, among the {MOST_READ:,} comparisons before it.",
)
async def list_forerunners(job_id: str, request: Request) -> ForerunnersView:
    """List the comparisons from before this one that asked some of the same."""
    forerunners: Forerunners = request.app.state.forerunners
    return ForerunnersView(jobs=[ForerunnerView.model_validate(each) for each in await forerunners.of(job_id)])
