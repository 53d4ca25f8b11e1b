"""What really ran: every call of a step adds one line, and what the lines say when they are read again."""

from __future__ import annotations

import functools
import os
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from longtake import Step


@dataclass(frozen=True)
class Call:
    """A step that began."""

    at: float
    """Seconds since 1970."""
    worker: str
    """The process; its number alone would come again after some ten thousand others."""
    job_id: str
    name: str


def opened(path: str | Path) -> int:
    """A descriptor for `note`, opened early: a process may have none left when it has something to note."""
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def note(fd: int, job_id: str, name: str) -> None:
    """Add a line; one short write with O_APPEND is never mixed with others, and outlives the process."""
    os.write(fd, f"{time.time()!r} {_process(os.getpid())} {job_id} {name}\n".encode())


def read(path: Path) -> list[Call]:
    """All calls, in the order in which they began."""
    words = (line.split(" ", 3) for line in _whole(path.read_bytes()).decode().splitlines()) if path.exists() else ()
    return [Call(float(at), worker, job_id, name) for at, worker, job_id, name in words]


class Furthest:
    """How far each job has come, for jobs whose steps are numbered and begin one after another."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self._steps: dict[str, int] = {}
        self.begun = 0
        """Calls so far."""
        self.first: dict[str, float] = {}
        """When the first step of each job began."""

    def look(self) -> None:
        """Read what came since the last look."""
        if not self._path.exists():
            return
        with open(self._path, "rb") as file:
            file.seek(self._read)
            news = _whole(file.read())
        self._read += len(news)
        for line in news.decode().splitlines():
            at, _, job_id, name = line.split(" ", 3)
            self.begun += 1
            self.first.setdefault(job_id, float(at))
            self._steps[job_id] = max(int(name), self.step(job_id))

    def step(self, job_id: str) -> int:
        """The highest step that has begun; -1 for none."""
        return self._steps.get(job_id, -1)


@functools.cache
def _process(pid: int) -> str:
    return f"{pid}-{time.time_ns():x}"


def _whole(lines: bytes) -> bytes:
    """Without a last line that is just being written: who reads sees the parts of a write as they come."""
    return lines[: lines.rfind(b"\n") + 1]


def run_again(calls: Iterable[Call], job_id: str, steps: Sequence[Step]) -> Iterator[str]:
    """Sentences about the recorded steps of a job that began once more after they had been recorded."""
    recorded: dict[str, float] = {}
    for step in steps:
        if step.name in recorded:
            yield f"Step {step.name} of job {job_id} is recorded twice."
        recorded.setdefault(step.name, step.finished_at.timestamp())
    for call in calls:
        if call.job_id == job_id and call.at > recorded.get(call.name, call.at):
            yield f"Step {call.name} of job {job_id} was recorded and began again."


def repeated(calls: Sequence[Call]) -> list[Call]:
    """Those that were made again later: what was in flight when its worker died."""
    last = {(call.job_id, call.name): call for call in calls}
    return [call for call in calls if last[call.job_id, call.name] is not call]


def beyond_in_flight(calls: Sequence[Call]) -> Iterator[str]:
    """Sentences about workers that left more than one call of a job to be repeated: it has one in flight at most."""
    left: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for call in repeated(calls):
        left[call.worker, call.job_id].append(call.name)
    for (worker, job_id), names in left.items():
        if len(names) > 1:
            yield f"{len(names)} calls that worker {worker} made for job {job_id} were made again: {', '.join(names)}."


def two_at_once(calls: Iterable[Call]) -> Iterator[str]:
    """Sentences about workers that called steps after another one had begun to."""
    over: set[str] = set()
    now = ""
    for call in calls:
        if call.worker in over:
            yield f"Worker {call.worker} called step {call.name} of job {call.job_id} after worker {now} had begun."
        elif call.worker != now:
            over.add(now)
            now = call.worker
