"""What people and systems do to a folder in use: copy it, remove its lock, run two programs on it, kill what starts."""

from __future__ import annotations

import asyncio
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

import pytest
from support import HANDLERS, Place, eventually, is_alive, job_is, soon

from longtake import InvalidTransition, Job, JobContext, JobQueue, JobStatus, RetryPolicy
from longtake.testing import FakeClock
from longtake.worker import WorkerOptions

PROGRAM = """
import asyncio, os, sys
from longtake import JobQueue

async def main() -> None:
    queue = JobQueue(os.environ["LONGTAKE_TEST_JOBS"], worker=sys.argv[1])
    async with queue.keeping_worker():
        for number in range(int(sys.argv[2])):
            job = await queue.submit("marks", name=f"{os.getpid()}-{number}", count=3)
            print(job.id, flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
"""


def test_two_programs_that_keep_a_worker_on_one_folder_have_one_between_them(place: Place) -> None:
    with ExitStack() as ending:
        programs = [program(place, ending) for _ in range(2)]
        ids = [program.stdout.readline().strip() for program in programs for _ in range(5) if program.stdout]
        for _ in range(3):
            before = eventually(place.worker_pid)
            place.kill_worker()
            eventually(lambda before=before: place.worker_pid() not in {0, before})  # type: ignore[misc]
        for job_id in ids:
            asyncio.run(job_is(place.queue(), job_id, "completed"))
        last = place.worker_pid()
        for one in programs:
            one.kill()
    assert is_alive(last), "the worker outlives the programs"
    begun = Counter(line.partition(" ")[2] for line in place.ledger("begin"))
    assert len(begun) == 30
    assert sum(begun.values()) <= 30 + 3 * 10, "more was repeated than was in flight at the three kills"


def program(place: Place, ending: ExitStack) -> subprocess.Popen[str]:
    """A program that submits five jobs, keeps a worker and waits."""
    command = [sys.executable, "-c", PROGRAM, HANDLERS, "5"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    ending.enter_context(process)
    ending.callback(process.kill)
    return process


def test_a_folder_that_is_copied_while_its_jobs_run_goes_on_in_the_copy(place: Place, tmp_path: Path) -> None:
    copies: list[Place] = []
    with place.worker():
        job = asyncio.run(place.queue().submit("marks", name="copied", count=300))
        for number in range(5):
            before = len(place.ledger())
            eventually(lambda before=before: len(place.ledger()) > before + 20)  # type: ignore[misc]
            (tmp_path / f"copy{number}").mkdir()
            copy = Place(tmp_path / f"copy{number}")
            with suppress(shutil.Error):  # files that were replaced or settled while it copied
                shutil.copytree(place.jobs, copy.jobs, ignore=shutil.ignore_patterns("*.sock"))
            copies.append(copy)
        asyncio.run(job_is(place.queue(), job.id, "completed"))
    for copy in copies:
        recorded = len(copy.queue().store.steps(job.id))
        with copy.worker():
            done = asyncio.run(job_is(copy.queue(), job.id, "completed"))
        assert len(set(copy.ledger("begin"))) == 300 - recorded, "recorded steps ran again, or others did not"
        assert done.result == 300
        assert len(copy.queue().store.steps(job.id)) == 300
        assert recorded > 0


def test_a_worker_whose_lock_is_removed_ends_at_once_and_the_next_one_goes_on(place: Place) -> None:
    with place.worker("--grace", "60") as worker:
        job = asyncio.run(place.queue().submit("gates", names=["first", "second"]))
        place.open("first")
        place.noted("begin second")
        (place.jobs / "run" / "worker.lock").unlink()
        assert worker.wait(timeout=10) == 0
    place.open("second")
    with place.worker():
        assert asyncio.run(place.queue().result(job.id, timeout=20)) == ["first", "second"]
    assert place.ledger("begin first") == ["begin first"]


def test_workers_killed_while_they_start_leave_nothing_behind_that_the_next_one_minds(place: Place) -> None:
    moments = random.Random(1)
    jobs = [asyncio.run(place.queue().submit("marks", name=f"{n}", count=2)) for n in range(3)]
    for _ in range(12):
        with place.worker() as worker, suppress(subprocess.TimeoutExpired):
            worker.wait(timeout=moments.uniform(0.05, 0.6))
    with place.worker():
        for job in jobs:
            finished = asyncio.run(job_is(place.queue(), job.id, "completed"))
            assert finished.failures == 0
    assert not list((place.jobs / "quarantine").glob("*"))
    assert len(set(place.ledger("begin"))) == 6


def test_a_job_that_killed_three_workers_gets_three_more_when_a_person_retries_it(place: Place) -> None:
    poison = asyncio.run(place.queue().submit("poison"))
    for _ in range(2):
        for _ in range(3):
            with place.worker() as worker:
                assert worker.wait(timeout=20) == 9
        with place.worker():
            failed = asyncio.run(job_is(place.queue(), poison.id, "failed"))
        assert "died 3 times in a row" in (failed.error or "")
        asyncio.run(place.queue().retry(poison.id))
    assert place.ledger("poison") == [f"poison {number}" for number in range(1, 7)]


def test_a_delete_is_refused_or_done_whole_whatever_the_job_begins_meanwhile(place: Place) -> None:
    async def scenario(number: int) -> Job | None:
        queue = place.queue()
        job = await queue.submit("marks", name=f"{number}", count=20)
        await asyncio.sleep(random.uniform(0.0, 0.02))
        try:
            await queue.delete(job.id)
        except InvalidTransition:
            return job
        assert not list(place.jobs.glob(f"{job.id}*"))
        assert job.id not in {found.id for found in (await queue.find(limit=1000)).jobs}
        return None

    with place.worker():
        kept = [asyncio.run(scenario(number)) for number in range(60)]
        for job in kept:
            if job is not None:
                asyncio.run(job_is(place.queue(), job.id, "completed"))
    assert len(list(place.jobs.glob("*.json"))) == sum(job is not None for job in kept)


def test_a_cancel_that_the_dying_worker_did_not_hear_holds_for_the_next_one(place: Place) -> None:
    with place.worker() as worker:
        job = asyncio.run(place.queue().submit("gates", names=["first", "second"]))
        place.noted("begin first")
        worker.send_signal(signal.SIGSTOP)
        asked = asyncio.new_event_loop()
        cancelling = asked.create_task(place.queue().cancel(job.id))
        asked.run_until_complete(asyncio.sleep(0.2))
        worker.kill()
        cancelled = asked.run_until_complete(cancelling)
        asked.close()
    assert cancelled.status is JobStatus.CANCELLED
    place.open("first")
    with place.worker():
        other = asyncio.run(place.queue().submit("marks", name="other", count=1))
        asyncio.run(job_is(place.queue(), other.id, "completed"))
    assert place.ledger("begin second") == []
    assert asyncio.run(place.queue().get(job.id)).status is JobStatus.CANCELLED


@pytest.mark.parametrize("asleep", [False, True], ids=["the clock is set on", "the computer sleeps"])
def test_a_retry_and_a_time_come_due_when_hours_pass_at_once(asleep: bool, tmp_path: Path) -> None:  # noqa: FBT001 (a parameter of the test)
    clock = FakeClock()
    queue = JobQueue(tmp_path, mode="inline", clock=clock)
    tried: list[str] = []

    @queue.job("late", retries=RetryPolicy(attempts=2, first_delay=3600, max_delay=3600))
    async def late(job: JobContext) -> str:
        tried.append(job.job_id)
        if tried.count(job.job_id) == 1:
            raise ConnectionError
        return "done"

    async def scenario() -> None:
        async with queue.working(WorkerOptions(look_every=0.01)):
            job = await queue.submit("late")
            await soon(lambda: queue.store.read(job.id).failures == 1)
            clock.turn(-7200)
            again = await queue.submit("late")
            await soon(partial(tried.count, again.id))
            (clock.sleep_computer if asleep else clock.turn)(5 * 3600)
            for job_id in (job.id, again.id):
                assert await queue.result(job_id, timeout=20) == "done"
        assert sorted(Counter(tried).values()) == [2, 2]

    asyncio.run(scenario())
