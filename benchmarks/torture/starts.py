"""From the call of submit to the first line of the handler, with bells and without."""

from __future__ import annotations

import asyncio
import random
import time

from benchmarks.torture import handlers, ledger, protections, timing
from benchmarks.torture.place import Place, Stuck, soon
from benchmarks.torture.trial import Harness, Outcome, Trial

MOST = 0.05
"""Promised seconds with bells, p99; `dev bench` measures p50."""
UNHEARD = 1.2
"""Without: the worker looks each second."""
FEWER = 10
"""Of so many starts with bells, one without."""


def run(trial: Trial) -> Outcome:
    """Submit so many jobs to an idle worker."""
    place = Place(trial.folder, trial.without)
    worker = place.start("-m", "longtake", "work", handlers.TARGET)
    starting = _Starting(place, random.Random(trial.seed), always=trial.without is not None)
    counts: dict[str, int] = {}
    violations: list[str] = []
    try:
        with protections.taken_out(trial.without):
            counts, violations = asyncio.run(starting.go_on(trial.number))
    except Stuck as error:
        violations.append(str(error))
    finally:
        worker.kill()
        worker.wait()
    return Outcome(counts={"starts": trial.number} | counts, violations=violations)


class _Starting:
    def __init__(self, place: Place, rng: random.Random, *, always: bool) -> None:
        self._always = always
        self._place = place
        self._rng = rng
        self._furthest = ledger.Furthest(place.ledger)

    async def go_on(self, number: int) -> tuple[dict[str, int], list[str]]:
        await self._start()

        async def some() -> list[float]:
            return [await self._start() for _ in range(number)]

        heard, wrong = await timing.Bound("Until a job starts", MOST, MOST, self._always).in_one_round(some)
        with protections.taken_out("the bells"):
            unheard = [await self._start() for _ in range(max(1, number // FEWER))]
        wrong += timing.Bound("Until a job starts, no bell rung", UNHEARD, UNHEARD).broken_by(unheard)
        return timing.microseconds("with bells", heard) | timing.microseconds("without", unheard), wrong

    async def _start(self) -> float:
        await asyncio.sleep(self._rng.uniform(0.005, 0.05))
        asked = time.time()
        job = await self._place.queue.submit("marks", count=1, seconds=0.0)

        def at() -> float | None:
            self._furthest.look()
            return self._furthest.first.get(job.id)

        return await soon(at, "A job did not start") - asked


HARNESS = Harness(
    promise="an idle worker starts a job after 50 ms in 99 of 100 cases; 1.2 s if it hears no bell",
    unit="starts",
    run=run,
    long=2_000,
    short=100,
    control=6,
    protections=("the bells",),
)
