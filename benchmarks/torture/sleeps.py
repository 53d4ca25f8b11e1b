"""Stopped workers, sleeps of hours and clocks turned back: nothing runs twice, each schedule fires once."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from datetime import datetime, timedelta

from benchmarks.torture import handlers, ledger
from benchmarks.torture.ends import left_undone
from benchmarks.torture.place import Place, Stuck, soon
from benchmarks.torture.trial import Harness, Outcome, Trial
from benchmarks.torture.turned_clock import TurnedClock
from longtake import Job, JobStatus

STEPS = 30
STEP = 0.01
LONGEST_STOP = 1.0
"""Seconds."""
MOST_HOURS = 30
SETTLES = 1.5
"""Seconds: a worker has looked at the clock by then."""


def run(trial: Trial) -> Outcome:
    """Stop the worker, put the computer to sleep, turn the clock on and back, so often and in random order."""
    place = Place(trial.folder, trial.without)
    nights = _Nights(place, random.Random(trial.seed))
    try:
        asyncio.run(nights.go_on(trial.number))
    except Stuck as error:
        nights.violations.append(str(error))
    finally:
        nights.end()
    calls = ledger.read(place.ledger)
    wrong = [*left_undone(place, nights.lengths), *ledger.two_at_once(calls)]
    wrong += [f"Step {call.name} of job {call.job_id} ran twice." for call in ledger.repeated(calls)]
    return Outcome(counts=nights.counts, violations=[*nights.violations, *wrong])


class _Nights:
    def __init__(self, place: Place, rng: random.Random) -> None:
        self.lengths: dict[str, int] = {}
        self.violations: list[str] = []
        self.counts = dict.fromkeys(("stops", "sleeps", "turns on", "turns back", "jobs of the schedule", "later"), 0)
        self._place = place
        self._rng = rng
        self._clock = TurnedClock(place.clock)
        self._turn_to_half_past(self._clock.now())
        self._served = self._clock.now().replace(minute=0)
        self._workers = [place.start("-m", "longtake", "work", handlers.TARGET) for _ in range(2)]

    async def go_on(self, number: int) -> None:
        await soon(self._place.queue.worker, "No worker came")
        await asyncio.sleep(SETTLES)  # by now the schedule has begun
        for n in range(number):
            await self._submit()
            event = (self._stop, self._sleep, self._turn_on, self._turn_back)[n % 4]
            await event()
            await soon(self._all_done, "Some jobs did not finish")
        found = await self._of_schedule()
        self.counts["jobs of the schedule"] = len(found)
        self.lengths |= {job.id: 1 for job in found}

    def end(self) -> None:
        for worker in self._workers:
            worker.kill()
            worker.wait()

    # What happens ----------------------------------------------------------------------------------------------

    async def _stop(self) -> None:
        """The owner stands still, while another stands by."""
        owner = self._place.queue.worker()
        assert owner is not None
        os.kill(owner.pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(self._rng.uniform(0.2, LONGEST_STOP))
            now = self._place.queue.worker()
            if now is None or now.pid != owner.pid:
                self.violations.append(f"Worker {now and now.pid} took the jobs of one that only stood still.")
        finally:
            os.kill(owner.pid, signal.SIGCONT)
        self.counts["stops"] += 1

    async def _sleep(self) -> None:
        await self._goes_on_by_hours(asleep=True)
        self.counts["sleeps"] += 1

    async def _turn_on(self) -> None:
        await self._goes_on_by_hours(asleep=False)
        self.counts["turns on"] += 1

    async def _turn_back(self) -> None:
        before = len(await self._of_schedule())
        self._turn_to_half_past(self._clock.now() - timedelta(hours=self._rng.randint(1, MOST_HOURS)))
        await asyncio.sleep(SETTLES)
        if fired := len(await self._of_schedule()) - before:
            self.violations.append(f"The schedule fired {fired} times when the clock was turned back.")
        self.counts["turns back"] += 1

    async def _goes_on_by_hours(self, *, asleep: bool) -> None:
        """The time of a later job comes, and times of the schedule pass, of which one is made up for."""
        later = await self._submit(run_at=self._served + timedelta(minutes=15))
        before = len(await self._of_schedule())
        if self._served > self._clock.now() and later.id in {call.job_id for call in ledger.read(self._place.ledger)}:
            self.violations.append(f"Job {later.id} began before its time.")
        self._served += timedelta(hours=self._rng.randint(1, MOST_HOURS))
        self._turn_to_half_past(self._served, asleep=asleep)
        await soon(self._all_done, "A job for a later time did not run when the time had come")
        self.counts["later"] += 1
        await asyncio.sleep(SETTLES)
        if (fired := len(await self._of_schedule()) - before) != 1:
            self.violations.append(f"The schedule fired {fired} times, not once, when hours had passed.")

    # -----------------------------------------------------------------------------------------------------------

    def _turn_to_half_past(self, when: datetime, *, asleep: bool = False) -> None:
        """Half past, so that no time of the schedule passes by itself."""
        self._clock.turn_to(when.replace(minute=30, second=0), asleep=asleep)

    async def _submit(self, run_at: datetime | None = None) -> Job:
        job = await self._place.queue.submit("marks", count=STEPS, seconds=STEP, run_at=run_at)
        self.lengths[job.id] = STEPS
        return job

    async def _of_schedule(self) -> list[Job]:
        page = await self._place.queue.find(tag=f"schedule:{handlers.HOURLY}", limit=100_000)
        return [await self._place.queue.get(job.id) for job in page.jobs]

    def _all_done(self) -> bool:
        jobs = [self._place.read(job_id, self.violations) for job_id in self.lengths]
        return all(job is None or job.status is JobStatus.COMPLETED for job in jobs)


HARNESS = Harness(
    promise="a worker that stands still, hours asleep, a clock turned on and back: nothing twice, each schedule once",
    unit="nights",
    run=run,
    long=1_000,
    short=8,
    control=4,
    protections=("what a schedule has served",),
)
