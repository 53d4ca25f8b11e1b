"""The child process: give up rights, call the one function asked for, say how it went."""

from __future__ import annotations

import os
import sys
import time
from importlib import import_module
from typing import BinaryIO

import msgspec

from app.media.errors import MediaError, MediaErrorKind, limit_reached
from app.media.inside.confinement import confine, die_with
from app.media.limits import MEBIBYTE
from app.media.wire import Failure, Line, Progress, Report, Request, Result

_REPORT_EVERY = 0.1
"""Seconds; or `_REPORT_STEP` percent, whichever comes first."""
_REPORT_STEP = 10.0


def main() -> None:
    """Serve the one request that stdin brings; write progress and its outcome to stdout."""
    request = msgspec.json.decode(sys.stdin.buffer.readline(), type=Request)
    answers = _take_stdout()
    confine(request.limits)
    die_with(request.parent)
    _write(answers, _outcome(request, _reporter(answers)))
    # No waiting for threads of a decoder that may be stuck.
    os._exit(0)


def _take_stdout() -> BinaryIO:
    """Keep stdout for our lines alone: whatever a library prints goes where stderr goes."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return answers


def _outcome(request: Request, report: Report) -> Line:
    module, _, name = request.function.partition(":")
    try:
        value = getattr(import_module(module), name)(report, **request.args)
        return Result(value=msgspec.Raw(msgspec.json.encode(value)))
    except MediaError as error:
        return Failure(kind=error.kind, message=error.message)
    except MemoryError:
        limit = limit_reached(f"{request.limits.memory // MEBIBYTE} MB of memory")
        return Failure(kind=limit.kind, message=limit.message)
    except Exception as error:  # noqa: BLE001  # the parent must learn of any defect: there is no other channel
        kind = type(error).__name__
        return Failure(kind=MediaErrorKind.INTERNAL, message=f"The reader of video files failed: {kind}: {error}")


def _reporter(answers: BinaryIO) -> Report:
    last_time = -_REPORT_EVERY
    last_percent = highest = 0.0

    def report(percent: float, message: str) -> None:
        nonlocal last_time, last_percent, highest
        highest = min(100.0, max(highest, percent))
        now = time.monotonic()
        if now - last_time >= _REPORT_EVERY or highest - last_percent >= _REPORT_STEP:
            last_time, last_percent = now, highest
            _write(answers, Progress(percent=highest, message=message))

    return report


def _write(answers: BinaryIO, line: Line) -> None:
    data = memoryview(msgspec.json.encode(line) + b"\n")
    while data:
        data = data[answers.write(data) or 0 :]
