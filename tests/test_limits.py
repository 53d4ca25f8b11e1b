"""How many things are done at once: per worker, per kind, and under a name across jobs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from support import QUICK, job_is, soon

from longtake import JobContext, JobFailed, JobQueue
from longtake.limits import Limits


@pytest.fixture
def queue(tmp_path: Path) -> JobQueue:
    """A queue whose jobs run in this process."""
    return JobQueue(tmp_path / "jobs", mode="inline")


def test_a_kind_runs_as_many_jobs_at_once_as_it_says_and_holds_up_no_other(queue: JobQueue) -> None:
    inside: list[str] = []
    gate = asyncio.Event()

    @queue.job("narrow", concurrency=2)
    async def narrow(job: JobContext) -> None:
        inside.append(job.job_id)
        await gate.wait()

    @queue.job("wide")
    async def wide(job: JobContext) -> None:
        return

    async def scenario() -> None:
        async with queue.working(QUICK):
            jobs = [await queue.submit("narrow") for _ in range(5)]
            last = await queue.submit("wide")
            await queue.result(last.id, timeout=5)
            assert len(inside) == 2
            gate.set()
            for job in jobs:
                await queue.result(job.id, timeout=5)

    asyncio.run(scenario())


def test_a_named_limit_holds_over_all_jobs_and_its_places_come_back(queue: JobQueue) -> None:
    inside: set[str] = set()
    most: list[int] = []

    async def call(name: str) -> None:
        inside.add(name)
        most.append(len(inside))
        await asyncio.sleep(0.002)
        inside.discard(name)

    @queue.job("calls")
    async def calls(job: JobContext) -> None:
        async def one(number: int) -> None:
            async with job.limit("gemini", 3):
                await job.step(f"{number}", call, f"{job.job_id} {number}")

        await asyncio.gather(*(one(number) for number in range(5)))

    async def scenario() -> None:
        async with queue.working(QUICK) as worker:
            for job in [await queue.submit("calls") for _ in range(4)]:
                await queue.result(job.id, timeout=10)
            assert worker._running._limits._taken == {}

    asyncio.run(scenario())
    assert len(most) == 20
    assert max(most) == 3


def test_a_cancelled_job_gives_its_places_back(queue: JobQueue) -> None:
    holding: list[str] = []

    @queue.job("holds")
    async def holds(job: JobContext) -> None:
        async with job.limit("one", 1):
            holding.append(job.job_id)
            await asyncio.Event().wait()

    async def scenario() -> None:
        async with queue.working(QUICK):
            ids = [(await queue.submit("holds")).id for _ in range(3)]
            await soon(lambda: len(holding) == 1)
            first = holding[0]
            waits, last = (job_id for job_id in ids if job_id != first)
            await queue.cancel(waits)
            await queue.cancel(first)
            await soon(lambda: holding == [first, last])
            await queue.cancel(last)
            await job_is(queue, last, "cancelled")

    asyncio.run(scenario())


def test_a_place_given_in_the_moment_of_a_cancel_is_passed_on() -> None:
    async def scenario() -> None:
        limits = Limits()
        got: list[str] = []

        async def take(name: str) -> None:
            async with limits.hold("one", 1):
                got.append(name)

        async with limits.hold("one", 1):
            waiting = [asyncio.ensure_future(take(name)) for name in "ab"]
            await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.wait(waiting, timeout=1)
        assert got == ["b"]
        assert limits._taken == {}

    asyncio.run(scenario())


def test_a_limit_of_nothing_is_refused(queue: JobQueue) -> None:
    @queue.job("none")
    async def none(job: JobContext) -> None:
        async with job.limit("gemini", 0):
            raise AssertionError

    async def scenario() -> None:
        async with queue.working(QUICK):
            job = await queue.submit("none")
            with pytest.raises(JobFailed, match="at least 1"):
                await queue.result(job.id, timeout=5)

    asyncio.run(scenario())
