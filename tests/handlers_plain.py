"""Functions that tests call as steps, here and in child processes."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from dataclasses import dataclass

from longtake import PermanentError, RetryAfter


def append(file: str, line: str) -> None:
    """Append a line to a file, if one is named."""
    if file:
        fd = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(fd, f"{line}\n".encode())
        os.close(fd)


def lines(file: str) -> int:
    """How many lines a file has."""
    with open(file, encoding="utf-8") as text:
        return len(text.readlines())


async def note_and_wait(file: str, seconds: float) -> str:
    """Note, wait."""
    append(file, "called")
    await asyncio.sleep(seconds)
    return "waited"


def blocking_child(file: str) -> None:
    """Note the pid and wait for ever."""
    append(file, str(os.getpid()))
    while True:
        time.sleep(60)


def stubborn_child(file: str) -> None:
    """The same, deaf to SIGTERM."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    blocking_child(file)


def parent_of_another(file: str) -> None:
    """Start a process of one's own, note its pid and wait for ever."""
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(3600)
    blocking_child_of = f"{pid}"
    append(file, blocking_child_of)
    while True:
        time.sleep(60)


def printing(word: str) -> str:
    """Write to both outputs, return something else."""
    print(word)
    print(word, file=sys.stderr)
    return word.upper()


def total(*numbers: int) -> int:
    """The sum."""
    return sum(numbers)


def big(size: int) -> str:
    """A text of this size."""
    return "x" * size


def permanently_wrong() -> None:
    """Raise what no further try would change."""
    raise PermanentError("no such model")


def fails_until(file: str, tries: int) -> int:
    """Note the try; ask for another one at once until there were so many."""
    append(file, "tried")
    if lines(file) < tries:
        raise RetryAfter(0.0, "busy")
    return lines(file)


def dies() -> None:
    """End the process without a word."""
    os._exit(7)


@dataclass(frozen=True)
class Size:
    """Something typed."""

    width: int
    height: int


def doubled(size: Size) -> Size:
    """A typed value from a typed value."""
    return Size(2 * size.width, 2 * size.height)
