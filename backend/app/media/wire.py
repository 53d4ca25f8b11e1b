"""What parent and child process say to each other: one JSON line down, JSON lines up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from msgspec import Raw, Struct

from app.media.errors import MediaErrorKind
from app.media.limits import Limits


class Request(Struct, frozen=True, kw_only=True):
    """The one line a child is given."""

    function: str
    """`module:name`."""
    args: dict[str, Any]
    limits: Limits
    parent: int
    """Process id of the one who waits for the answer."""


class Progress(Struct, frozen=True, kw_only=True, tag="progress"):
    """Any number of these come first."""

    percent: float
    message: str


class Result(Struct, frozen=True, kw_only=True, tag="result"):
    """The last line of a child that succeeded."""

    value: Raw


class Failure(Struct, frozen=True, kw_only=True, tag="failure"):
    """The last line of a child that could say what went wrong."""

    kind: MediaErrorKind
    message: str


Line: TypeAlias = Progress | Result | Failure

Report: TypeAlias = Callable[[float, str], None]
"""How a function in the child tells percent and message: the first argument of each. Cheap to call often."""
