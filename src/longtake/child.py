"""What runs inside a child process: one blocking function. Started by `children.py`; not for people.

Reads one JSON line {"module", "name", "file", "path", "args"} from stdin, writes {"value"} or {"error"} to the
descriptor named on the command line, and ends when stdin closes: that is how it notices that its worker is gone.
"""

from __future__ import annotations

import fcntl
import importlib
import inspect
import os
import runpy
import signal
import sys
import threading
import traceback
import typing
from collections.abc import Callable
from typing import Any

import msgspec

from longtake.errors import PermanentError, RetryAfter
from longtake.targets import being_loaded
from longtake.values import from_json, to_json


def main(answer_fd: int) -> None:
    fcntl.fcntl(answer_fd, fcntl.F_SETFD, fcntl.FD_CLOEXEC)  # nothing that the function starts keeps it open
    order = msgspec.json.decode(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_worker, daemon=True).start()
    try:
        function = _find(order)
        answer = {"value": to_json(function(*_typed(function, order["args"])), f"result of {order['name']}")}
    except BaseException as error:  # noqa: BLE001 (whatever it was, the worker is told)
        answer = {"error": _described(error)}
    with os.fdopen(answer_fd, "wb") as out:
        out.write(msgspec.json.encode(answer))


def _end_with_the_worker() -> None:
    while os.read(0, 4096):
        pass
    os.killpg(0, signal.SIGKILL)  # this process leads its group: what the function has started ends with it


def _find(order: dict[str, Any]) -> Callable[..., Any]:
    sys.path[:] = order["path"]
    first, *rest = order["name"].split(".")
    with being_loaded():
        if order["file"]:
            found = runpy.run_path(order["file"], run_name="__longtake_child__")[first]
        else:
            found = getattr(importlib.import_module(order["module"]), first)
    for name in rest:
        found = getattr(found, name)
    return typing.cast("Callable[..., Any]", found)


def _typed(function: Callable[..., Any], args: list[Any]) -> list[Any]:
    try:
        parameters = list(inspect.signature(function).parameters.values())
        hints = typing.get_type_hints(function)
    except (NameError, TypeError, ValueError):
        return args  # as JSON holds them, where the function does not say what it takes
    names = [p.name for p in parameters if p.kind is not inspect.Parameter.VAR_POSITIONAL]
    rest = next((p.name for p in parameters if p.kind is inspect.Parameter.VAR_POSITIONAL), "")
    wanted = [hints.get(name, Any) for name in names[: len(args)]]
    wanted += [hints.get(rest, Any)] * (len(args) - len(wanted))
    return [from_json(value, into) for value, into in zip(args, wanted, strict=True)]


def _described(error: BaseException) -> dict[str, Any]:
    asked = error.seconds if isinstance(error, RetryAfter) else getattr(error, "retry_after", None)
    return {
        "message": f"{type(error).__name__}: {error}",
        "permanent": isinstance(error, PermanentError) or bool(getattr(error, "permanent", False)),
        "retry_after": asked,
        "traceback": traceback.format_exc(),
    }


if __name__ == "__main__":
    main(int(sys.argv[1]))
