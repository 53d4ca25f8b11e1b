"""Workers killed with -9 at random moments: nothing acknowledged is lost, nothing recorded runs again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from benchmarks.torture import ledger
from benchmarks.torture.ends import left_undone, run_again
from benchmarks.torture.place import PATIENCE, Place, Stuck, soon
from benchmarks.torture.trial import Harness, Outcome, Trial
from benchmarks.torture.workers import Workers

T = TypeVar("T")

LANES = 8
"""Folders side by side, each with its own jobs and workers."""
LONG_JOBS = 3
LONG = 100
SHORT = 3
STEP = 0.001
LONGEST_WAIT = 0.05
"""Seconds from the moment that a worker owns the jobs, or that every job got on, to its end."""
INTERPRETED = 0.05
"""How many of the workers are born in an interpreter of their own, and not forked."""


def run(trial: Trial) -> Outcome:
    """Kill the owners so often, while many steps run and jobs are submitted; then let the rest finish, and look."""
    lanes = min(LANES, trial.number)
    shares = [trial.number // lanes + (n < trial.number % lanes) for n in range(lanes)]
    given_up = asyncio.Event()
    killings = [_Killing(trial, n, given_up) for n in range(lanes)]
    asyncio.run(_side_by_side(killings, shares))
    for killing in killings:
        killing.look()
    return Outcome(
        counts={
            "kills": sum(killing.kills for killing in killings),
            "folders": lanes,
            "jobs acknowledged": sum(len(killing.acknowledged) for killing in killings),
            "calls": sum(len(killing.calls) for killing in killings),
            "repeated calls": sum(len(ledger.repeated(killing.calls)) for killing in killings),
            "workers that ran steps": sum(len({call.worker for call in killing.calls}) for killing in killings),
        },
        violations=[violation for killing in killings for violation in killing.violations],
    )


async def _side_by_side(killings: list[_Killing], shares: list[int]) -> None:
    await asyncio.gather(*(killing.go_on(share) for killing, share in zip(killings, shares, strict=True)))


class _Killing:
    """One folder: its jobs, its workers and what happened to them."""

    def __init__(self, trial: Trial, number: int, given_up: asyncio.Event) -> None:
        self._given_up = given_up
        self._place = Place(Path(trial.folder) / f"lane {number}", trial.without)
        self._moments = random.Random(f"{trial.seed}.{number}")
        self._workers = Workers(self._place)
        self.acknowledged: list[str] = []
        self.calls: list[ledger.Call] = []
        self.violations: list[str] = []
        self.kills = 0
        self._open: list[str] = []
        self._lengths: dict[str, int] = {}
        self._furthest = ledger.Furthest(self._place.ledger)

    async def go_on(self, kills: int) -> None:
        """Kill the owner so often, or until something is wrong; then wait for all jobs."""
        try:
            while self.kills < kills:
                await self._submit_some()
                owner = await self._soon(self._workers.owner, "No worker took over")
                if self.kills % 2:
                    await self._each_gets_on()
                await asyncio.sleep(self._moments.uniform(0.0, LONGEST_WAIT))
                self._workers.replace(owner, forked=self._moments.random() > INTERPRETED)
                self.kills += 1
            await self._soon(lambda: not self._unfinished(), "Some jobs did not finish", 4 * PATIENCE)
        except Stuck as error:
            self.violations.append(str(error))
            self._given_up.set()
        finally:
            self._workers.end()

    def look(self) -> None:
        """What is not as it must be in the end."""
        self.calls = ledger.read(self._place.ledger)
        self.violations += [
            *left_undone(self._place, self._lengths),
            *run_again(self._place, self.calls, self.acknowledged),
            *ledger.beyond_in_flight(self.calls),
            *ledger.two_at_once(self.calls),
            *self._place.set_aside(),
        ]

    async def _submit_some(self) -> None:
        unfinished = self._unfinished()
        lengths = [LONG] * (LONG_JOBS - sum(self._lengths[job_id] == LONG for job_id in unfinished))
        for length in (*lengths, SHORT):
            job = await self._place.queue.submit("marks", count=length, seconds=STEP)
            self.acknowledged.append(job.id)
            self._open.append(job.id)
            self._lengths[job.id] = length

    async def _each_gets_on(self) -> None:
        """Wait until every job records a step: one in which three workers die in a row is taken for their killer."""
        self._furthest.look()
        before = {job_id: self._furthest.step(job_id) for job_id in self._unfinished()}

        def all_got_on() -> bool:
            self._furthest.look()
            for job_id in list(before):
                if self._furthest.step(job_id) >= before[job_id] + 2:  # so the one between was recorded meanwhile
                    del before[job_id]
            return not before or not before.keys() & set(self._unfinished())

        await self._soon(all_got_on, "Some jobs did not get on")

    def _unfinished(self) -> list[str]:
        jobs = [self._place.read(job_id, self.violations) for job_id in self._open]
        self._open = [job.id for job in jobs if job is not None and not job.status.is_final]
        return self._open

    async def _soon(self, look: Callable[[], T | None], what: str, seconds: float = PATIENCE) -> T:
        """The first true answer of `look`. Raises Stuck, also when something is wrong already."""

        def look_if_all_is_well() -> T | None:
            if self.violations:
                self._given_up.set()
            if self._given_up.is_set():
                raise Stuck("Given up: something is wrong already.")
            return look()

        return await soon(look_if_all_is_well, what, seconds)


HARNESS = Harness(
    promise="a worker killed with -9 at random moments: nothing acknowledged lost, nothing recorded run again",
    unit="kills",
    run=run,
    long=10_000,
    short=500,
    control=40,
    protections=("replacing files whole", "looking steps up"),
)
