"""What the jobs do, the same in every peer, and the log that tells when they did it.

Every line of the log is one append: `<seconds since 1970> <event> <token> <number>`.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(os.environ.get("BENCH_FOLDER", "."))
ADDRESS = os.environ.get("BENCH_ADDRESS", "")
"""Where the peer's server listens, if it needs one."""
LOG = FOLDER / "log"

BEAT = 0.002
"""Seconds between two signs of life of a job that waits for its cancel."""
LONGEST = 30.0


class Line(NamedTuple):
    """One line of the log."""

    at: float
    event: str
    token: str
    number: int


def note(event: str, token: str, number: int = 0) -> None:
    """Append a line, now."""
    _append(LOG, f"{time.time():.6f} {event} {token} {number}\n".encode())


def lines(path: Path = LOG) -> list[Line]:
    """The whole lines of the log so far."""
    if not path.exists():
        return []
    text = path.read_text(encoding="ascii")
    parts = (line.split() for line in text[: text.rfind("\n") + 1].splitlines())
    return [Line(float(at), event, token, int(number)) for at, event, token, number in parts]


def nothing(token: str) -> None:
    """Say that the job began."""
    note("start", token)


def one_step(token: str, number: int, seconds: float) -> int:
    """A step that blocks."""
    note("step", token, number)
    time.sleep(seconds)
    note("done", token, number)
    return number


async def one_async_step(token: str, number: int, seconds: float) -> int:
    """A step that waits."""
    note("step", token, number)
    await asyncio.sleep(seconds)
    note("done", token, number)
    return number


def beats(token: str) -> None:
    """Show life until stopped."""
    for _ in _beats(token):
        time.sleep(BEAT)


async def async_beats(token: str) -> None:
    """Show life until stopped."""
    for _ in _beats(token):
        await asyncio.sleep(BEAT)


def reports(token: str, times: int, report: Callable[[int], object]) -> None:
    """Report as fast as possible, and note how many a second."""
    begun = time.perf_counter()
    for number in range(times):
        report(number)
    note("reports", token, round(times / (time.perf_counter() - begun)))


async def async_reports(token: str, times: int, report: Callable[[int], Awaitable[object]]) -> None:
    """Report as fast as possible, and note how many a second."""
    begun = time.perf_counter()
    for number in range(times):
        await report(number)
    note("reports", token, round(times / (time.perf_counter() - begun)))


def ticks(token: str, times: int, seconds: float, report: Callable[[int], object]) -> None:
    """Report now and then, and note when."""
    for number in range(1, times + 1):
        time.sleep(seconds)
        note("tick", token, number)
        report(number)


async def async_ticks(token: str, times: int, seconds: float, report: Callable[[int], Awaitable[object]]) -> None:
    """Report now and then, and note when."""
    for number in range(1, times + 1):
        await asyncio.sleep(seconds)
        note("tick", token, number)
        await report(number)


def _beats(token: str) -> Iterator[None]:
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        note("beat", token)
        yield


def _append(path: Path, data: bytes) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(fd, data)
    finally:
        os.close(fd)
