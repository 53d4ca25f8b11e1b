"""Attempts that have begun, noted quicker than a job file is written: one line each in `run/begun`, replaced in place.

For the next owner, should this one die before the job file says so. Nothing is synced: after a power cut such a job
simply waits still.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

import msgspec
from msgspec import Struct

from longtake import lifecycle
from longtake.job import Attempt, Job, JobStatus
from longtake.stores.reading import NotAPlainFile, read_plain_file

_LINE = 512
"""Bytes; what a line does not need is filled with spaces."""


class _Line(Struct, frozen=True):
    job_id: str
    attempt: Attempt


class Begun:
    """The lines; as many as attempts have been between begin and file at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._fd: int | None = None
        self._lines: dict[str, int] = {}
        self._free: list[int] = []

    def note(self, job: Job) -> None:
        """Note the attempt that a job has just started."""
        line = msgspec.json.encode(_Line(job.id, job.attempts[-1])).ljust(_LINE - 1) + b"\n"
        with self._lock:
            if self._fd is None:
                self._fd = os.open(
                    self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
                )
            if job.id not in self._lines:
                self._lines[job.id] = self._free.pop() if self._free else len(self._lines)
            os.pwrite(self._fd, line, self._lines[job.id] * _LINE)

    def is_written(self, job_id: str) -> None:
        """Note that the job file has the attempt: its line is free."""
        with self._lock:
            number = self._lines.pop(job_id, None)
            if number is not None:
                self._free.append(number)

    def left(self) -> dict[str, Attempt]:
        """The latest attempt noted of each job; its file may have it, and later ones, as well."""
        try:
            lines = read_plain_file(self._path).splitlines()
        except (OSError, NotAPlainFile):
            return {}
        return {line.job_id: line.attempt for line in map(_read, lines) if line is not None}

    def close(self) -> None:
        """Begin anew with the next note: another owner may have been there."""
        with self._lock:
            if self._fd is not None:
                os.close(self._fd)
            self._fd, self._lines, self._free = None, {}, []


def as_begun(job: Job, attempt: Attempt | None) -> Job:
    """The job, with the attempt that was noted of it if its file does not have that yet."""
    last = job.attempts[-1].number if job.attempts else 0
    if attempt is None or attempt.number <= last or job.status is not JobStatus.PENDING:
        return job
    return lifecycle.start(job, attempt.worker, attempt.started_at)


def _read(line: bytes) -> _Line | None:
    try:
        return msgspec.json.decode(line, type=_Line)
    except msgspec.MsgspecError:
        return None
