"""Where commands write: answers to the standard output, advice beside it, so that answers can be piped on."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterable
from typing import Any

import msgspec

_OBEYED_IN_JSON = re.compile(r"[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")


def advise(text: str) -> None:
    """Print a line beside the output."""
    sys.stdout.flush()
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def columns() -> int | None:
    """How wide a line may be; None where it does not matter: in a pipe, in a file."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def print_json(value: Any) -> None:
    """Print a value as one line of JSON, at once."""
    say(_json(value))
    sys.stdout.flush()


def print_json_readably(value: Any) -> None:
    """Print a value as JSON for people."""
    say(_json(value, indent=2))


def print_json_list(values: Iterable[Any]) -> None:
    """Print values as one JSON list, a line each, as they come."""
    before = "["
    for value in values:
        sys.stdout.write(f"{before}\n{_json(value)}")
        before = ","
    say("[]" if before == "[" else "\n]")


def _json(value: Any, indent: int | None = None) -> str:
    """JSON in which letters stay readable and what a terminal would obey does not."""
    text = json.dumps(msgspec.to_builtins(value), indent=indent, ensure_ascii=False)
    return _OBEYED_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
