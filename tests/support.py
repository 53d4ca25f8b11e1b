"""What the tests of running jobs share: real worker processes, a ledger of what really ran, waiting for events."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from longtake import Job, JobQueue
from longtake.worker import WorkerOptions

T = TypeVar("T")

TESTS = Path(__file__).parent
HANDLERS = f"{TESTS / 'handlers_gated.py'}:queue"
QUICK = WorkerOptions(look_every=0.2, grace=1.0)
PAUSE = 0.005


def eventually(look: Callable[[], T | None], seconds: float = 20.0) -> T:
    """The first true answer of `look`; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        answer = look()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"{look} stayed {answer!r} for {seconds} s"
        time.sleep(PAUSE)


async def soon(look: Callable[[], T], seconds: float = 20.0) -> T:
    """The first true answer of `look`, without blocking the loop."""
    deadline = time.monotonic() + seconds
    while True:
        answer = look()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"{look} stayed {answer!r} for {seconds} s"
        await asyncio.sleep(PAUSE)


async def job_is(queue: JobQueue, job_id: str, status: str, seconds: float = 20.0) -> Job:
    """The job when it has this status."""
    deadline = time.monotonic() + seconds
    while True:
        job = await queue.get(job_id)
        if job.status == status:
            return job
        assert time.monotonic() < deadline, f"{job} is not {status} after {seconds} s"
        await asyncio.sleep(PAUSE)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and not yet reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}


class Place:
    """A folder with jobs, a ledger of what the steps did, and gates that steps wait at."""

    def __init__(self, folder: Path) -> None:
        self.jobs = folder / "jobs"
        self.gates = folder / "gates"
        self.gates.mkdir()
        self.ledger_file = folder / "ledger"
        self.ledger_file.touch()
        self.environment = {
            "LONGTAKE_TEST_JOBS": str(self.jobs),
            "LONGTAKE_TEST_GATES": str(self.gates),
            "LONGTAKE_TEST_LEDGER": str(self.ledger_file),
        }

    def queue(self) -> JobQueue:
        """A queue that only asks."""
        return JobQueue(self.jobs, mode="external", worker=HANDLERS)

    def open(self, gate: str) -> None:
        """Let the steps that wait at this gate go on."""
        (self.gates / gate).touch()

    def ledger(self, beginning: str = "") -> list[str]:
        """What the steps noted."""
        return [line for line in self.ledger_file.read_text().splitlines() if line.startswith(beginning)]

    def noted(self, line: str, seconds: float = 20.0) -> None:
        """Wait until a step has noted this."""
        eventually(lambda: line in self.ledger(), seconds)

    def worker_pid(self) -> int:
        """The pid of the worker that owns the jobs now; 0 when none does."""
        owner = self.queue().worker()
        return owner.pid if owner else 0

    @contextmanager
    def worker(self, *options: str, target: str = HANDLERS) -> Iterator[subprocess.Popen[bytes]]:
        """A real worker process, killed at the end if it still runs."""
        command = [sys.executable, "-m", "longtake", "work", target, *options]
        with open(self.jobs.parent / "worker.out", "ab") as out:
            process = subprocess.Popen(command, cwd=TESTS, env=os.environ | self.environment, stdout=out, stderr=out)
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()

    def kill_worker(self) -> None:
        """Kill -9 the worker that owns the jobs now, if there is one."""
        pid = self.worker_pid()
        with suppress(ProcessLookupError):
            if pid not in {0, os.getpid()}:
                os.kill(pid, signal.SIGKILL)
