"""The library's errors as HTTP answers that a person can act on (RFC 9457)."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from longtake.errors import (
    InvalidArgs,
    InvalidTransition,
    JobDamaged,
    JobIsNewer,
    JobNotFound,
    LongtakeError,
    NotPossibleNow,
    QueueFull,
    StorageProblem,
)
from longtake.http.origins import Refused
from longtake.http.views import ProblemView

_STATUS: list[tuple[type[LongtakeError], HTTPStatus]] = [
    (JobNotFound, HTTPStatus.NOT_FOUND),
    (QueueFull, HTTPStatus.TOO_MANY_REQUESTS),
    (NotPossibleNow, HTTPStatus.CONFLICT),
    (InvalidArgs, HTTPStatus.UNPROCESSABLE_ENTITY),
    (StorageProblem, HTTPStatus.INSUFFICIENT_STORAGE),
    (JobDamaged, HTTPStatus.GONE),
    (JobIsNewer, HTTPStatus.CONFLICT),
    (LongtakeError, HTTPStatus.INTERNAL_SERVER_ERROR),
]

_SHOWN = 5


def problem(status: HTTPStatus, detail: str, **members: Any) -> JSONResponse:
    """A problem document."""
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail, **members}
    return JSONResponse(body, status.value, media_type="application/problem+json")


def answer(error: LongtakeError) -> JSONResponse:
    """The problem document of an error."""
    status = next(status for kind, status in _STATUS if isinstance(error, kind))
    members = {"job_status": error.status} if isinstance(error, InvalidTransition) else {}
    detail = error.strerror if isinstance(error, StorageProblem) and error.strerror else str(error)
    answered = problem(status, detail, **members)
    if isinstance(error, QueueFull):
        answered.headers["Retry-After"] = str(error.try_again_after)
    return answered


def _does_not_fit(error: RequestValidationError) -> JSONResponse:
    """Say what is wrong where; the values are not repeated: they may be long, or secret."""
    errors = [{"where": ".".join(map(str, each["loc"])), "message": each["msg"]} for each in error.errors()]
    shown = "; ".join(f"{each['where']}: {each['message']}" for each in errors[:_SHOWN])
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"The request does not fit: {shown}.", errors=errors)


class ProblemRoute(APIRoute):
    """A route whose errors become problem documents, in any app."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            except Refused as refused:
                return problem(HTTPStatus(refused.status_code), str(refused.detail))
            except LongtakeError as error:
                return answer(error)
            except RequestValidationError as error:
                return _does_not_fit(error)

        return handle


def documented(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with these problems."""
    content = {"application/problem+json": {"schema": ProblemView.model_json_schema()}}
    return {status.value: {"description": status.phrase, "content": content} for status in statuses}
