"""Find the moments of the video that an answer names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import ceil

from app.models.base import Timestamp

MOST = 500
"""A text names no more moments than this; the rest is left alone."""

_LONGEST_TEXT = 1_000_000
_CLOCK = r"(?:[0-9]{1,2}:[0-5]?[0-9]:[0-5][0-9]|[0-9]{1,3}:[0-5][0-9])(?:[.,][0-9]{1,3})?"
_SECONDS = r"[0-9]{1,5}(?:\.[0-9]{1,3})?"
_DASH = r"\s{0,2}(?:-{1,2}>?|\N{EN DASH}|\N{EM DASH}|\N{RIGHTWARDS ARROW}|to|until)\s{0,2}"
# Every repetition is bounded and no two that touch can match the same text: the search takes linear time.
_MOMENT = re.compile(
    rf"""
    (?<![0-9]) (?<![0-9][:.,]) (?P<clock>{_CLOCK}) (?: {_DASH} (?P<clock_end>{_CLOCK}) )? (?!:?[0-9])
    | (?<!\w) (?<![0-9][:.,]) (?P<seconds>{_SECONDS}) (?: {_DASH} (?P<seconds_end>{_SECONDS}) )? \s?(?:s|sec)\b
    """,
    re.VERBOSE,
)


def find_timestamps(text: str, duration: float | None = None) -> tuple[Timestamp, ...]:
    """List the moments and ranges in `text`, in its order: 12:34, 1:02:03, 00:12.500, 0:05-0:09, 12s, 12.5 s.

    Moments beyond `duration` (seconds) are left out: they cannot be meant. Takes any text, in linear time.
    """
    found: list[Timestamp] = []
    for timestamp in _all(text[:_LONGEST_TEXT]):
        if duration is None or timestamp.seconds <= duration:
            found.append(timestamp)
        if len(found) == MOST:
            break
    return tuple(found)


def clock(seconds: float) -> str:
    """Write a moment as an answer names it: `0:05.2`, `12:34.0`, `1:02:03.0`.

    Rounded up: who seeks there must not see the frame before.
    """
    tenths = ceil(round(seconds * 10, 2))
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    start = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{start}:{rest // 10:02}.{rest % 10}"


def _all(text: str) -> Iterator[Timestamp]:
    for match in _MOMENT.finditer(text):
        start = match["clock"] or match["seconds"]
        end = match["clock_end"] or match["seconds_end"]
        begins, ends = _in_seconds(start), _in_seconds(end) if end else None
        if ends is not None and ends < begins:
            ends = None
        yield Timestamp(seconds=begins, end=ends, text=match[0])


def _in_seconds(written: str) -> float:
    seconds = 0.0
    for part in written.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return round(seconds, 3)
