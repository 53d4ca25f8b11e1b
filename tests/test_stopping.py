"""A worker that is told to stop: no further step starts, those that run may end and are kept, nothing is made up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from support import job_is, soon

from longtake import JobContext, JobQueue, JobStatus, RetryPolicy
from longtake.worker import WorkerOptions

PATIENT = WorkerOptions(look_every=0.02, grace=20.0)
IMPATIENT = WorkerOptions(look_every=0.02, grace=0.05)


class Calls:
    """Paid calls that end when the test lets them."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self._may_end: dict[str, asyncio.Event] = {}

    async def call(self, name: str) -> str:
        """Note the call, wait, answer."""
        self.made.append(name)
        await self._gate(name).wait()
        return name.upper()

    def end(self, *names: str) -> None:
        """Let these calls answer."""
        for name in names:
            self._gate(name).set()

    def _gate(self, name: str) -> asyncio.Event:
        return self._may_end.setdefault(name, asyncio.Event())


async def two_by_two_in_a_group(job: JobContext, calls: Calls) -> str:
    async def two(first: str, second: str) -> None:
        await job.step(first, calls.call, first)
        await job.step(second, calls.call, second)

    async with asyncio.TaskGroup() as group:
        group.create_task(two("a1", "a2"))
        group.create_task(two("b1", "b2"))
    return "all sent"


async def two_by_two_gathered(job: JobContext, calls: Calls) -> str:
    async def two(first: str, second: str) -> None:
        await job.step(first, calls.call, first)
        await job.step(second, calls.call, second)

    await asyncio.gather(two("a1", "a2"), two("b1", "b2"))
    return "all sent"


async def two_by_two_and_never_mind(job: JobContext, calls: Calls) -> str:
    async def two(first: str, second: str) -> None:
        await job.step(first, calls.call, first)
        await job.step(second, calls.call, second)

    await asyncio.gather(two("a1", "a2"), two("b1", "b2"), return_exceptions=True)
    return "all sent"


@pytest.mark.parametrize("handler", [two_by_two_in_a_group, two_by_two_gathered, two_by_two_and_never_mind])
def test_steps_side_by_side_end_and_are_kept_and_the_job_goes_on_later(
    handler: Callable[[JobContext, Calls], Awaitable[str]], tmp_path: Path
) -> None:
    calls = Calls()
    queue = JobQueue(tmp_path, mode="inline")

    @queue.job("pairs")
    async def pairs(job: JobContext) -> str:
        return await handler(job, calls)

    async def main() -> None:
        job = await queue.submit("pairs")
        async with queue.working(PATIENT) as worker:
            await soon(lambda: calls.made == ["a1", "b1"])
            worker.stop()
            await soon(lambda: worker._running._closing)
            calls.end("a1")
            await soon(lambda: len(queue.store.steps(job.id)) == 1)
            calls.end("b1")
        stopped = await queue.get(job.id)
        assert (stopped.status, stopped.failures) == (JobStatus.PENDING, 0)
        assert (stopped.attempts[-1].outcome, stopped.attempts[-1].error) == ("interrupted", "worker stopped")
        assert sorted(step.name for step in await queue.steps(job.id)) == ["a1", "b1"]
        calls.end("a2", "b2")
        async with queue.working(PATIENT):
            done = await job_is(queue, job.id, "completed")
        assert done.result == "all sent"
        assert calls.made[:2] == ["a1", "b1"]
        assert sorted(calls.made[2:]) == ["a2", "b2"]

    asyncio.run(main())


def test_a_call_that_does_not_end_in_time_is_given_up_and_made_again(tmp_path: Path) -> None:
    calls = Calls()
    queue = JobQueue(tmp_path, mode="inline")

    @queue.job("one")
    async def one(job: JobContext) -> str:
        return await job.step("a", calls.call, "a")

    async def main() -> None:
        job = await queue.submit("one")
        async with queue.working(IMPATIENT):
            await soon(lambda: calls.made == ["a"])
        assert (await queue.get(job.id)).status is JobStatus.PENDING
        calls.end("a")
        async with queue.working(PATIENT):
            assert (await job_is(queue, job.id, "completed")).result == "A"
        assert calls.made == ["a", "a"]

    asyncio.run(main())


def test_no_failed_call_is_tried_again_once_the_worker_stops(tmp_path: Path) -> None:
    tries: list[int] = []
    stopping = asyncio.Event()
    queue = JobQueue(tmp_path, mode="inline")

    async def fail() -> None:
        tries.append(1)
        await stopping.wait()
        raise ConnectionError("busy")

    @queue.job("busy")
    async def busy(job: JobContext) -> None:
        await job.step("a", fail, retries=RetryPolicy(attempts=5, first_delay=0.0))

    async def main() -> None:
        job = await queue.submit("busy")
        async with queue.working(WorkerOptions(look_every=0.02, grace=0.3)) as worker:
            await soon(lambda: tries == [1])
            worker.stop()
            await soon(lambda: worker._running._closing)
            stopping.set()
        assert tries == [1]
        assert (await queue.get(job.id)).status is JobStatus.PENDING

    asyncio.run(main())


def test_a_handler_that_does_not_hear_a_cancel_starts_no_step_any_more(tmp_path: Path) -> None:
    calls = Calls()
    deaf_ears: list[str] = []
    queue = JobQueue(tmp_path, mode="inline")

    @queue.job("deaf")
    async def deaf(job: JobContext) -> None:
        try:
            await job.step("a", calls.call, "a")
        except asyncio.CancelledError:
            deaf_ears.append("a")
        await job.step("b", calls.call, "b")

    async def main() -> None:
        job = await queue.submit("deaf")
        async with queue.working(PATIENT):
            await soon(lambda: calls.made == ["a"])
            await queue.cancel(job.id)
            await job_is(queue, job.id, "cancelled")

    asyncio.run(main())
    assert deaf_ears == ["a"]
    assert calls.made == ["a"]
