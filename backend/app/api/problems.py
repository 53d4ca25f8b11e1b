"""Every error of the API as a problem document (RFC 9457) whose `detail` says what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app.media.errors import MediaError, MediaErrorKind
from app.videos import errors as videos

MEDIA_TYPE = "application/problem+json"
ALWAYS_POSSIBLE = (400, 401, 403, 413, 421, 422, 500)
"""What any route may answer, most of it before the route is reached."""
_SCHEMA = {
    "title": "Problem",
    "description": "What went wrong and what to do about it (RFC 9457); some problems have further members.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Always about:blank: the status says it all."},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence a person can act on."},
    },
}
_SHOWN_ERRORS = 5
_VIDEO_STATUSES = {
    videos.VideoNotFound: 404,
    videos.VideoDamaged: 404,
    videos.PosterMissing: 404,
    videos.VideoTooLarge: 413,
    videos.NotMultipart: 415,
    videos.VideoEmpty: 422,
    videos.UploadBroken: 422,
    videos.NoRoom: 507,
}
_MEDIA_STATUSES = {
    MediaErrorKind.MISSING: 404,
    MediaErrorKind.UNREADABLE: 422,
    MediaErrorKind.LIMIT: 422,
    MediaErrorKind.NO_VIDEO: 415,
    MediaErrorKind.INTERNAL: 500,
}


class Problem(Exception):
    """Raised in a route: ends it with a problem document.

    `members` are further members of the document, such as job_status; `headers` go with the answer.
    """

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        super().__init__(detail)
        self.status = HTTPStatus(status)
        self.detail = detail
        self.headers = headers
        self.members = members

    def response(self) -> Response:
        """Make the answer."""
        document = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
            **self.members,
        }
        return Response(json.dumps(document), self.status.value, self.headers, MEDIA_TYPE)


def install_problems(app: FastAPI) -> None:
    """Make every error of the app a problem document, and describe it in the OpenAPI document."""
    app.exception_handler(Problem)(_as_raised)
    app.exception_handler(videos.VideoError)(_video_error)
    app.exception_handler(MediaError)(_media_error)
    app.exception_handler(RequestValidationError)(_invalid_request)
    app.exception_handler(HTTPException)(_http_error)
    app.exception_handler(Exception)(_defect)
    make_document = app.openapi

    def openapi() -> dict[str, Any]:
        document = make_document()
        document.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _SCHEMA
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend the document


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe for OpenAPI the errors of a route: those given and those always possible."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in sorted({*statuses, *ALWAYS_POSSIBLE})
    }


async def _as_raised(_: Request, problem: Problem) -> Response:
    return problem.response()


async def _video_error(_: Request, error: videos.VideoError) -> Response:
    return Problem(_VIDEO_STATUSES[type(error)], str(error)).response()


async def _media_error(_: Request, error: MediaError) -> Response:
    return Problem(_MEDIA_STATUSES[error.kind], error.message).response()


async def _invalid_request(_: Request, error: RequestValidationError) -> Response:
    """Say what is wrong where; the values are not repeated: they may be long, or secret."""
    errors = [{"where": ".".join(map(str, each["loc"])), "message": each["msg"]} for each in error.errors()]
    shown = "; ".join(f"{each['where']}: {each['message']}" for each in errors[:_SHOWN_ERRORS])
    return Problem(422, f"The request does not fit: {shown}.", errors=errors).response()


async def _http_error(request: Request, error: HTTPException) -> Response:
    is_bare = error.detail == HTTPStatus(error.status_code).phrase
    detail = _advice(request, error) if is_bare else error.detail
    return Problem(error.status_code, detail, headers=error.headers).response()


async def _defect(request: Request, _: Exception) -> Response:
    """The error's own words go to the log only: they may hold what is not meant to be shown."""
    detail = f"{request.method} {request.url.path} failed through a defect of this server; its log says more."
    return Problem(500, detail).response()


def _advice(request: Request, error: HTTPException) -> str:
    path = request.url.path
    if error.status_code == HTTPStatus.NOT_FOUND:
        return f"There is nothing at {path}: check the address."
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "another method")
        return f"{request.method} is not possible at {path}: use {allowed}."
    return f"{error.detail}."
