"""Three processes racing for the ownership of a folder: never two owners at once."""

from __future__ import annotations

import fcntl
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from benchmarks.torture import protections
from benchmarks.torture.trial import Harness, Outcome, Trial
from longtake.store import WorkerInfo
from longtake.stores.files import FilesStore

RACERS = 3
LONGEST_REIGN = 0.001
"""Seconds."""
DEATHS = 0.3
"""How many of the reigns end by kill -9."""
TOOK, DIES, SECOND = "took", "dies", "second"
_PID_WIDTH = 9


def run(trial: Trial) -> Outcome:
    """Let the racers go, each in many lives, until the folder has changed hands so often."""
    witness = _Witness(trial.folder)
    seats = [_fork(_race, trial, witness, number) for number in range(RACERS)]
    for seat in seats:
        os.waitpid(seat, 0)
    owners = witness.pids(TOOK)
    return Outcome(
        counts={
            "takeovers": len(owners),
            "from another process": sum(before != after for before, after in pairwise(owners)),
            "after a kill": len(witness.pids(DIES)),
        },
        violations=[f"Process {pid} owned the jobs while another one did." for pid in witness.pids(SECOND)],
    )


class _Witness:
    """Sees two owners by other means than the library's lock: a POSIX record lock. Keeps lists of the reigns."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in (TOOK, DIES, SECOND):
            (folder / name).touch()

    def stand_ready(self) -> None:
        """Once in each life, before the race: of a dying process this descriptor must close before the lock's."""
        self._mark = os.open(self._folder / "witness", os.O_RDWR | os.O_CREAT)

    def took(self) -> None:
        """An owner is there."""
        try:
            fcntl.lockf(self._mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.note(SECOND)
        self.note(TOOK)

    def leaves(self) -> None:
        """It goes, just before it lets go of the jobs."""
        fcntl.lockf(self._mark, fcntl.LOCK_UN)

    def note(self, name: str) -> None:
        """Add this process to a list."""
        with open(self._folder / name, "ab", buffering=0) as file:
            file.write(b"%*d\n" % (_PID_WIDTH, os.getpid()))

    def pids(self, name: str) -> list[int]:
        """A list."""
        return list(map(int, (self._folder / name).read_text().split()))

    def reigns(self) -> int:
        """How many there were."""
        return (self._folder / TOOK).stat().st_size // (_PID_WIDTH + 1)


def _race(trial: Trial, witness: _Witness, number: int) -> None:
    """One seat: life after life, each ends by its own kill -9 or when all is done."""
    life = 0
    while witness.reigns() < trial.number:
        life += 1
        os.waitpid(_fork(_live, trial, witness, f"{trial.seed}.{number}.{life}"), 0)


def _live(trial: Trial, witness: _Witness, seed: str) -> None:
    rng = random.Random(seed)
    witness.stand_ready()
    store = FilesStore(trial.folder / "jobs")
    me = WorkerInfo(id=seed, pid=os.getpid(), started_at=datetime.now(UTC))
    with protections.taken_out(trial.without):
        while witness.reigns() < trial.number:
            if not store.own(me):
                continue
            witness.took()
            time.sleep(rng.uniform(0.0, LONGEST_REIGN))
            if rng.random() < DEATHS:
                witness.note(DIES)
                os.kill(os.getpid(), signal.SIGKILL)
            witness.leaves()
            store.disown()
            time.sleep(rng.uniform(0.0, LONGEST_REIGN))


def _fork(live: Callable[..., None], *what: object) -> int:
    """Run a function in a child; a fork is quick, and harmless here: the parent holds nothing."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            live(*what)
            code = 0
        finally:
            os._exit(code)
    return pid


HARNESS = Harness(
    promise="three processes racing for the jobs, some dying: never two owners at once",
    unit="takeovers",
    run=run,
    long=10_000,
    short=1_000,
    control=50,
    protections=("the worker lock",),
)
