"""A peer's worker with everything it starts: one session, so that all of it can be found, killed and weighed."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.peers import work
from benchmarks.peers.peer import Cannot

LONGEST_GOODBYE = 5.0


class Program:
    """A started program and its children."""

    def __init__(self, words: Sequence[str]) -> None:
        command = words if os.path.isabs(words[0]) else [sys.executable, *words]
        with open(work.FOLDER / "worker.log", "ab") as log:
            self._process = subprocess.Popen(command, start_new_session=True, stdout=log, stderr=log)

    def kill(self) -> None:
        """Kill all of it at once, as `kill -9` does."""
        for pid in self._members():
            _signal(pid, signal.SIGKILL)
        self._process.wait()

    def end(self) -> None:
        """Ask it to end; kill what is left after a while."""
        _signal(self._process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(LONGEST_GOODBYE)
        self.kill()

    def processor_seconds(self) -> float:
        """Time on the processor so far, of all processes. Raises Cannot without /proc."""
        fields = (_proc(pid, "stat").rsplit(")", 1)[1].split() for pid in self._members())
        return sum(int(stat[11]) + int(stat[12]) for stat in fields) / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> float:
        """Resident memory of all processes. Raises Cannot without /proc."""
        pages = sum(int(_proc(pid, "statm").split()[1]) for pid in self._members())
        return pages * resource.getpagesize() / 1e6

    def _members(self) -> list[int]:
        listed = subprocess.run(["ps", "-A", "-o", "pid="], capture_output=True, text=True, check=True).stdout
        return [pid for pid in map(int, listed.split()) if _session(pid) == self._process.pid]


@contextmanager
def program(words: Sequence[str]) -> Iterator[Program]:
    """A program that ends with the block."""
    started = Program(words)
    try:
        yield started
    finally:
        started.end()


def until_logged(event: str, token: str, seconds: float, number: int = 0) -> float | None:
    """When the log first says that, in seconds since 1970; None when it has not within so many seconds."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        for line in work.lines():
            if (line.event, line.token, line.number) == (event, token, number):
                return line.at
        time.sleep(0.002)
    return None


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _proc(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise Cannot("this system has no /proc to weigh processes with") from error
