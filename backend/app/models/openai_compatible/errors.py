"""What servers that speak like OpenAI say when they refuse, and what of it their SDK raises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from json import JSONDecodeError
from typing import Any

import openai

from app.models.errors import ErrorKind
from app.models.provider_errors import Complaint, complaint_of_transport, kind_of_status, retry_delay

_BY_CODE = {
    "rate_limit_exceeded": ErrorKind.RATE_LIMIT,
    "insufficient_quota": ErrorKind.BILLING,
    "billing_not_active": ErrorKind.BILLING,
    "billing_hard_limit_reached": ErrorKind.BILLING,
    "invalid_api_key": ErrorKind.AUTH,
    "model_not_found": ErrorKind.NOT_FOUND,
    "content_filter": ErrorKind.BLOCKED,
    "content_policy_violation": ErrorKind.BLOCKED,
    "context_length_exceeded": ErrorKind.INVALID,
}
_DAILY = re.compile(r"\bper[ -]day\b|\b[RT]PD\b")


def complaint_of(error: BaseException) -> Complaint:
    """What any error raised while asking such a server comes to."""
    match error:
        case openai.APIStatusError():
            return _complaint(error.status_code, _error_in(error.body), error.response.headers)
        case openai.APIConnectionError() | openai.APIResponseValidationError():
            return complaint_of_transport(error) or Complaint(ErrorKind.CONNECTION, str(error))
        case openai.APIError():
            # An error in the middle of a stream, after the status said that all was well.
            return _complaint(500, _error_in(error.body), {})
        case JSONDecodeError():
            return Complaint(ErrorKind.CONNECTION, "the answer arrived incomplete")
        case _:
            return complaint_of_transport(error) or Complaint(ErrorKind.INTERNAL, f"{type(error).__name__}: {error}")


def _complaint(status: int, error: Mapping[str, Any], headers: Mapping[str, str]) -> Complaint:
    said = str(error.get("message") or "")
    code = str(error.get("code") or error.get("type"))
    kind = _BY_CODE.get(code, kind_of_status(status))
    if kind is ErrorKind.RATE_LIMIT:
        if _DAILY.search(said):
            return Complaint(ErrorKind.DAILY_QUOTA, said)
        return Complaint(kind, said, retry_delay(headers, said))
    return Complaint(kind, said)


def _error_in(body: object) -> Mapping[str, Any]:
    """The SDK hands over what is inside `error`, if there is such, else the whole body."""
    if isinstance(body, str):
        return {"message": body}
    found = body.get("error", body) if isinstance(body, Mapping) else {}
    return found if isinstance(found, Mapping) else {"message": str(found)}
