"""Money over HTTP: what is spent, and the one button that stops everything."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.comparisons import Queue
from app.api.problems import problem_responses
from app.compare.cancelling import cancel_all
from app.compare.kept_calls import finished_before, heard_again
from app.compare.ledger import Ledger
from app.compare.spending import Caps
from app.compare.standing import read_standing, terms_of
from longtake import JobQueue

router = APIRouter(prefix="/api", tags=["spending"])


class SpendingView(BaseModel):
    """What is spent today, by estimated prices."""

    day: str = Field(description="In UTC, from midnight to midnight.")
    today_usd: float = Field(description="All that is known or estimated, what goes on included.")
    open_usd: float = Field(description="The part of it that is reserved for calls without an outcome.")
    day_cap_usd: float | None = Field(description="LONGTAKE_COMPARE_DAY_CAP_USD; null is no limit.")
    calls: int
    open_calls: int = Field(description="Calls that go on, or were lost in a crash.")
    unknown_calls: int = Field(description="Calls whose price nobody knows: the sums are without them.")


class KeptCallsView(BaseModel):
    """Paid calls that were not paid again."""

    model_config = ConfigDict(from_attributes=True)

    calls: int
    usd: float


class JobSpendingView(BaseModel):
    """What one comparison has spent, by estimated prices."""

    usd: float
    open_usd: float
    budget_usd: float | None
    calls: int
    open_calls: int
    unknown_calls: int
    kept: KeptCallsView = Field(description="Answered before the job's latest attempt began: not asked again.")
    reattached: KeptCallsView = Field(description="Went on at the provider through a crash: only listened to again.")


class StoppedView(BaseModel):
    """What was stopped."""

    jobs: int


def _ledger(request: Request) -> Ledger:
    ledger: Ledger = request.app.state.ledger
    return ledger


Books = Annotated[Ledger, Depends(_ledger)]


@router.get("/spending", responses=problem_responses())
async def get_spending(request: Request, ledger: Books) -> SpendingView:
    """What is spent today, and how the cap of the day stands."""
    return await spent_today(ledger, request.app.state.caps)


@router.get("/jobs/{job_id}/spending", responses=problem_responses(404, 409, 410))
async def get_job_spending(job_id: str, queue: Queue, ledger: Books) -> JobSpendingView:
    """What a comparison has spent so far, and what it did not have to pay again."""
    return await spent_by_job(job_id, queue, ledger)


@router.post("/stop-all", responses=problem_responses(409, 507))
async def stop_all(queue: Queue) -> StoppedView:
    """Cancel every unfinished comparison at once, those that wait for their time too; nothing more is spent."""
    return StoppedView(jobs=await cancel_all(queue))


async def spent_today(ledger: Ledger, caps: Caps) -> SpendingView:
    """What is spent today, and how the cap of the day stands."""
    today = await ledger.today()
    return SpendingView(
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        today_usd=today.usd,
        open_usd=today.open_usd,
        day_cap_usd=caps.day_usd,
        calls=today.calls,
        open_calls=today.open_calls,
        unknown_calls=today.unknown_calls,
    )


async def spent_by_job(job_id: str, queue: JobQueue, ledger: Ledger) -> JobSpendingView:
    """What a comparison has spent so far. Raises JobNotFound, JobDamaged, NotAComparison."""
    job, steps = await queue.get(job_id), await queue.steps(job_id)
    standing, spent = read_standing(job, steps), await ledger.of_job(job.id)
    return JobSpendingView(
        usd=spent.usd,
        open_usd=spent.open_usd,
        budget_usd=terms_of(job).budget_usd,
        calls=spent.calls,
        open_calls=spent.open_calls,
        unknown_calls=spent.unknown_calls,
        kept=KeptCallsView.model_validate(finished_before(standing, steps)),
        reattached=KeptCallsView.model_validate(heard_again(standing)),
    )
