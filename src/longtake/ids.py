"""Job ids: 26 lower-case characters that sort by creation time (ULID, github.com/ulid/spec)."""

from __future__ import annotations

import re
import secrets
import threading
from datetime import UTC, datetime, timedelta

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_PATTERN = re.compile(r"[0-7][0-9a-hjkmnp-tv-z]{25}")
_RANDOM_BITS = 80
_making = threading.Lock()
_last = 0
_START = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def new_id(now: datetime) -> str:
    """Make an id: 48 bits of milliseconds, then 80 random bits; the next of the same millisecond is one more."""
    global _last  # noqa: PLW0603 (ids of one process stay in order)
    milliseconds = (now - _START) // _MILLISECOND
    with _making:
        is_next = _last >> _RANDOM_BITS == milliseconds
        _last = _last + 1 if is_next else milliseconds << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS - 1)
        return _text(_last)


def first_id(since: datetime) -> str:
    """The lowest id that a job created then, or later, can have."""
    return _text(max(0, (since - _START) // _MILLISECOND) << _RANDOM_BITS)


def is_id(text: str) -> bool:
    """Whether the text has the shape of an id; anything else never reaches the file system."""
    return _PATTERN.fullmatch(text) is not None


def _text(value: int) -> str:
    return "".join(_LETTERS[value >> shift & 31] for shift in range(125, -1, -5))
