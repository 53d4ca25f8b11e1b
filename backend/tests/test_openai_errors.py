"""Servers that speak like OpenAI refuse in many dialects."""

from __future__ import annotations

import httpx2
import openai
import pytest

from app.models.errors import ErrorKind
from app.models.openai_compatible.errors import complaint_of

REQUEST = httpx2.Request("POST", "http://server/v1/chat/completions")


def refused(status: int, body: object, headers: dict[str, str] | None = None) -> openai.APIStatusError:
    return openai.APIStatusError("no", response=httpx2.Response(status, headers=headers, request=REQUEST), body=body)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, {"code": "rate_limit_exceeded", "message": "Rate limit reached"}, ErrorKind.RATE_LIMIT),
        (429, {"message": "Rate limit reached on requests per day (RPD)"}, ErrorKind.DAILY_QUOTA),
        (429, {"code": "insufficient_quota", "message": "You exceeded your current quota"}, ErrorKind.BILLING),
        (400, {"code": "context_length_exceeded", "message": "too long"}, ErrorKind.INVALID),
        (400, {"code": "content_policy_violation", "message": "no"}, ErrorKind.BLOCKED),
        (404, {"message": "model 'x' not found", "type": "not_found_error"}, ErrorKind.NOT_FOUND),
        (400, {"error": "'url' field must be a base64 encoded image."}, ErrorKind.INVALID),
        (500, "Internal Server Error", ErrorKind.SERVER),
        (503, {"message": "Loading model", "type": "unavailable_error", "code": 503}, ErrorKind.OVERLOADED),
        (502, None, ErrorKind.SERVER),
    ],
)
def test_each_refusal_has_its_kind(status: int, body: object, kind: ErrorKind) -> None:
    assert complaint_of(refused(status, body)).kind is kind


def test_what_a_server_says_in_any_form_is_passed_on() -> None:
    assert complaint_of(refused(400, {"error": "only images"})).said == "only images"
    assert complaint_of(refused(400, {"message": "only images"})).said == "only images"
    assert complaint_of(refused(400, "only images")).said == "only images"


def test_a_delay_is_read_from_the_header() -> None:
    assert complaint_of(refused(429, {"message": "slow down"}, {"retry-after": "7"})).retry_after == 7.0


def test_what_nobody_thought_of_is_our_own_mistake() -> None:
    assert complaint_of(ZeroDivisionError()).kind is ErrorKind.INTERNAL
