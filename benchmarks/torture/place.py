"""A folder with jobs, the ledger beside it, and the processes that work on them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from benchmarks.torture import handlers, protections
from benchmarks.torture.turned_clock import TurnedClock
from longtake import Job, JobDamaged, JobNotFound, JobQueue

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
MEMORY = "/dev/shm"  # noqa: S108 (a folder of our own is made in it)
PATIENCE = 30.0
"""Seconds to wait for what takes milliseconds."""
PAUSE = 0.004


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder in memory, where the system has that, for what is not about syncs."""
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="longtake-torture-", dir=memory) as folder:
        yield Path(folder)


class Stuck(Exception):
    """What had to happen did not; the message says what."""


class Place:
    """What the processes of one run share."""

    def __init__(self, folder: Path, without: str | None, jobs: Path | None = None) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.jobs = jobs or folder / "jobs"
        self.ledger = folder / "ledger"
        self.clock = folder / "clock"
        self.queue = JobQueue(self.jobs, mode="external", clock=TurnedClock(self.clock))
        self.environment = dict(os.environ)
        self.environment |= {handlers.JOBS: str(self.jobs), handlers.LEDGER: str(self.ledger)}
        self.environment[handlers.CLOCK] = str(self.clock)
        self.environment[protections.WITHOUT] = without or ""

    def start(self, *command: str, stdin: int | None = None, stdout: int | None = None) -> subprocess.Popen[bytes]:
        """Start a Python process of ours."""
        with open(self.folder / "output", "ab") as output:
            return subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.environment,
                stdin=stdin,
                stdout=output if stdout is None else stdout,
                stderr=output,
            )

    def read(self, job_id: str, violations: list[str]) -> Job | None:
        """The job; what is lost or unreadable is a violation."""
        try:
            return self.queue.store.read(job_id)
        except (JobNotFound, JobDamaged) as error:
            violations.append(f"An acknowledged job is lost or unreadable: {error}")
            return None

    def set_aside(self) -> list[str]:
        """Sentences about what came into quarantine."""
        return [f"{path.name} was set aside as damaged." for path in (self.jobs / "quarantine").glob("*.json*")]


async def soon(look: Callable[[], T | None], what: str, seconds: float = PATIENCE, *, pause: float = PAUSE) -> T:
    """The first true answer of `look`. Raises Stuck."""
    deadline = time.monotonic() + seconds
    while not (answer := look()):
        if time.monotonic() > deadline:
            raise Stuck(f"{what}: not within {seconds:g} s.")
        await asyncio.sleep(pause)
    return answer
