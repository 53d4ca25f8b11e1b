"""Workers killed with -9 at random moments: nothing acknowledged is lost, nothing recorded runs again."""

from __future__ import annotations

import asyncio
import random
import subprocess

from benchmarks.torture import handlers, ledger
from benchmarks.torture.place import PATIENCE, Place, Stuck, soon
from benchmarks.torture.trial import Harness, Outcome, Trial
from longtake import JobStatus

WORKERS = 3
"""The owner and two that stand by: the next one takes over at once."""
LONG_JOBS = 3
LONG = 400
SHORT = 3
STEP = 0.001
LONGEST_WAIT = 0.05
"""Seconds from the moment that a worker owns the jobs, or that every job got on, to its end."""


def run(trial: Trial) -> Outcome:
    """Kill the owner so often, while many steps run and jobs are submitted; then let the rest finish, and look."""
    violations: list[str] = []
    place = Place(trial.folder, trial.without)
    killing = _Killing(place, random.Random(trial.seed), violations)
    try:
        asyncio.run(killing.go_on(trial.number))
    except Stuck as error:
        violations.append(str(error))
    finally:
        killing.workers.end()
    calls = ledger.read(place.ledger)
    violations += [*killing.left_undone(calls), *ledger.beyond_in_flight(calls), *ledger.two_at_once(calls)]
    violations += place.set_aside()
    return Outcome(
        counts={
            "kills": killing.kills,
            "jobs acknowledged": len(killing.acknowledged),
            "calls": len(calls),
            "repeated calls": len(ledger.repeated(calls)),
            "workers that ran steps": len({call.pid for call in calls}),
        },
        violations=violations,
    )


class _Killing:
    def __init__(self, place: Place, moments: random.Random, violations: list[str]) -> None:
        self.workers = _Workers(place)
        self.acknowledged: list[str] = []
        self.kills = 0
        self._open: list[str] = []
        self._place = place
        self._moments = moments
        self._violations = violations
        self._lengths: dict[str, int] = {}

    async def go_on(self, kills: int) -> None:
        while self.kills < kills:
            await self._submit_some()
            owner = await soon(self.workers.owner, "No worker took over")
            if self.kills % 2:
                await self._each_gets_on()
            await asyncio.sleep(self._moments.uniform(0.0, LONGEST_WAIT))
            self.workers.replace(owner)
            self.kills += 1
        await soon(lambda: not self._unfinished(), "Some jobs did not finish", 2 * PATIENCE)

    def left_undone(self, calls: list[ledger.Call]) -> list[str]:
        """Sentences about acknowledged jobs that are not as they must be in the end."""
        wrong: list[str] = []
        by_job: dict[str, list[ledger.Call]] = {}
        for call in calls:
            by_job.setdefault(call.job_id, []).append(call)
        for job_id in self.acknowledged:
            job = self._place.read(job_id, wrong)
            if job is None:
                continue
            if job.status is not JobStatus.COMPLETED:
                wrong.append(f"Job {job_id} is {job.status} in the end: {job.error}")
            steps = self._place.queue.store.steps(job_id)
            if len({step.name for step in steps}) != self._lengths[job_id]:
                wrong.append(f"Job {job_id} has {len(steps)} recorded steps, not {self._lengths[job_id]}.")
            wrong += ledger.run_again(by_job.get(job_id, ()), job_id, steps)
        return wrong

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
        sizes = {job_id: self._place.journal_size(job_id) for job_id in self._unfinished()}

        def all_got_on() -> bool:
            unfinished = set(self._unfinished())
            return all(self._place.journal_size(job_id) > sizes[job_id] for job_id in sizes if job_id in unfinished)

        await soon(all_got_on, "Some jobs did not get on")

    def _unfinished(self) -> list[str]:
        jobs = [self._place.read(job_id, self._violations) for job_id in self._open]
        self._open = [job.id for job in jobs if job is not None and not job.status.is_final]
        return self._open


class _Workers:
    """Real worker processes: one owns the jobs, the others wait for its end."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._processes = [self._start() for _ in range(WORKERS)]

    def owner(self) -> subprocess.Popen[bytes] | None:
        """The process that owns the jobs now."""
        info = self._place.queue.worker()
        return next((process for process in self._processes if info and process.pid == info.pid), None)

    def replace(self, process: subprocess.Popen[bytes]) -> None:
        """Kill -9 one, and start another to stand by."""
        process.kill()
        process.wait()
        self._processes.remove(process)
        self._processes.append(self._start())

    def end(self) -> None:
        """Kill them all."""
        for process in self._processes:
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        return self._place.start("-m", "longtake", "work", handlers.TARGET)


HARNESS = Harness(
    promise="a worker killed with -9 at random moments: nothing acknowledged lost, nothing recorded run again",
    unit="kills",
    run=run,
    long=10_000,
    short=40,
    control=12,
    protections=("replacing files whole", "looking steps up"),
)
