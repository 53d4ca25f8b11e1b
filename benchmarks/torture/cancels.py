"""Cancels of running jobs: how soon they stop, what still starts afterwards, with a worker and without."""

from __future__ import annotations

import asyncio
import random
import time
from typing import Any

from benchmarks.torture import ledger, timing
from benchmarks.torture.place import Place, Stuck, soon
from benchmarks.torture.trial import Harness, Outcome, Trial
from benchmarks.torture.workers import Workers, is_alive
from longtake import JobStatus

STEPS = 100_000
HALF, MOST = 0.01, 1.0
"""Promised seconds of a cancel, p50 and p99; with steps in child processes, or as the worker dies, only p99."""
CHILDREN, DEATHS = 10, 10
"""One of so many jobs has a child process; one of so many cancels comes as every worker dies."""


def run(trial: Trial) -> Outcome:
    """Cancel so many jobs in the midst of their steps; nothing may begin once a cancel is acknowledged."""
    place = Place(trial.folder, trial.without)
    cancelling = _Cancelling(place, random.Random(trial.seed))
    try:
        asyncio.run(cancelling.go_on(trial.number))
    except Stuck as error:
        cancelling.violations.append(str(error))
    finally:
        cancelling.workers.end()
    late = _after(cancelling.acknowledged, ledger.read(place.ledger))
    return Outcome(counts=cancelling.counts | cancelling.times(), violations=cancelling.violations + late)


class _Cancelling:
    def __init__(self, place: Place, rng: random.Random) -> None:
        self.acknowledged: dict[str, float] = {}
        """Job and time of the acknowledgement."""
        self.violations: list[str] = []
        self.counts = {"cancels": 0, "of children": 0, "without a worker": 0}
        self.workers = Workers(place)
        self._place = place
        self._rng = rng
        self._furthest = ledger.Furthest(place.ledger)
        self._quick: list[float] = []
        self._of_children: list[float] = []

    async def go_on(self, number: int) -> None:
        for n in range(number):
            await soon(self.workers.owner, "No worker came")
            if n % DEATHS == 1:
                await self._cancel_without_a_worker()
            elif n % CHILDREN == 2:
                await self._cancel_a_child()
            else:
                self._quick.append(await self._cancel_async())
            self.counts["cancels"] += 1
        await self._judge()

    def times(self) -> dict[str, int]:
        """How long the cancels took."""
        return timing.microseconds("async", self._quick) | timing.microseconds("in a child", self._of_children)

    async def _cancel_async(self) -> float:
        return await self._cancel(await self._begun("marks", count=STEPS, seconds=0.0))

    async def _cancel_without_a_worker(self) -> None:
        """All workers die in the middle of the job; whoever comes next starts no step."""
        job_id = await self._begun("marks", count=STEPS, seconds=0.0)
        self.workers.kill_all()
        await self._cancel(job_id)
        self.workers.revive()
        await soon(self.workers.owner, "No worker came")
        self.counts["without a worker"] += 1

    async def _cancel_a_child(self) -> None:
        job_id = await self._begun("blocking")
        pids = [int(call.name) for call in ledger.read(self._place.ledger) if call.job_id == job_id]
        self._of_children.append(await self._cancel(job_id))
        if any(is_alive(pid) for pid in pids):
            self.violations.append(f"A child of job {job_id} outlives it.")
        self.counts["of children"] += 1

    async def _begun(self, kind: str, **args: Any) -> str:
        """A job that has begun, some time ago."""
        job = await self._place.queue.submit(kind, **args)

        def has_begun() -> bool:
            self._furthest.look()
            return job.id in self._furthest.first

        await soon(has_begun, "A job did not begin")
        await asyncio.sleep(self._rng.uniform(0.0, 0.03))
        return job.id

    async def _cancel(self, job_id: str) -> float:
        asked = time.monotonic()
        await self._place.queue.cancel(job_id)
        self.acknowledged[job_id] = time.time()

        def is_cancelled() -> bool:
            job = self._place.read(job_id, self.violations)
            return job is None or job.status is JobStatus.CANCELLED

        await soon(is_cancelled, "A job was not cancelled", pause=0.001)
        return time.monotonic() - asked

    async def _judge(self) -> None:
        rounds = iter([self._quick])

        async def once_more() -> list[float]:
            found = next(rounds, None)
            return found or [await self._cancel_async() for _ in self._quick]

        self._quick, wrong = await timing.Bound("Cancel of an async step", HALF, MOST).in_one_round(once_more)
        self.violations += wrong
        self.violations += timing.Bound("Cancel of a child", MOST, MOST).broken_by(self._of_children)


def _after(acknowledged: dict[str, float], calls: list[ledger.Call]) -> list[str]:
    """Sentences about calls that began when the cancel of their job was acknowledged."""
    return [
        f"Step {call.name} of job {call.job_id} began {1000 * (call.at - acknowledged[call.job_id]):.1f} ms too late."
        for call in calls
        if call.at > acknowledged.get(call.job_id, call.at)
    ]


HARNESS = Harness(
    promise="a cancelled job stops within 10 ms in half the cases, 1 s in 99 of 100; no step begins after the answer",
    unit="cancels",
    run=run,
    long=2_000,
    short=100,
    control=10,
    protections=("halting before the answer",),
)
