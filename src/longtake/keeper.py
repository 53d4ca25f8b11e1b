"""Keeps a worker process alive beside a program that only asks: starts it when nobody owns the jobs."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

from longtake.disk import on_disk
from longtake.log_file import keep_small
from longtake.store import Store
from longtake.stores import notes

log = logging.getLogger("longtake")

LOOK_EVERY = 0.25
"""Seconds between looks at the lock for a worker that is not our child; a child's end is noticed at once."""
WAIT_FOR_MEANS = 5.0
"""Before another try when the system had no room for a process."""
LONGEST_PAUSE = 30.0
"""Between starts of a worker that ends at once."""


def worker_command(target: str) -> list[str]:
    """The command that runs the jobs of `module:queue` or `file.py:queue`."""
    return [sys.executable, "-m", "longtake", "work", target, "--until-idle"]


class WorkerProcess(subprocess.Popen[bytes]):
    """A process that is meant to outlive its starter, which therefore is not warned of it."""

    def __del__(self) -> None:
        """Leave it running."""


def start_worker(target: str, log_file: Path) -> WorkerProcess:
    """Start a worker that outlives this program: neither Ctrl-C nor a closed terminal reaches it."""
    log_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    keep_small(log_file)
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(p for p in sys.path if p))
    with open(log_file, "ab") as output:
        return WorkerProcess(
            worker_command(target),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=environment,
        )


class Keeper:
    """A background loop of the asking program; ends with it, the worker goes on."""

    def __init__(self, store: Store, target: str, log_file: Path) -> None:
        self._store = store
        self._target = target
        self._log_file = log_file
        self._starting = threading.Lock()
        self._process: WorkerProcess | None = None
        self._quick_ends = 0

    def ensure(self) -> bool:
        """Start a worker if nobody owns the jobs and none is starting; whether the system let it."""
        try:
            with self._starting:
                owner = self._store.owner()
                is_starting = self._process is not None and self._process.poll() is None
                if not is_starting and (owner is None or not owner.runs_jobs):
                    self._process = start_worker(self._target, self._log_file)
        except OSError as error:
            log.error("No worker could be started: %s", error)  # noqa: TRY400 (the message says it all)
            return False
        return True

    async def keep(self) -> None:
        """Do so for ever; cancel to end."""
        loop = asyncio.get_running_loop()
        while True:
            started = loop.time()
            if not await asyncio.to_thread(self.ensure):
                await asyncio.sleep(WAIT_FOR_MEANS)
                continue
            await self._wait_for_its_end()
            if self._process is not None and self._process.poll():
                is_over, self._process = self._process, None
                if is_over.returncode > 0 or not await on_disk(self._has_owned, is_over.pid):
                    await self._pause_if_it_ended_at_once(loop.time() - started)

    async def _wait_for_its_end(self) -> None:
        if self._process is None or self._process.poll() is not None:
            await asyncio.sleep(LOOK_EVERY)
            return
        await _ended(self._process)

    def _has_owned(self, pid: int) -> bool:
        """Whether this process came as far as to own the jobs; the next one may start at once, whatever killed it."""
        card = notes.read(self._log_file.with_name("worker.json"))
        return isinstance(card, dict) and card.get("pid") == pid

    async def _pause_if_it_ended_at_once(self, lived: float) -> None:
        if lived > LONGEST_PAUSE:
            self._quick_ends = 0
            return
        self._quick_ends += 1
        pause = min(LONGEST_PAUSE, 0.125 * 2.0**self._quick_ends)
        log.error("The worker ended with an error; see %s. Next start in %g s.", self._log_file, pause)
        await asyncio.sleep(pause)


async def _ended(process: WorkerProcess) -> None:
    """Wait for the end of a process, by its descriptor where the system has them."""
    if not hasattr(os, "pidfd_open"):
        await asyncio.to_thread(process.wait)
        return
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    try:
        fd = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return  # another thread has just seen its end
    loop.add_reader(fd, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(fd)
        os.close(fd)
    process.wait()
