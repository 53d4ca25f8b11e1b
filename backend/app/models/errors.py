"""What can go wrong when a model is asked: one error type, one closed list of kinds.

ModelError
├── passing troubles, worth another attempt      rate_limit  overloaded  server  timeout  connection  file_lost
├── troubles a person must settle                daily_quota  auth  billing  not_found  invalid  budget
├── troubles with the video                      video_missing  unreadable
├── answers that are none                        blocked  cut_off  empty
└── our own mistake                              internal
"""

from __future__ import annotations

from enum import StrEnum


class ErrorKind(StrEnum):
    """Why a model gave no answer."""

    RATE_LIMIT = "rate_limit"
    """Too many requests or tokens a minute; `retry_after` says how long to wait if the provider told us."""
    OVERLOADED = "overloaded"
    """The provider has no capacity just now."""
    SERVER = "server"
    """The provider failed internally."""
    TIMEOUT = "timeout"
    """No answer within the time allowed."""
    CONNECTION = "connection"
    """The network or the connection broke, or the answer arrived incomplete."""
    FILE_LOST = "file_lost"
    """The provider no longer has the uploaded video; another attempt uploads it again."""
    DAILY_QUOTA = "daily_quota"
    """The quota of the day is used up; no use in asking again today."""
    AUTH = "auth"
    """The key is missing, wrong or not allowed."""
    BILLING = "billing"
    """The account cannot pay."""
    NOT_FOUND = "not_found"
    """No such model."""
    INVALID = "invalid"
    """The provider refuses this request as it stands."""
    VIDEO_MISSING = "video_missing"
    """The video file is gone."""
    UNREADABLE = "unreadable"
    """The video cannot be decoded, or not within the limits."""
    BLOCKED = "blocked"
    """The provider refused the prompt or the video."""
    CUT_OFF = "cut_off"
    """The answer ended before its text began."""
    EMPTY = "empty"
    """The provider finished without any text."""
    BUDGET = "budget"
    """What may be spent is spent."""
    INTERNAL = "internal"
    """A defect of this program."""


PASSING = frozenset(
    {
        ErrorKind.RATE_LIMIT,
        ErrorKind.OVERLOADED,
        ErrorKind.SERVER,
        ErrorKind.TIMEOUT,
        ErrorKind.CONNECTION,
        ErrorKind.FILE_LOST,
    }
)


class ModelError(Exception):
    """A model gave no answer.

    `message` says what happened, `what_to_do` what the person can do about it; both are sentences.
    `retryable` defaults to what the kind suggests; `retry_after` is in seconds, None if nobody said. `was_sent` is
    False when the request cannot have reached the provider.
    """

    def __init__(
        self,
        kind: ErrorKind,
        message: str,
        what_to_do: str,
        *,
        retryable: bool | None = None,
        retry_after: float | None = None,
        was_sent: bool = True,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.what_to_do = what_to_do
        self.retryable = kind in PASSING if retryable is None else retryable
        self.retry_after = retry_after
        self.was_sent = was_sent
