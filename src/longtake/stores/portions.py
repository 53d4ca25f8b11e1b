"""Very many things, some at a time: they are never all in memory, and others get a turn between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

PORTION = 500
"""A few milliseconds' worth of files."""


def portions(things: Iterable[T]) -> Iterator[list[T]]:
    """The things in their order, at most PORTION in each list."""
    left = iter(things)
    while portion := list(islice(left, PORTION)):
        yield portion
