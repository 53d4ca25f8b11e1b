"""What may be wrong, and what to do about it, over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.comparisons import Queue
from app.api.problems import problem_responses
from app.api.videos import Library
from app.doctor import examine

router = APIRouter(prefix="/api", tags=["health"])


class CheckView(BaseModel):
    """What was looked at, and what was found."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    ok: bool
    detail: str
    fix: str | None = Field(description="What to do; also where something optional is missing.")


class DoctorView(BaseModel):
    """All checks."""

    checks: list[CheckView]


@router.get("/doctor", responses=problem_responses())
async def get_checks(request: Request, queue: Queue, library: Library) -> DoctorView:
    """Look whether everything is as it should be; the same as `longtake-compare doctor`."""
    checks = await examine(request.app.state.settings, queue, library)
    return DoctorView(checks=[CheckView.model_validate(check) for check in checks])
