"""How the providers say no, by the name of the fault: bodies as they were seen on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_TYPE = "type.googleapis.com/google.rpc."
_PER_MINUTE = "GenerateContentInputTokensPerModelPerMinute-FreeTier"
_PER_DAY = "GenerateRequestsPerDayPerProjectPerModel-FreeTier"


def _quota(quota_id: str) -> dict[str, Any]:
    metric = "generativelanguage.googleapis.com/generate_content_free_tier_input_token_count"
    return {"@type": f"{_TYPE}QuotaFailure", "violations": [{"quotaMetric": metric, "quotaId": quota_id}]}


def _retry(delay: str) -> dict[str, Any]:
    return {"@type": f"{_TYPE}RetryInfo", "retryDelay": delay}


def _reason(reason: str) -> dict[str, Any]:
    return {"@type": f"{_TYPE}ErrorInfo", "reason": reason, "domain": "googleapis.com"}


@dataclass(frozen=True)
class Refusal:
    """One way to say no, in the words of each API."""

    status: int
    google: str
    """`error.status` of generateContent."""
    interactions: str
    """`error.code` of the Interactions API."""
    message: str
    openai: str | None = None
    """`error.code` of OpenAI."""
    details: tuple[Mapping[str, Any], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    page: bytes | None = None
    """Sent as it is, in place of JSON."""

    @property
    def other_status(self) -> int:
        """The status of the Interactions API and of OpenAI, which call a bad key by its name."""
        return 401 if self.interactions == "authentication" else self.status

    def google_body(self) -> object:
        """The body as generateContent and the Files API send it."""
        error = {"code": self.status, "status": self.google, "message": self.message, "details": list(self.details)}
        return self.page or {"error": error}

    def interactions_body(self) -> object:
        """The body as the Interactions API sends it."""
        return self.page or {"error": {"code": self.interactions, "message": self.message}}

    def openai_body(self) -> object:
        """The body as OpenAI sends it."""
        kind = "server_error" if self.status >= 500 else "invalid_request_error"
        return self.page or {"error": {"message": self.message, "type": kind, "param": None, "code": self.openai}}


def _limit(message: str, *details: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Refusal:
    return Refusal(
        429, "RESOURCE_EXHAUSTED", "rate_limit_exceeded", message, "rate_limit_exceeded", details, headers or {}
    )


_EXCEEDED = "You exceeded your current quota, please check your plan and billing details."

REFUSALS: Mapping[str, Refusal] = {
    "429": _limit(
        f"{_EXCEEDED} Please retry in 2.1s.", _quota(_PER_MINUTE), _retry("26s"), headers={"retry-after": "26"}
    ),
    "429-text": _limit(f"{_EXCEEDED} Please retry in 2.1s.", _quota(_PER_MINUTE)),
    "429-header": _limit(_EXCEEDED, headers={"retry-after": "3"}),
    "429-bare": _limit(_EXCEEDED),
    "429-day": Refusal(
        429,
        "RESOURCE_EXHAUSTED",
        "quota_exceeded",
        _EXCEEDED,
        "insufficient_quota",
        (_quota(_PER_DAY), _retry("22s")),
    ),
    "429-zero": Refusal(
        429,
        "RESOURCE_EXHAUSTED",
        "quota_exceeded",
        f"{_EXCEEDED} Quota exceeded for metric: generate_content_free_tier_requests, limit: 0. Please retry in 41s.",
        "insufficient_quota",
    ),
    "402": Refusal(402, "FAILED_PRECONDITION", "payment_required", "Your Prepay credit balance is depleted."),
    "400-billing": Refusal(
        400,
        "FAILED_PRECONDITION",
        "failed_precondition",
        "The free tier is not available in your country. Please enable billing on your project.",
        "billing_not_active",
    ),
    "503": Refusal(503, "UNAVAILABLE", "service_unavailable", "The model is overloaded. Please try again later."),
    "503-empty": Refusal(503, "UNAVAILABLE", "service_unavailable", ""),
    "500": Refusal(500, "INTERNAL", "api_error", "An internal error has occurred."),
    "504": Refusal(504, "DEADLINE_EXCEEDED", "deadline_exceeded", "The request timed out. Please try again."),
    "502": Refusal(502, "", "", "", page=b"<html><body><h1>502 Bad Gateway</h1></body></html>"),
    "bad-key": Refusal(
        400,
        "INVALID_ARGUMENT",
        "authentication",
        "API key not valid. Please pass a valid API key.",
        "invalid_api_key",
        (_reason("API_KEY_INVALID"),),
    ),
    "401": Refusal(401, "UNAUTHENTICATED", "authentication", "The key is missing or wrong.", "invalid_api_key"),
    "403": Refusal(403, "PERMISSION_DENIED", "permission_denied", "The key may not use this model."),
    "404": Refusal(
        404,
        "NOT_FOUND",
        "model_not_found",
        "models/X is not found for API version v1beta, or is not supported for generateContent.",
        "model_not_found",
    ),
    "400": Refusal(400, "INVALID_ARGUMENT", "invalid_request", "Request contains an invalid argument."),
    "413": Refusal(413, "INVALID_ARGUMENT", "invalid_request", "Request payload size exceeds the limit."),
    "file-lost": Refusal(
        403,
        "PERMISSION_DENIED",
        "permission_denied",
        "You do not have permission to access the File abc123 or it may not exist.",
    ),
    "file-not-ready": Refusal(
        400,
        "FAILED_PRECONDITION",
        "failed_precondition",
        "The File abc123 is not in an ACTIVE state and usage is not allowed.",
    ),
    "no-interactions": Refusal(
        400,
        "INVALID_ARGUMENT",
        "invalid_request",
        "Model family X is not supported by the Interactions API with background=true.",
    ),
    "no-such-path": Refusal(404, "", "", "", page=b"<html><body>Not Found</body></html>"),
    "unimplemented": Refusal(501, "UNIMPLEMENTED", "unimplemented", "The operation is not implemented."),
}


def slow_down(seconds: float) -> Refusal:
    """The refusal of a call that came too soon."""
    return _limit(_EXCEEDED, _quota(_PER_MINUTE), _retry(f"{seconds:.3f}s"), headers={"retry-after": f"{seconds:.3f}"})


def echoing(key: str) -> Refusal:
    """A refusal that repeats the caller's key, as careless gateways do."""
    return Refusal(400, "INVALID_ARGUMENT", "invalid_request", f"Cannot use the key {key} here.", None)
