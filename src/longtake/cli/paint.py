"""Text for a terminal: colour where there is one, and nothing that a terminal would obey."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import TextIO

from longtake.job import JobStatus

SIGNS = {
    JobStatus.PENDING: "·",
    JobStatus.RUNNING: "▶",
    JobStatus.COMPLETED: "✓",
    JobStatus.FAILED: "✗",
    JobStatus.CANCELLED: "⊘",
}
_CODES = {
    "pending": "2",
    "running": "36",
    "completed": "32",
    "failed": "31",
    "cancelled": "33",
    "faint": "2",
    "bold": "1",
}
_OBEYED = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
"""Control characters, and those that turn the direction of writing."""


class Paint:
    """Colours, or none: the output is no terminal, or NO_COLOR is set (no-color.org)."""

    def __init__(self, *, on: bool) -> None:
        self.on = on

    def __call__(self, style: str, text: str) -> str:
        """The text in a style."""
        return f"\033[{_CODES[style]}m{text}\033[0m" if self.on and text else text

    def status(self, status: JobStatus) -> str:
        """Sign and word of a status, as wide as the longest."""
        return self(status.value, f"{SIGNS[status]} {status.value:9}")

    def bar(self, status: JobStatus, progress: float, width: int = 24) -> str:
        """How far a job is."""
        filled = round(width * progress / 100)
        return self(status.value, "█" * filled) + self("faint", "░" * (width - filled))


def paint_for(stream: TextIO) -> Paint:
    """The paint that suits an output."""
    plain = not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Paint(on=not plain)


def harmless(text: str) -> str:
    """The text on one line, without what a terminal would obey: titles and errors may hold anything."""
    return _OBEYED.sub(lambda found: " " if found[0].isspace() else "\N{REPLACEMENT CHARACTER}", text)


def cut(text: str, width: int | None) -> str:
    """At most so many columns of a text, wide letters counted as two."""
    if width is None:
        return text
    taken, columns = 0, 0
    for letter in text:
        columns += _columns(letter)
        if columns > width:
            break
        taken += 1
    return text if taken == len(text) else f"{text[: max(0, taken - 1)]}…"


def _columns(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1
