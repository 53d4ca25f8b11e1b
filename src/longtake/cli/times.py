"""Times and spans of time for people."""

from __future__ import annotations

from datetime import datetime

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def moment(at: datetime) -> str:
    """A time on this computer's clock."""
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}"


def span(seconds: float) -> str:
    """How long: two parts at most."""
    seconds = max(0.0, seconds)
    if seconds < 10:  # noqa: PLR2004 (below it a tenth says something)
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR} h"


def between(begin: datetime, end: datetime) -> str:
    """How long from one time to another."""
    return span((end - begin).total_seconds())
