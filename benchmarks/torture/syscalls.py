"""Every kind of change, killed or refused at each of its system calls: the state after it is the old or the new one."""

from __future__ import annotations

import importlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.torture import protections, tracing
from benchmarks.torture.committing import BROKEN, DONE, TOLD
from benchmarks.torture.place import ROOT, quick_folder
from benchmarks.torture.trial import Harness, Outcome, Trial
from longtake.stores.files import FilesStore

TESTS = ROOT / "tests"
FAULTS = ("signal=KILL", "error=EIO", "error=ENOSPC", "error=EACCES")


@dataclass(frozen=True)
class Point:
    """A fault at the n-th system call of a name."""

    call: str
    number: int
    fault: str

    def option(self) -> str:
        """As strace wants it."""
        return f"inject={self.call}:{self.fault}:when={self.number}"


def run(trial: Trial) -> Outcome:
    """So many of the points, drawn at random, or all; every kind of change meets each of them."""
    tracing.require_strace()
    with mock.patch.object(sys, "path", [str(TESTS), *sys.path]), quick_folder() as folder:
        changing = _Changing(folder, importlib.import_module("changes"), trial.without)
        try:
            points = changing.points()
            drawn = random.Random(trial.seed).sample(points, min(trial.number, len(points)))
            violations: list[str] = []
            for point in drawn:
                violations += changing.at(point)
                if violations and trial.without is not None:
                    break  # red is red
        finally:
            changing.end()
    counts = {"points": len(drawn), "of": len(points), "changes": len(changing.names)}
    return Outcome(counts=counts | changing.seen, violations=violations)


class _Changing:
    def __init__(self, folder: Path, changes: Any, without: str | None) -> None:
        self.names = list(changes.CHANGES)
        self.seen: Counter[str] = Counter()
        self._folder = folder
        self._changes = changes
        self._before = folder / "before"
        for name, change in changes.CHANGES.items():
            store = FilesStore(self._before / name)
            change.before(store)
            store.close()
        old = self._copy("old")
        self._old = {name: self._left(old / name) for name in self.names}
        new = self._copy("new")
        for name, change in changes.CHANGES.items():
            store = FilesStore(new / name)
            change.act(store)
            store.close()
        self._new = {name: self._left(new / name) for name in self.names}
        self._orders, theirs = socket.socketpair()
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])}
        environment[protections.WITHOUT] = without or ""
        command = [sys.executable, "-m", "benchmarks.torture.committing", str(theirs.fileno())]
        self._process = subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()])
        theirs.close()

    def points(self) -> list[Point]:
        """Each call of each change with each fault."""
        self._acted(self._copy("warm"))
        log = self._folder / "calls"
        with tracing.traced(self._process.pid, log):
            self._acted(self._copy("counted"))
        most: Counter[str] = Counter()
        for calls in tracing.calls_of_children(log, self._process.pid):
            most |= calls
        return [Point(call, n, fault) for call in sorted(most) for n in range(1, most[call] + 1) for fault in FAULTS]

    def at(self, point: Point) -> Iterator[str]:
        """Have every change meet the point; sentences about those that left neither the old state nor the new one."""
        folder = self._copy("at a point")
        with tracing.traced(self._process.pid, Path("/dev/null"), "-e", point.option()):
            ends = self._acted(folder)
        for name, end in ends.items():
            yield from self._of_change(folder / name, name, end, f"{name!r} with {point.option()}")
        shutil.rmtree(folder)

    def end(self) -> None:
        """End the process that changes."""
        self._orders.close()
        self._process.wait()

    def _of_change(self, folder: Path, name: str, end: int, what: str) -> Iterator[str]:
        self.seen[{DONE: "acknowledged", TOLD: "refused", -signal.SIGKILL: "killed"}.get(end, "broken")] += 1
        if end == BROKEN:
            yield f"{what}: an error that says nothing of the disk"
        try:
            left = self._left(folder)
        except Exception as error:  # noqa: BLE001 (this is what is looked for)
            yield f"{what}: the next owner stumbles: {error!r}"
            return
        if left not in (self._old[name], self._new[name]):
            yield f"{what}: neither old nor new: {left}"
        elif end == DONE and left != self._new[name] and self._changes.CHANGES[name].tells:
            yield f"{what}: acknowledged, and not there"

    def _acted(self, folder: Path) -> dict[str, int]:
        self._orders.send(str(folder).encode())
        ends: dict[str, int] = json.loads(self._orders.recv(65536))
        return ends

    def _copy(self, name: str) -> Path:
        folder = self._folder / name
        shutil.copytree(self._before, folder)
        return folder

    def _left(self, folder: Path) -> Any:
        """What a new owner finds."""
        return self._changes.take_over(folder)


HARNESS = Harness(
    promise="killed or refused at any system call, each kind of change: the state is old or new, acknowledged is new",
    unit="points",
    run=run,
    long=100_000,
    short=100_000,
    control=200,
    protections=("replacing files whole",),
)
