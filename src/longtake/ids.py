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
    value = (now - _START) // _MILLISECOND << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    return "".join(_LETTERS[value >> shift & 31] for shift in range(125, -1, -5))


def is_id(text: str) -> bool:
    """Whether the text has the shape of an id; anything else never reaches the file system."""
    return _PATTERN.fullmatch(text) is not None
