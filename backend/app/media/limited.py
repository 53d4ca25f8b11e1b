"""Run one of our own functions in a limited child process that cannot outlive, hang or crash us."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from app.media.errors import MediaError, MediaErrorKind, limit_reached
from app.media.limits import MEBIBYTE, Limits
from app.media.wire import Failure, Line, Progress, Request, Result

T = TypeVar("T")
OnProgress = Callable[[float, str], Awaitable[None]]

_SEARCH_PATH = Path(__file__).resolve().parents[2]
_START = """
import sys
if sys.argv[1] not in sys.path:
    sys.path.insert(0, sys.argv[1])
from app.media.inside.main import main
main()
"""
_COMMAND = (sys.executable, "-I", "-B", "-X", "utf8", "-c", _START, str(_SEARCH_PATH))
_NEEDED_BY_PYTHON = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_LONGEST_LINE = 16 * MEBIBYTE
_read_line: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


async def in_child(
    function: str,
    args: Mapping[str, Any],
    *,
    returns: type[T],
    limits: Limits,
    on_progress: OnProgress | None = None,
) -> T:
    """Call `function` ("module:name") with a reporter and `args` in a child of its own; await its result.

    `args` and the result pass through JSON; the result is checked against `returns`. The child starts with an
    empty environment, in its own process group, without network where the system allows it, and ends with us:
    when this call is cancelled, when a limit is reached, or when this process dies.
    Raises MediaError, whatever the child does.
    """
    process = await _start()
    request = Request(function=function, args=dict(args), limits=limits, parent=os.getpid())
    try:
        async with asyncio.timeout(limits.wall_seconds) as deadline:
            return await _converse(process, request, returns, on_progress)
    except TimeoutError:
        if not deadline.expired():
            raise
        raise limit_reached(f"{limits.wall_seconds:g} seconds") from None
    finally:
        await _end(process)


async def _start() -> Process:
    try:
        return await asyncio.create_subprocess_exec(
            *_COMMAND,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            limit=_LONGEST_LINE,
            env={name: os.environ[name] for name in _NEEDED_BY_PYTHON if name in os.environ},
            start_new_session=True,
        )
    except OSError as error:
        raise MediaError(
            MediaErrorKind.INTERNAL, f"No process could be started to read the video: {error}. Close some programs."
        ) from error


async def _converse(process: Process, request: Request, returns: type[T], on_progress: OnProgress | None) -> T:
    if process.stdin is None or process.stdout is None:
        raise AssertionError("the child was started without pipes")
    # Stays open to the end: the child takes its closing for our death.
    process.stdin.write(msgspec.json.encode(request) + b"\n")
    while line := await _next_line(process.stdout):
        match line:
            case Progress(percent=percent, message=message):
                if on_progress is not None:
                    await on_progress(percent, message)
            case Result(value=value):
                return _decode(msgspec.json.Decoder(returns), value)
            case Failure(kind=kind, message=message):
                raise MediaError(kind, message)
    raise _died_of(await process.wait(), request.limits)


async def _next_line(stdout: asyncio.StreamReader) -> Line | None:
    try:
        line = await stdout.readline()
    except ValueError as error:  # a line longer than the limit
        raise _senseless() from error
    return _decode(_read_line, line) if line else None


def _decode(decoder: msgspec.json.Decoder[T], data: bytes | msgspec.Raw) -> T:
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _senseless() from error


async def _end(process: Process) -> None:
    # Nobody is left in the group; macOS then speaks of a missing permission.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def _died_of(returncode: int, limits: Limits) -> MediaError:
    match -returncode:
        case signal.SIGXCPU:
            return limit_reached(f"{limits.cpu_seconds} seconds of processor time")
        case signal.SIGKILL:
            return limit_reached(f"{limits.memory // MEBIBYTE} MB of memory")
        case _:
            return MediaError(
                MediaErrorKind.UNREADABLE, "The decoder broke down on this file: it is damaged or was made to harm."
            )


def _senseless() -> MediaError:
    return MediaError(MediaErrorKind.UNREADABLE, "The decoder gave no sensible answer about this file.")
