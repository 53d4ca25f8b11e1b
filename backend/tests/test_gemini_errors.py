"""Every code that Google documents, and bodies that nobody documents, have a kind."""

from __future__ import annotations

import pytest

from app.models.errors import PASSING, ErrorKind
from app.models.gemini.errors import complaint_of, complaint_of_answer, complaint_of_code

DOCUMENTED = {
    "invalid_request": ErrorKind.INVALID,
    "failed_precondition": ErrorKind.INVALID,
    "out_of_range": ErrorKind.INVALID,
    "parameter_unknown": ErrorKind.INVALID,
    "authentication": ErrorKind.AUTH,
    "payment_required": ErrorKind.BILLING,
    "permission_denied": ErrorKind.AUTH,
    "not_found": ErrorKind.NOT_FOUND,
    "model_not_found": ErrorKind.NOT_FOUND,
    "aborted": ErrorKind.SERVER,
    "rate_limit_exceeded": ErrorKind.RATE_LIMIT,
    "quota_exceeded": ErrorKind.DAILY_QUOTA,
    "too_many_requests": ErrorKind.RATE_LIMIT,
    "cancelled": ErrorKind.SERVER,
    "api_error": ErrorKind.SERVER,
    "unimplemented": ErrorKind.INVALID,
    "service_unavailable": ErrorKind.OVERLOADED,
    "deadline_exceeded": ErrorKind.TIMEOUT,
    "safety": ErrorKind.BLOCKED,
    "recitation": ErrorKind.BLOCKED,
    "language": ErrorKind.BLOCKED,
    "prohibited_content": ErrorKind.BLOCKED,
    "spii": ErrorKind.BLOCKED,
    "blocklist": ErrorKind.BLOCKED,
    "content_blocked": ErrorKind.BLOCKED,
}


@pytest.mark.parametrize("code", DOCUMENTED)
def test_each_documented_code_has_its_kind(code: str) -> None:
    """https://ai.google.dev/gemini-api/docs/api-errors."""
    assert complaint_of_code(code, "").kind is DOCUMENTED[code]


@pytest.mark.parametrize("code", ["something_new", None])
def test_a_code_that_is_not_documented_is_worth_another_attempt(code: str | None) -> None:
    assert complaint_of_code(code, None).kind in PASSING


@pytest.mark.parametrize(
    "body", [None, "", [], "<html>", {"error": "no object"}, {"error": {"details": "none"}}, [{"error": {}}], 7]
)
def test_a_body_that_makes_no_sense_leaves_the_status_to_speak(body: object) -> None:
    assert complaint_of_answer(503, body, {}).kind is ErrorKind.OVERLOADED


def test_an_error_in_a_list_is_read_too() -> None:
    body = [{"error": {"code": 400, "message": "API key expired. Please renew the API key."}}]
    assert complaint_of_answer(400, body, {}).kind is ErrorKind.AUTH


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (403, "You do not have permission to access the File abc or it may not exist."),
        (400, "The File abc is not in an ACTIVE state and usage is not allowed."),
        (404, "File files/abc may not exist."),
    ],
)
def test_a_file_that_cannot_be_used_is_lost(status: int, said: str) -> None:
    assert complaint_of_answer(status, {"error": {"message": said}}, {}).kind is ErrorKind.FILE_LOST


def test_advice_to_check_billing_does_not_make_a_rate_limit_a_matter_of_money() -> None:
    said = "You exceeded your current quota, please check your plan and billing details."
    assert complaint_of_answer(429, {"error": {"message": said}}, {}).kind is ErrorKind.RATE_LIMIT


def test_what_nobody_thought_of_is_our_own_mistake_and_says_so() -> None:
    complaint = complaint_of(ZeroDivisionError("division by zero"))
    assert complaint.kind is ErrorKind.INTERNAL
    assert complaint.said == "ZeroDivisionError: division by zero"
