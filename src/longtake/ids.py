"""Job ids: 26 lower-case characters that sort by creation time (ULID, github.com/ulid/spec)."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_PATTERN = re.compile(r"[0-7][0-9a-hjkmnp-tv-z]{25}")
_RANDOM_BITS = 80
_START = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def new_id(now: datetime) -> str:
    """Make an id: 48 bits of milliseconds, then 80 random bits."""
    return _text((now - _START) // _MILLISECOND, secrets.randbits(_RANDOM_BITS))


def first_id(since: datetime) -> str:
    """The lowest id that a job created then, or later, can have."""
    return _text(max(0, (since - _START) // _MILLISECOND), 0)


def is_id(text: str) -> bool:
    """Whether the text has the shape of an id; anything else never reaches the file system."""
    return _PATTERN.fullmatch(text) is not None


def _text(milliseconds: int, rest: int) -> str:
    value = milliseconds << _RANDOM_BITS | rest
    return "".join(_LETTERS[value >> shift & 31] for shift in range(125, -1, -5))
