"""The errors of the job library and of comparisons, in routes of our own, as problem documents."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI, Request, Response

from app.api.problems import Problem
from app.compare.ratings import VoteNotPossible
from app.compare.standing import CellNotFound, NotAComparison
from longtake import InvalidArgs, JobDamaged, JobNotFound, NotJson, NotPossibleNow, QueueFull, StorageProblem

_STATUSES: Final[dict[type[Exception], int]] = {
    JobNotFound: 404,
    CellNotFound: 404,
    QueueFull: 429,
    NotPossibleNow: 409,
    NotAComparison: 409,
    JobDamaged: 410,
    InvalidArgs: 422,
    NotJson: 422,
    VoteNotPossible: 422,
    StorageProblem: 507,
}


def install_job_problems(app: FastAPI) -> None:
    """Answer these errors wherever a route lets them out."""
    for kind in _STATUSES:
        app.exception_handler(kind)(_answer)


async def _answer(_: Request, error: Exception) -> Response:
    status = next(status for kind, status in _STATUSES.items() if isinstance(error, kind))
    members = {"job_status": status_of_job} if (status_of_job := getattr(error, "status", None)) else {}
    detail = error.strerror if isinstance(error, StorageProblem) else None
    headers = {"Retry-After": str(error.try_again_after)} if isinstance(error, QueueFull) else None
    return Problem(status, detail or str(error), headers=headers, **members).response()
