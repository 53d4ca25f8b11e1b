"""What Gemini's two APIs say when they refuse: two dialects, one list of kinds.

generateContent and files:  {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": …, "details": […]}}
interactions:               {"error": {"code": "rate_limit_exceeded", "message": …}}
Codes: https://ai.google.dev/gemini-api/docs/api-errors
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from json import JSONDecodeError
from typing import Any

from app.models.errors import ErrorKind
from app.models.provider_errors import Complaint, complaint_of_transport, kind_of_status, retry_delay

_BY_CODE = {
    "authentication": ErrorKind.AUTH,
    "permission_denied": ErrorKind.AUTH,
    "payment_required": ErrorKind.BILLING,
    "not_found": ErrorKind.NOT_FOUND,
    "model_not_found": ErrorKind.NOT_FOUND,
    "rate_limit_exceeded": ErrorKind.RATE_LIMIT,
    "too_many_requests": ErrorKind.RATE_LIMIT,
    "quota_exceeded": ErrorKind.DAILY_QUOTA,
    "aborted": ErrorKind.SERVER,
    "cancelled": ErrorKind.SERVER,
    "api_error": ErrorKind.SERVER,
    "service_unavailable": ErrorKind.OVERLOADED,
    "deadline_exceeded": ErrorKind.TIMEOUT,
    "invalid_request": ErrorKind.INVALID,
    "failed_precondition": ErrorKind.INVALID,
    "out_of_range": ErrorKind.INVALID,
    "parameter_unknown": ErrorKind.INVALID,
    "unimplemented": ErrorKind.INVALID,
    "safety": ErrorKind.BLOCKED,
    "recitation": ErrorKind.BLOCKED,
    "language": ErrorKind.BLOCKED,
    "prohibited_content": ErrorKind.BLOCKED,
    "spii": ErrorKind.BLOCKED,
    "blocklist": ErrorKind.BLOCKED,
    "content_blocked": ErrorKind.BLOCKED,
}
_FILE_TROUBLE = re.compile(r"\bfiles?\b.{0,200}\b(may not exist|not in an ACTIVE state)", re.IGNORECASE | re.DOTALL)
_NOT_OFFERED = re.compile(r"\b(interactions api|background)\b", re.IGNORECASE)
_BAD_KEY = re.compile(r"\bAPI key (not valid|expired|not found)", re.IGNORECASE)
_NO_QUOTA = re.compile(r"\blimit: 0\b")
_BROKEN_OFF = "UnknownApiResponseError"
"""The SDK's own name for half a JSON text; by name, because to import the SDK takes half a second."""
_UNKNOWN_PATHS = frozenset({404, 405, 501})
_RETRIEVED = frozenset({403, 404})


def complaint_of(error: BaseException) -> Complaint:
    """What any error raised while asking Gemini comes to."""
    status = _status_of(error)
    if status is None:
        return complaint_of_transport(error) or _complaint_of_content(error)
    response = getattr(error, "response", None)
    return complaint_of_answer(status, _body_of(error), getattr(response, "headers", {}))


def complaint_of_answer(status: int, body: object, headers: Mapping[str, str]) -> Complaint:
    """What an answer that is no success comes to."""
    error = _error_in(body)
    said = str(error.get("message") or "")
    named = next((str(each["retryDelay"]) for each in _details(error) if "retryDelay" in each), None)
    kind = _kind(status, error, said)
    return Complaint(kind, said, retry_delay(headers, said, named) if kind is ErrorKind.RATE_LIMIT else None)


def complaint_of_code(code: str | None, message: str | None) -> Complaint:
    """What an error that an interaction itself reports comes to."""
    return Complaint(_kind(500, {"code": code}, message or ""), message or "")


def is_without_interactions(error: BaseException) -> bool:
    """Whether it says that this model, or this server, does not offer interactions in the background."""
    status, details = _status_of(error), _error_in(_body_of(error))
    if status in _UNKNOWN_PATHS:
        return details.get("code") not in _BY_CODE or details.get("code") == "unimplemented"
    said = str(details.get("message"))
    return status == 400 and "support" in said and bool(_NOT_OFFERED.search(said))  # noqa: PLR2004  # HTTP


def is_gone(error: BaseException) -> bool:
    """Whether it says that what was asked for by its id is not there any more."""
    return _status_of(error) in _RETRIEVED


def _kind(status: int, error: Mapping[str, Any], said: str) -> ErrorKind:
    kind = _BY_CODE.get(str(error.get("code")), kind_of_status(status))
    if _FILE_TROUBLE.search(said):
        return ErrorKind.FILE_LOST
    if kind is ErrorKind.RATE_LIMIT:
        return ErrorKind.DAILY_QUOTA if _is_daily(error, said) else kind
    if _BAD_KEY.search(said) or any("API_KEY" in str(each.get("reason")) for each in _details(error)):
        return ErrorKind.AUTH
    if kind in {ErrorKind.INVALID, ErrorKind.AUTH} and "billing" in said.lower():
        return ErrorKind.BILLING
    return kind


def _is_daily(error: Mapping[str, Any], said: str) -> bool:
    violations = (each for detail in _details(error) for each in detail.get("violations") or ())
    return any("PerDay" in str(each.get("quotaId")) for each in violations) or bool(_NO_QUOTA.search(said))


def _complaint_of_content(error: BaseException) -> Complaint:
    if isinstance(error, JSONDecodeError) or type(error).__name__ == _BROKEN_OFF:
        return Complaint(ErrorKind.CONNECTION, "the answer arrived incomplete")
    if isinstance(error, FileNotFoundError):
        return Complaint(ErrorKind.VIDEO_MISSING)
    return Complaint(ErrorKind.INTERNAL, f"{type(error).__name__}: {error}")


def _status_of(error: BaseException) -> int | None:
    """The HTTP status, by the attribute of either family of the SDK's errors."""
    status = getattr(error, "status_code", getattr(error, "code", None))
    return status if isinstance(status, int) else None


def _body_of(error: BaseException) -> object:
    return getattr(error, "body", getattr(error, "details", None))


def _error_in(body: object) -> Mapping[str, Any]:
    found = body[0] if isinstance(body, list) and body else body
    if not isinstance(found, Mapping):
        return {}
    inner = found.get("error")
    return inner if isinstance(inner, Mapping) else {}


def _details(error: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    details = error.get("details")
    return (each for each in (details if isinstance(details, list) else ()) if isinstance(each, Mapping))
