"""What people think of the answers, over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.comparisons import CellName, Queue, RatingsOfAll
from app.api.problems import problem_responses
from app.api.schemas import Name
from app.api.terms import LONGEST_PROMPT
from app.compare.ratings import LONGEST_NOTE, Rating, Ratings, Vote, win_table
from app.compare.standing import standing_of

router = APIRouter(prefix="/api", tags=["ratings"])
_PROBLEMS = problem_responses(404, 409, 410, 507)


class RatingView(BaseModel):
    """What a person thinks of one answer; neither stars nor note takes it back."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    stars: Annotated[int, Field(ge=1, le=5, strict=True)] | None = None
    note: str = Field(default="", max_length=LONGEST_NOTE)


class VoteView(BaseModel):
    """Which of two answers to one prompt about one video is better."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    video_id: Name
    prompt: Annotated[str, Field(min_length=1, max_length=LONGEST_PROMPT)]
    models: Annotated[tuple[Name, Name], Field(description="The two that were compared.")]
    winner: Annotated[Name, Field(description="One of the two, `tie`, or `bad` when neither is any good.")]


class WinsView(BaseModel):
    """How a model did in the votes."""

    model_config = ConfigDict(from_attributes=True)

    won: int
    lost: int
    tied: int = Field(description="Also those where both were bad.")


class RatingsView(BaseModel):
    """All that people think of one comparison."""

    cells: dict[str, RatingView]
    votes: list[VoteView]
    wins: dict[str, WinsView]


@router.get("/jobs/{job_id}/ratings", responses=problem_responses(404, 409, 410))
async def get_ratings(job_id: str, queue: Queue, ratings: RatingsOfAll) -> RatingsView:
    """Tell what people think of a comparison."""
    standing = await standing_of(queue, job_id)
    return _view(await ratings.read(standing.job.id))


@router.put("/jobs/{job_id}/cells/{cell}/rating", responses=_PROBLEMS)
async def rate_cell(job_id: str, cell: CellName, rated: RatingView, queue: Queue, ratings: RatingsOfAll) -> RatingsView:
    """Rate one answer; the ratings after it."""
    standing = await standing_of(queue, job_id)
    return _view(await ratings.rate(standing, cell, Rating(stars=rated.stars, note=rated.note)))


@router.post("/jobs/{job_id}/votes", responses=_PROBLEMS)
async def vote(job_id: str, cast: VoteView, queue: Queue, ratings: RatingsOfAll) -> RatingsView:
    """Vote on two answers; a second vote on the same two replaces the first. The ratings after it."""
    standing = await standing_of(queue, job_id)
    return _view(await ratings.vote(standing, Vote(**cast.model_dump())))


def _view(ratings: Ratings) -> RatingsView:
    return RatingsView(
        cells={name: RatingView.model_validate(rating) for name, rating in ratings.cells.items()},
        votes=[VoteView.model_validate(vote) for vote in ratings.votes],
        wins={model: WinsView.model_validate(wins) for model, wins in win_table(ratings.votes).items()},
    )
