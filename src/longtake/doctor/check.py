"""What a look at one thing found."""

from __future__ import annotations

from msgspec import Struct


class Check(Struct, frozen=True, kw_only=True):
    """What was looked at, and what was found."""

    name: str
    ok: bool
    detail: str
    """A sentence."""
    fix: str | None = None
    """What to do; also where something optional is missing and nothing is wrong."""
