"""A worker whose disk is full, or out of inodes, or whose folder cannot be changed, or that has no file handle left."""

from __future__ import annotations

import asyncio
import errno
import os
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from benchmarks.torture import handlers, ledger, mounts
from benchmarks.torture.ends import left_undone
from benchmarks.torture.place import Place, Stuck, soon
from benchmarks.torture.trial import Harness, NotRun, Outcome, Trial
from longtake import StorageProblem

SIZE = "size=16m,nr_inodes=2000"
"""Room for the jobs of a long run; the index alone takes four megabytes."""
STEPS = 40
STEP = 0.01
PROMISED = 10.0
"""Seconds from the relief to the next step."""
QUIET = 0.5
"""Seconds without a step: the trouble is felt."""


def run(trial: Trial) -> Outcome:
    """Bring trouble so often, each time with a new job under way, take it away again, and look."""
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("chattr"):
        raise NotRun("this needs Linux, root (to mount a small disk) and chattr")
    place = Place(trial.folder / "place", trial.without, jobs=trial.folder / "disk" / "jobs")
    with mounts.small_disk(trial.folder / "disk", SIZE):
        troubles = _Troubles(place, random.Random(trial.seed))
        try:
            asyncio.run(troubles.go_on(trial.number))
        except Stuck as error:
            troubles.violations.append(str(error))
        finally:
            troubles.end()
        calls = ledger.read(place.ledger)
        troubles.violations += left_undone(place, dict.fromkeys(troubles.acknowledged, STEPS))
        troubles.violations += [
            f"Step {call.name} of job {call.job_id} ran twice." for call in ledger.repeated(calls)
        ] + place.set_aside()
    return Outcome(counts=troubles.counts, violations=troubles.violations)


class _Troubles:
    def __init__(self, place: Place, rng: random.Random) -> None:
        self.acknowledged: list[str] = []
        self.violations: list[str] = []
        self.counts = {"troubles": 0, "held up a job": 0, "submits refused": 0, "slowest relief, ms": 0}
        self._place = place
        self._rng = rng
        self._worker = place.start("-m", "longtake", "work", handlers.TARGET)

    async def go_on(self, number: int) -> None:
        await soon(self._place.queue.worker, "No worker came")
        kinds = [_full, _no_inodes, _unchangeable, _no_handles]
        for n in range(number):
            await self._submit()
            await soon(self._begun, "The job did not begin")
            await asyncio.sleep(self._rng.uniform(0.0, STEPS * STEP / 4))
            with kinds[n % len(kinds)](self._place, self._worker.pid):
                await self._feel_it(expects_refusal=kinds[n % len(kinds)] is not _no_handles)
                self.counts["held up a job"] += not self._is_finished()
            await self._relieved()
            self.counts["troubles"] += 1

    def end(self) -> None:
        self._worker.kill()
        self._worker.wait()

    async def _submit(self) -> None:
        job = await self._place.queue.submit("marks", count=STEPS, seconds=STEP)
        self.acknowledged.append(job.id)

    def _begun(self) -> bool:
        return any(call.job_id == self.acknowledged[-1] for call in ledger.read(self._place.ledger))

    async def _feel_it(self, *, expects_refusal: bool) -> None:
        """Until no step begins any more; a submit is refused with words that help, or kept."""
        size = -1
        while size != (size := self._place.ledger.stat().st_size):
            await asyncio.sleep(QUIET)
        if not expects_refusal:
            return
        try:
            await self._submit()
            self.violations.append("A job was acknowledged for which there was no room.")
        except StorageProblem as error:
            self.counts["submits refused"] += 1
            if "could not be" not in str(error):
                self.violations.append(f"These words do not help: {error}")

    async def _relieved(self) -> None:
        """The job goes on by itself, in time, to its end."""
        loop = asyncio.get_running_loop()
        relieved, size = loop.time(), self._place.ledger.stat().st_size

        def goes_on() -> bool:
            return self._place.ledger.stat().st_size > size or self._is_finished()

        await soon(goes_on, "The job did not go on after the relief", PROMISED)
        self.counts["slowest relief, ms"] = max(self.counts["slowest relief, ms"], int(1000 * (loop.time() - relieved)))
        await soon(self._is_finished, "The job did not finish")

    def _is_finished(self) -> bool:
        job = self._place.read(self.acknowledged[-1], self.violations)
        return job is None or job.status.is_final


@contextmanager
def _full(place: Place, _: int) -> Iterator[None]:
    ballast = place.jobs.parent / "ballast"
    with open(ballast, "wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            with suppress(OSError):
                while True:
                    file.write(bytes(size))
    yield
    ballast.unlink()


@contextmanager
def _no_inodes(place: Place, _: int) -> Iterator[None]:
    folder = place.jobs.parent / "crowd"
    folder.mkdir()
    _until_refused(errno.ENOSPC, lambda n: (folder / str(n)).touch())
    yield
    shutil.rmtree(folder)


@contextmanager
def _unchangeable(place: Place, _: int) -> Iterator[None]:
    """As far as the system lets it be done to a folder in use: a disk with open files cannot be made read-only."""
    paths = [place.jobs, place.jobs / "requests", *place.jobs.glob("*.jsonl")]
    subprocess.run(["chattr", "+i", *paths], check=True)
    yield
    subprocess.run(["chattr", "-i", *paths], check=True)


@contextmanager
def _no_handles(_: Place, pid: int) -> Iterator[None]:
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, before[1]))
    yield
    resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


def _until_refused(code: int, make: Callable[[int], object]) -> None:
    for n in range(1_000_000):
        try:
            make(n)
        except OSError as error:
            if error.errno != code:
                raise
            return


HARNESS = Harness(
    promise="no space, no inodes, an unchangeable folder, no file handles: nothing lost, and it goes on by itself",
    unit="troubles",
    run=run,
    long=200,
    short=8,
    control=4,
    protections=("trying again",),
)
