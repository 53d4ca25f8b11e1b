"""What routes about one comparison have in common."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request

from app.compare.export.gathering import Gatherer
from app.compare.ratings import RatingsShelf
from longtake import JobQueue


def _queue(request: Request) -> JobQueue:
    queue: JobQueue = request.app.state.queue
    return queue


def _ratings(request: Request) -> RatingsShelf:
    ratings: RatingsShelf = request.app.state.ratings
    return ratings


def _gatherer(request: Request) -> Gatherer:
    return Gatherer(request.app.state.queue, request.app.state.videos, request.app.state.ratings)


Queue = Annotated[JobQueue, Depends(_queue)]
RatingsOfAll = Annotated[RatingsShelf, Depends(_ratings)]
Reports = Annotated[Gatherer, Depends(_gatherer)]
CellName = Annotated[str, Path(description="`video.prompt.model`, each counted from 1, such as 1.1.2.")]
