"""What the providers' errors come to, in words that help: one list of kinds for all of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import httpx2

from app.models.errors import ErrorKind, ModelError
from app.models.keys import Key

_LONGEST_QUOTE = 300
_RETRY_IN = re.compile(r"\bretry (?:in|after) (?P<seconds>[0-9]{1,6}(?:\.[0-9]{1,9})?) ?s", re.IGNORECASE)
_SECONDS = re.compile(r"(?P<seconds>[0-9]{1,6}(?:\.[0-9]{1,9})?)s?")
_BY_STATUS = {
    400: ErrorKind.INVALID,
    401: ErrorKind.AUTH,
    402: ErrorKind.BILLING,
    403: ErrorKind.AUTH,
    404: ErrorKind.NOT_FOUND,
    408: ErrorKind.TIMEOUT,
    409: ErrorKind.SERVER,
    429: ErrorKind.RATE_LIMIT,
    499: ErrorKind.CONNECTION,
    501: ErrorKind.INVALID,
    503: ErrorKind.OVERLOADED,
    504: ErrorKind.TIMEOUT,
    529: ErrorKind.OVERLOADED,
}
_FIRST_OK, _FIRST_REDIRECT, _FIRST_SERVER_ERROR = 200, 300, 500

_SAYS = {
    ErrorKind.RATE_LIMIT: "{provider} takes no more requests this minute.",
    ErrorKind.OVERLOADED: "{provider} has no capacity just now.",
    ErrorKind.SERVER: "{provider} failed.",
    ErrorKind.TIMEOUT: "{provider} did not answer in time.",
    ErrorKind.CONNECTION: "The connection to {provider} broke before the answer was whole.",
    ErrorKind.FILE_LOST: "{provider} no longer has the uploaded video.",
    ErrorKind.DAILY_QUOTA: "The quota of the day at {provider} is used up.",
    ErrorKind.AUTH: "{provider} does not accept the key.",
    ErrorKind.BILLING: "{provider} wants the account to pay first.",
    ErrorKind.NOT_FOUND: "{provider} has no such model for this key.",
    ErrorKind.INVALID: "{provider} refuses this request.",
    ErrorKind.BLOCKED: "{provider} refuses to answer this.",
    ErrorKind.UNREADABLE: "{provider} cannot read this video.",
    ErrorKind.VIDEO_MISSING: "The video file is gone.",
    ErrorKind.INTERNAL: "Asking {provider} failed in a way that it should not.",
}
_NOT_REACHED = "{provider} cannot be reached."
_AGAIN = "Wait: the cell is asked again by itself."
_ADVICE = {
    ErrorKind.RATE_LIMIT: _AGAIN,
    ErrorKind.OVERLOADED: f"{_AGAIN} If that goes on, choose another model.",
    ErrorKind.SERVER: f"{_AGAIN} If that goes on, choose another model.",
    ErrorKind.TIMEOUT: f"{_AGAIN} If that goes on, check the network.",
    ErrorKind.CONNECTION: f"{_AGAIN} If that goes on, check that {{address}} can be reached from here.",
    ErrorKind.FILE_LOST: "Wait: the video is uploaded again by itself.",
    ErrorKind.DAILY_QUOTA: "Ask again tomorrow, raise the quota, or choose a local model: local/scenes.",
    ErrorKind.AUTH: "Check the value of {variable}, and that this key may use this model.",
    ErrorKind.BILLING: "Settle billing at {provider}, or choose a local model: local/scenes.",
    ErrorKind.NOT_FOUND: "Choose another model from the list.",
    ErrorKind.INVALID: "Change the prompt or the options, or choose another model.",
    ErrorKind.BLOCKED: "Change the prompt, or choose another video or model.",
    ErrorKind.UNREADABLE: "Convert the video to an H.264 MP4 and upload it again.",
    ErrorKind.VIDEO_MISSING: "Upload the video again, then retry this cell.",
    ErrorKind.INTERNAL: "Retry this cell; if it fails again, report it with the message.",
}


@dataclass(frozen=True)
class Complaint:
    """What a provider, or the way to it, said."""

    kind: ErrorKind
    said: str = ""
    retry_after: float | None = None
    was_sent: bool = True
    """False when the request cannot have reached the provider."""


@dataclass(frozen=True)
class Speaker:
    """Puts complaints into words for a person, without the key."""

    provider: str
    address: str
    key: Key | None
    variable: str
    """Where the key should be; also when there is none."""

    def error(self, complaint: Complaint) -> ModelError:
        """Make the error to raise."""
        names = {"provider": self.provider, "address": self.address, "variable": self.variable}
        said = self._quote(complaint.said)
        says = _SAYS[complaint.kind] if complaint.was_sent else _NOT_REACHED
        message = says.format_map(names) + (f" It says: {said}" if said else "")
        advice = _ADVICE[complaint.kind].format_map(names)
        return ModelError(
            complaint.kind, message, advice, retry_after=complaint.retry_after, was_sent=complaint.was_sent
        )

    def _quote(self, said: str) -> str:
        # Blotted out before it is cut: half a key is still half a key.
        hidden = self.key.hide(said) if self.key else said
        line = " ".join(hidden.split())
        return line if len(line) <= _LONGEST_QUOTE else f"{line[:_LONGEST_QUOTE]}…"


def kind_of_status(status: int) -> ErrorKind:
    """What an HTTP status means when nothing more is known."""
    if _FIRST_OK <= status < _FIRST_REDIRECT:
        return ErrorKind.CONNECTION
    usual = ErrorKind.SERVER if status >= _FIRST_SERVER_ERROR else ErrorKind.INVALID
    return _BY_STATUS.get(status, usual)


def complaint_of_transport(error: BaseException) -> Complaint | None:
    """What a broken connection comes to, also when an SDK has wrapped it; None if it is something else."""
    seen: BaseException | None = error
    while seen is not None:
        match seen:
            case httpx2.ConnectTimeout():
                return Complaint(ErrorKind.CONNECTION, "the address does not answer", was_sent=False)
            case httpx2.ConnectError():
                return Complaint(ErrorKind.CONNECTION, str(seen), was_sent=False)
            case httpx2.TimeoutException():
                return Complaint(ErrorKind.TIMEOUT)
            case httpx2.TransportError():
                return Complaint(ErrorKind.CONNECTION, str(seen))
        seen = seen.__cause__
    return None


def retry_delay(headers: Mapping[str, str], said: str, named: str | None = None) -> float | None:
    """Seconds to wait: as `named` in the body (such as `26s`), else by header, else as said in the text."""
    by_name = _SECONDS.fullmatch(named) if named else None
    by_header = _SECONDS.fullmatch(headers.get("retry-after", ""))
    found = by_name or by_header or _RETRY_IN.search(said)
    return float(found["seconds"]) if found else None
