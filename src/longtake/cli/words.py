"""What people write on a command line, as values."""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime, timedelta

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_HIGHEST = 1_000_000
_LARGEST = 1e6
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")


def job_word(text: str) -> str:
    """The beginning of a job id. Empty is none: `longtake cancel "$UNSET"` must not hit the only job."""
    if not text.strip():
        raise argparse.ArgumentTypeError("a job id is needed, or its beginning")
    return text.strip().lower()


def past(text: str) -> datetime:
    """`2h` is two hours ago; else a date, or date and time, of this computer's clock unless it names its zone."""
    return _moment(text, sign=-1)


def future(text: str) -> datetime | None:
    """`2h` is in two hours; else as `past`; `now` is no time to wait for."""
    return None if text == "now" else _moment(text, sign=1)


def positive(text: str) -> int:
    """A whole number from 1 on."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**9):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)


def priority(text: str) -> int:
    """A whole number that a job can have as its priority."""
    try:
        value = int(text)
    except ValueError:
        value = _HIGHEST + 1
    if abs(value) > _HIGHEST:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from -{_HIGHEST} to {_HIGHEST}")
    return value


def amount(text: str) -> float:
    """A number from 0 on."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= _LARGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to a million")
    return value


def _moment(text: str, sign: int) -> datetime:
    text = text.strip()
    span = _SPAN.fullmatch(text.removeprefix("+"))
    try:
        if span is not None:
            return datetime.now(UTC) + sign * timedelta(**{_UNITS[span[2]]: float(span[1])})
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time: write 90s, 15m, 2h, 3d or 1w, or 2026-01-31, or 2026-01-31T14:30"
        ) from None
