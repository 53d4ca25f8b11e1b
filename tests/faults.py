"""Faults in the calls by which a process changes the disk: an error, or the end of the process, at the n-th of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

CALLS = ("open", "write", "fsync", "fdatasync", "rename", "replace", "link", "unlink", "ftruncate", "pwrite", "mkdir")


class Dead(BaseException):
    """Stands for the end of the process: nothing it would still do reaches the disk."""


@contextmanager
def faults(fault: Callable[[int, str], None]) -> Iterator[list[str]]:
    """Call `fault(n, name)` before the n-th of these calls; yields the list of the calls made."""
    made: list[str] = []

    def wrapped(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            made.append(name)
            fault(len(made), name)
            return real(*args, **options)

        return call

    with ExitStack() as patches:
        for name in CALLS:
            patches.enter_context(mock.patch.object(os, name, wrapped(name, getattr(os, name))))
        yield made


def error_at(number: int, code: int) -> Callable[[int, str], None]:
    """The n-th call fails."""

    def fault(n: int, _: str) -> None:
        if n == number:
            raise OSError(code, os.strerror(code))

    return fault


def dead_from(number: int) -> Callable[[int, str], None]:
    """The process is dead from the n-th call on."""

    def fault(n: int, _: str) -> None:
        if n >= number:
            raise Dead

    return fault
