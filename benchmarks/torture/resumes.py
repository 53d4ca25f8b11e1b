"""A worker killed with -9 beside a program that needs one: how soon its job runs its next step."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from contextlib import suppress
from unittest import mock

from benchmarks.torture import handlers, ledger, protections, timing
from benchmarks.torture.place import Place, Stuck, soon
from benchmarks.torture.trial import Harness, Outcome, Trial
from longtake import JobQueue

STEP = 0.002
STEPS = 100_000
FEW = 3
HALF, MOST = 1.0, 2.0
"""Promised seconds: p50 and p99."""
LONGEST = 15.0
"""After so many seconds nothing comes any more, on a busy machine either."""


def run(trial: Trial) -> Outcome:
    """Kill the worker so often; nobody but the keeper of this program starts another."""
    place = Place(trial.folder, trial.without)
    resuming = _Resuming(place, random.Random(trial.seed))
    seconds: list[float] = []
    violations: list[str] = []
    with mock.patch.dict(os.environ, place.environment), protections.taken_out(trial.without):
        try:
            seconds, violations = asyncio.run(resuming.go_on(trial.number))
        except Stuck as error:
            violations.append(str(error))
        finally:
            resuming.kill()
    violations += ledger.beyond_in_flight(ledger.read(place.ledger))
    return Outcome(counts={"kills": resuming.kills} | timing.microseconds("resume", seconds), violations=violations)


class _Resuming:
    def __init__(self, place: Place, rng: random.Random) -> None:
        self.kills = 0
        self._place = place
        self._rng = rng
        self._furthest = ledger.Furthest(place.ledger)
        self._job_id = ""

    async def go_on(self, number: int) -> tuple[list[float], list[str]]:
        queue = JobQueue(self._place.jobs, worker=handlers.TARGET)
        self._job_id = (await self._place.queue.submit("marks", count=STEPS, seconds=STEP)).id

        async def some() -> list[float]:
            return [await self._resumed() for _ in range(number)]

        async with queue.keeping_worker():
            return await timing.Bound("Until the next step after a kill", HALF, MOST).in_one_round(some)

    def kill(self) -> None:
        """Kill -9 the worker."""
        worker = self._place.queue.worker()
        with suppress(ProcessLookupError):
            if worker is not None and worker.pid:
                os.kill(worker.pid, signal.SIGKILL)

    async def _resumed(self) -> float:
        await self._gets_on(FEW, "The job does not get on")
        await asyncio.sleep(self._rng.uniform(0.0, 0.05))
        killed = time.monotonic()
        self.kill()
        self.kills += 1
        self._furthest.look()
        await self._gets_on(1, "The job was not resumed")
        return time.monotonic() - killed

    async def _gets_on(self, steps: int, otherwise: str) -> None:
        self._furthest.look()
        begun = self._furthest.begun

        def has() -> bool:
            self._furthest.look()
            return self._furthest.begun >= begun + steps

        await soon(has, otherwise, LONGEST)


HARNESS = Harness(
    promise="a worker killed with -9: its job goes on after 1 s in half the cases, after 2 s in 99 of 100",
    unit="kills",
    run=run,
    long=500,
    short=20,
    control=2,
    protections=("the keeper",),
)
