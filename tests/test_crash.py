"""Workers and submitters killed -9 at random moments: nothing acknowledged is lost, nothing recorded repeated.

Here each worker is a new interpreter that a program's keeper starts; test_torture.py has 500 kills of quicker ones.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from functools import partial

import pytest
from support import TESTS, Place, eventually, job_is, soon

from longtake import Job, JobStatus

KILLS = int(os.environ.get("LONGTAKE_TEST_KILLS", "30"))
SUBMITTER = f"""
import asyncio, sys
sys.path.insert(0, {str(TESTS)!r})
from longtake import JobQueue

async def submit_for_ever() -> None:
    queue = JobQueue(sys.argv[1], mode="external")
    number = 0
    while True:
        number += 1
        job = await queue.submit("marks", name=f"{{sys.argv[2]}}-{{number}}", count=2)
        print(job.id, flush=True)

asyncio.run(submit_for_ever())
"""


@pytest.mark.timeout(600)
def test_nothing_is_lost_and_nothing_recorded_is_repeated_over_many_kills(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = random.randrange(1_000_000)
    with capsys.disabled():
        print(f" [seed {seed}] ", end="")
    moments = random.Random(seed)
    jobs, count = 4, 50 * KILLS
    queue = place.queue()

    async def scenario() -> list[Job]:
        queue.mode = "auto"
        submitted = [await queue.submit("marks", name=f"job{n}", count=count // jobs) for n in range(jobs)]
        kills = 0
        async with queue.keeping_worker():
            while kills < KILLS:
                pid = await soon(place.worker_pid)
                if kills % 2:
                    await asyncio.to_thread(each_records_a_step, place, submitted)
                await asyncio.sleep(moments.uniform(0.0, 0.1))
                with suppress(ProcessLookupError):  # the pid of the worker before, for a moment
                    os.kill(pid, signal.SIGKILL)
                    kills += 1
                await soon(lambda pid=pid: place.worker_pid() != pid)  # type: ignore[misc]
            jobs_now = [await queue.get(job.id) for job in submitted]
            print(f"{kills} kills, steps {[job.steps for job in jobs_now]}, {[job.status for job in jobs_now]}")
            for job in submitted:
                assert await queue.result(job.id, timeout=60) == count // jobs
        return [await queue.get(job.id) for job in submitted]

    finished = asyncio.run(scenario())
    begun = Counter(line.partition(" ")[2] for line in place.ledger("begin"))
    assert len(begun) == jobs * (count // jobs), "a step never ran"
    repeated = sum(begun.values()) - len(begun)
    assert repeated <= KILLS * jobs, "more calls were repeated than were in flight"
    assert not list((place.jobs / "quarantine").glob("*"))
    for job in finished:
        assert [step.number for step in queue.store.steps(job.id)] == list(range(1, count // jobs + 1))
        assert job.failures == 0


def each_records_a_step(place: Place, jobs: list[Job]) -> None:
    """Wait until every job has got on: a job in which three workers die in a row is taken for their killer."""
    for job in jobs:
        eventually(partial(_has_grown, place, job, _journal_size(place, job)))


def _has_grown(place: Place, job: Job, before: int) -> bool:
    return _journal_size(place, job) > before or place.queue().store.read(job.id).status.is_final


def _journal_size(place: Place, job: Job) -> int:
    journal = place.jobs / f"{job.id}.steps.jsonl"
    return journal.stat().st_size if journal.exists() else 0


def test_a_job_that_kills_its_worker_fails_after_three_deaths_and_others_go_on(place: Place) -> None:
    async def scenario() -> tuple[Job, Job]:
        queue = place.queue()
        queue.mode = "auto"
        poison = await queue.submit("poison")
        other = await queue.submit("marks", name="good", count=3)
        async with queue.keeping_worker():
            failed = await job_is(queue, poison.id, "failed")
            assert await queue.result(other.id, timeout=20) == 3
        return failed, await queue.get(other.id)

    failed, other = asyncio.run(scenario())
    assert "died 3 times in a row" in (failed.error or "")
    assert place.ledger("poison") == ["poison 1", "poison 2", "poison 3"]
    assert other.status is JobStatus.COMPLETED


def test_killing_the_submitter_disturbs_no_job(place: Place) -> None:
    acknowledged: list[str] = []
    with place.worker():
        for number in range(20):
            process = subprocess.Popen(
                [sys.executable, "-c", SUBMITTER, str(place.jobs), str(number)], stdout=subprocess.PIPE, text=True
            )
            assert process.stdout is not None
            acknowledged += [process.stdout.readline().strip() for _ in range(3)]
            process.kill()
            acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
            process.stdout.close()
            process.wait()
        for job_id in acknowledged:
            job = asyncio.run(job_is(place.queue(), job_id, "completed"))
            assert len(job.attempts) == 1
    begun = Counter(place.ledger("begin"))
    assert set(begun.values()) == {1}
