"""A job that waits for something outside stands aside: it holds nobody up, and comes back when there is a place."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
from support import job_is, soon

from longtake import JobContext, JobFailed, JobQueue
from longtake.worker import WorkerOptions

ONE_AT_ONCE = WorkerOptions(look_every=0.02, grace=20.0, concurrency=1)


class Waiter:
    """A queue with a kind that waits aside for an event, and one that runs until it is let go."""

    def __init__(self, folder: Path) -> None:
        self.queue = JobQueue(folder / "jobs", mode="inline")
        self.arrived = asyncio.Event()
        self.may_end = asyncio.Event()
        self.aside: list[str] = []
        self.back: list[str] = []

        @self.queue.job("waits")
        async def waits(job: JobContext) -> str:
            async with job.aside():
                self.aside.append(job.job_id)
                await self.arrived.wait()
            self.back.append(job.job_id)
            return await job.step("after", self.value)

        @self.queue.job("works")
        async def works(_: JobContext) -> None:
            await self.may_end.wait()

    @staticmethod
    async def value() -> str:
        return "done"


@pytest.fixture
def waiter(tmp_path: Path) -> Waiter:
    return Waiter(tmp_path)


def test_others_run_in_the_place_of_jobs_that_stand_aside_which_come_back_one_by_one(waiter: Waiter) -> None:
    async def scenario() -> None:
        async with waiter.queue.working(ONE_AT_ONCE):
            waiting = [await waiter.queue.submit("waits") for _ in range(3)]
            await soon(lambda: len(waiter.aside) == 3)
            working = await waiter.queue.submit("works")
            await job_is(waiter.queue, working.id, "running")
            waiter.arrived.set()
            pending = await waiter.queue.submit("works")
            await asyncio.sleep(0.1)  # nothing may happen: the only place is taken
            assert waiter.back == []
            waiter.may_end.set()
            assert [await waiter.queue.result(job.id, timeout=5) for job in waiting] == ["done"] * 3
            assert waiter.back == waiter.aside
            await job_is(waiter.queue, pending.id, "completed")

    asyncio.run(scenario())


def test_a_kind_has_no_more_at_once_than_it_says_when_one_comes_back(tmp_path: Path) -> None:
    queue, arrived, let_go = JobQueue(tmp_path / "jobs", mode="inline"), asyncio.Event(), asyncio.Event()
    inside: set[str] = set()

    @queue.job("narrow", concurrency=1)
    async def narrow(job: JobContext, *, first: bool) -> int:
        if first:
            async with job.aside():
                await arrived.wait()
        inside.add(job.job_id)
        many = len(inside)
        if not first:
            await let_go.wait()
        inside.discard(job.job_id)
        return many

    async def scenario() -> None:
        async with queue.working(replace(ONE_AT_ONCE, concurrency=16)):
            first, second = await queue.submit("narrow", first=True), await queue.submit("narrow", first=False)
            await soon(lambda: second.id in inside)
            arrived.set()
            await asyncio.sleep(0.1)  # nothing may happen
            let_go.set()
            assert [await queue.result(job.id, timeout=5) for job in (first, second)] == [1, 1]

    asyncio.run(scenario())


@pytest.mark.parametrize("is_back", [False, True])
def test_a_job_that_stands_aside_or_waits_to_come_back_is_cancelled_at_once(waiter: Waiter, *, is_back: bool) -> None:
    async def scenario() -> None:
        async with waiter.queue.working(ONE_AT_ONCE) as worker:
            waiting = await waiter.queue.submit("waits")
            await soon(lambda: waiter.aside)
            working = await waiter.queue.submit("works")
            await job_is(waiter.queue, working.id, "running")
            if is_back:
                waiter.arrived.set()
                await soon(lambda: worker._running._places._coming_back)
            await waiter.queue.cancel(waiting.id)
            await job_is(waiter.queue, waiting.id, "cancelled", 5)
            waiter.may_end.set()
            await job_is(waiter.queue, working.id, "completed")
            await soon(lambda: not worker._running.any())
            assert +worker._running._places._taken == {}

    asyncio.run(scenario())


def test_a_worker_that_is_to_stop_does_not_wait_for_a_job_that_stands_aside(waiter: Waiter) -> None:
    async def scenario() -> None:
        async with waiter.queue.working(ONE_AT_ONCE):
            waiting = await waiter.queue.submit("waits")
            await soon(lambda: waiter.aside)
            begun = monotonic()
        assert monotonic() - begun < ONE_AT_ONCE.grace / 2
        job = await waiter.queue.get(waiting.id)
        assert (job.status, job.attempts[-1].error, job.failures) == ("pending", "worker stopped", 0)
        waiter.arrived.set()
        async with waiter.queue.working(ONE_AT_ONCE):
            assert await waiter.queue.result(waiting.id, timeout=5) == "done"

    asyncio.run(scenario())


def test_to_stand_aside_twice_at_once_is_a_clear_error(tmp_path: Path) -> None:
    queue = JobQueue(tmp_path / "jobs", mode="inline")

    @queue.job("twice")
    async def twice(job: JobContext) -> None:
        async with job.aside(), job.aside():
            pass

    async def scenario() -> None:
        async with queue.working(ONE_AT_ONCE):
            with pytest.raises(JobFailed, match=r"one `job.aside\(\)`"):
                await queue.result((await queue.submit("twice")).id, timeout=5)

    asyncio.run(scenario())
