"""What commands print: for people, or as JSON."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel
from rich.console import Console
from rich.text import Text

from longtake import LongtakeError

out = Console(soft_wrap=True)
"""For what was asked for."""
aside = Console(stderr=True, soft_wrap=True)
"""For progress and advice, so that what was asked for can be piped on."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_COLOURS = {"completed": "green", "running": "cyan", "failed": "red", "cancelled": "yellow"}


def say(text: str) -> None:
    """Print a line."""
    print_plainly(out, text)


def advise(text: str) -> None:
    """Print a line beside the output."""
    print_plainly(aside, text)


def print_plainly(console: Console, text: str) -> None:
    """Print a line in which nothing is markup; a terminal gets no control characters, which names may hold."""
    console.out(harmless(text) if console.is_terminal else text, highlight=False)


def harmless(text: str) -> str:
    """The text without what a terminal would obey."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def print_json(value: object) -> None:
    """Print a JSON document."""
    say(json.dumps(value, indent=2, ensure_ascii=False))


def print_views(name: str, views: Sequence[BaseModel]) -> None:
    """Print views as the API lists them."""
    print_json({name: [view.model_dump(mode="json") for view in views]})


def status_word(status: str) -> Text:
    """A status in its colour, as wide as the longest."""
    return Text(f"{status:9}", style=_COLOURS.get(status, ""))


def moment(at: datetime | None) -> str:
    """A time on this computer's clock."""
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}" if at else "-"


def words_of(error: Exception) -> str:
    """What an error says to a person, without the number that the system gives it."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    if error.errno == errno.ENOSPC and not isinstance(error, LongtakeError):
        return "The disk is full: delete videos, old jobs or other files."
    return f"{error.filename}: {error.strerror}." if error.filename else error.strerror
