"""Blocking functions in child processes, so that a cancel really stops them and they cannot block the worker."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import msgspec

from longtake.errors import InvalidArgs, StepFailed
from longtake.values import to_json

log = logging.getLogger("longtake")

GRACE = 2.0
"""Seconds between SIGTERM and SIGKILL."""


async def run_in_child(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Run a module-level function in a new process and return its value as JSON.

    A new interpreter, never a fork (a fork would inherit the worker's lock), in its own process group. When the caller
    is cancelled the group gets SIGTERM, and SIGKILL after two seconds; when the worker dies the child ends by itself.

    Raises:
        InvalidArgs: the function cannot be found by name in another process.
        StepFailed: it raised, or its process died.
    """
    order = msgspec.json.encode(_order(function, args)) + b"\n"
    reading, writing = os.pipe()
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "longtake.child",
            str(writing),
            stdin=asyncio.subprocess.PIPE,
            pass_fds=[writing],
            start_new_session=True,
        )
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    patience = 0.0
    try:
        assert process.stdin is not None  # noqa: S101 (a pipe was asked for)
        process.stdin.write(order)
        answer = await _read_all(reading)
        patience = GRACE
    finally:
        await _surely(_end(process, patience))
    return _value(answer, function, process.returncode)


def _order(function: Callable[..., Any], args: tuple[Any, ...]) -> dict[str, Any]:
    module, name = getattr(function, "__module__", ""), getattr(function, "__qualname__", "")
    if not module or not name or _found(module, name) is not function:
        raise InvalidArgs(f"{function!r} runs in another process: it must be a function at the top of a module.")
    file = getattr(sys.modules[module], "__file__", "") if module == "__main__" else ""
    plain = [to_json(value, f"argument of {name}") for value in args]
    return {"module": module, "name": name, "file": file, "path": sys.path, "args": plain}


def _found(module: str, name: str) -> object:
    """What another process would find under this name."""
    found: object = sys.modules[module]
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


async def _read_all(fd: int) -> bytes:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    with os.fdopen(fd, "rb", buffering=0) as pipe:
        transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
        try:
            return await reader.read()
        finally:
            transport.close()


async def _surely(ending: Coroutine[Any, Any, None]) -> None:
    """Run to the end, however often the caller is cancelled meanwhile: a half-ended process would live on."""
    task = asyncio.ensure_future(ending)
    while not task.done():
        with suppress(asyncio.CancelledError):
            await asyncio.shield(task)


async def _end(process: asyncio.subprocess.Process, patience: float) -> None:
    """Wait so long for a process to end by itself, then end it; what it has started ends with it."""
    for signal_number, wait in ((signal.SIGTERM, patience), (signal.SIGKILL, GRACE)):
        try:
            await asyncio.wait_for(process.wait(), wait)
            break
        except TimeoutError:
            _signal(process, signal_number)
    await process.wait()
    _signal(process, signal.SIGKILL)


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def _value(answer: bytes, function: Callable[..., Any], code: int | None) -> Any:
    name = getattr(function, "__qualname__", repr(function))
    if not answer:
        raise StepFailed(f"The process of {name} died (exit code {code}).")
    members = msgspec.json.decode(answer)
    if "error" not in members:
        return members["value"]
    error = members["error"]
    log.info("%s failed in its process:\n%s", name, error["traceback"])
    raise StepFailed(error["message"], permanent=error["permanent"], retry_after=error["retry_after"])
