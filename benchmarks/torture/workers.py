"""Real worker processes on one folder: one owns the jobs, the others wait for its end."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from benchmarks.torture import handlers
from benchmarks.torture.place import Place

STANDING_BY = 1


class Workers:
    """Forked by a nursery, which is quick, or each in an interpreter of its own."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._nursery = place.start("-m", "benchmarks.torture.nursery", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._interpreters: list[subprocess.Popen[bytes]] = []
        self._pids: set[int] = set()
        self.revive()

    def owner(self) -> int:
        """The pid of the worker that owns the jobs now; 0 when none of ours does."""
        info = self._place.queue.worker()
        return info.pid if info and info.pid in self._pids else 0

    def fork(self) -> int:
        """Have a worker forked; returns its pid."""
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(b"fork\n")
        self._nursery.stdin.flush()
        return int(self._nursery.stdout.readline())

    def interpret(self) -> int:
        """Start a worker as `longtake work` does; returns its pid."""
        process = self._place.start("-m", "longtake", "work", handlers.TARGET)
        self._interpreters.append(process)
        return process.pid

    def kill(self, pid: int) -> None:
        """Kill -9 a worker."""
        self._pids.discard(pid)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        for process in self._interpreters:
            process.poll()

    def replace(self, pid: int, *, forked: bool) -> None:
        """Kill -9 a worker, and start another to stand by."""
        self.kill(pid)
        self._pids.add(self.fork() if forked else self.interpret())

    def kill_all(self) -> None:
        """Kill -9 all of them."""
        for pid in list(self._pids):
            self.kill(pid)

    def revive(self) -> None:
        """Have an owner, and those who stand by, where there are none."""
        self._pids = {self.fork() for _ in range(1 + STANDING_BY)}

    def end(self) -> None:
        """Kill them all."""
        self.kill_all()
        for process in self._interpreters:
            process.wait()
        self._nursery.communicate()


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that is not yet buried does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}
