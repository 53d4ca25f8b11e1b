"""Cancelling: nothing starts afterwards, children are really gone, finished values are kept."""

from __future__ import annotations

import asyncio
import statistics
import time
from functools import partial
from pathlib import Path

import pytest
from handlers_plain import blocking_child, note_and_wait, stubborn_child
from support import QUICK, Place, eventually, is_alive, job_is, soon

from longtake import InvalidTransition, JobContext, JobQueue, JobStatus, RetryPolicy, Step, StorageProblem, attempt
from longtake.worker import Worker


@pytest.fixture
def queue(tmp_path: Path) -> JobQueue:
    """A queue whose jobs run in this process."""
    return JobQueue(tmp_path / "jobs", mode="inline")


def test_a_waiting_job_is_cancelled_at_once_also_with_no_worker(place: Place) -> None:
    async def scenario() -> None:
        queue = place.queue()
        job = await queue.submit("gates", names=["never"])
        cancelled = await queue.cancel(job.id)
        assert cancelled.status is JobStatus.CANCELLED
        assert (await queue.get(job.id)).status is JobStatus.CANCELLED

    asyncio.run(scenario())
    with place.worker():
        marks = asyncio.run(place.queue().submit("marks", name="a", count=1))
        asyncio.run(place.queue().result(marks.id, timeout=20))
    assert place.ledger("begin never") == []


def test_a_running_async_step_is_cancelled_within_milliseconds(queue: JobQueue) -> None:
    @queue.job("endless")
    async def endless(job: JobContext) -> None:
        await job.step("wait", note_and_wait, "", 3600)

    async def scenario() -> list[float]:
        seconds = []
        async with queue.working(QUICK):
            for _ in range(15):
                job = await queue.submit("endless")
                await job_is(queue, job.id, "running")
                started = time.monotonic()
                await queue.cancel(job.id)
                await job_is(queue, job.id, "cancelled")
                seconds.append(time.monotonic() - started)
        return seconds

    seconds = asyncio.run(scenario())
    print(f"cancelled after {1000 * statistics.median(seconds):.1f} ms (median), {1000 * max(seconds):.1f} ms (most)")
    assert max(seconds) < 1.0


def test_once_a_cancel_is_acknowledged_no_step_starts(queue: JobQueue) -> None:
    started: list[str] = []

    async def step(job_id: str) -> None:
        started.append(job_id)
        await asyncio.sleep(0)

    @queue.job("busy")
    async def busy(job: JobContext) -> None:
        for number in range(100_000):
            await job.step(f"{number}", step, job.job_id)

    async def scenario() -> None:
        async with queue.working(QUICK):
            for _ in range(100):
                job = await queue.submit("busy")
                await soon(lambda job=job: job.id in started)  # type: ignore[misc]
                await queue.cancel(job.id)
                before = started.count(job.id)
                await job_is(queue, job.id, "cancelled")
                assert started.count(job.id) == before

    asyncio.run(scenario())


def test_a_blocking_step_is_really_stopped(place: Place) -> None:
    with place.worker():
        job = asyncio.run(place.queue().submit("child", gate="never"))
        child = int(eventually(lambda: place.ledger("child"))[0].split()[2])
        asyncio.run(place.queue().cancel(job.id))
        asyncio.run(job_is(place.queue(), job.id, "cancelled", 1.5))
        assert not is_alive(child)


def test_a_blocking_step_that_is_deaf_to_sigterm_is_stopped_too(place: Place) -> None:
    with place.worker():
        job = asyncio.run(place.queue().submit("stubborn child", gate="never"))
        child = int(eventually(lambda: place.ledger("child"))[0].split()[2])
        asyncio.run(place.queue().cancel(job.id))
        asyncio.run(job_is(place.queue(), job.id, "cancelled", 4.0))
        assert not is_alive(child)


def test_deaf_children_under_gather_are_all_stopped(queue: JobQueue, tmp_path: Path) -> None:
    """One of them ends at once, which ends the handler; the other is cancelled a second time while it is ended."""
    pids = tmp_path / "pids"

    @queue.job("both")
    async def both(job: JobContext) -> None:
        await asyncio.gather(job.step("soft", blocking_child, str(pids)), job.step("deaf", stubborn_child, str(pids)))

    async def scenario() -> None:
        async with queue.working(QUICK):
            job = await queue.submit("both")
            await soon(lambda: pids.exists() and len(pids.read_text().split()) == 2)
            await queue.cancel(job.id)
            await job_is(queue, job.id, "cancelled")

    asyncio.run(scenario())
    assert not any(is_alive(int(pid)) for pid in pids.read_text().split())


def test_a_finished_job_cannot_be_cancelled_and_a_second_cancel_changes_nothing(queue: JobQueue) -> None:
    @queue.job("quick")
    async def quick(job: JobContext) -> int:
        return 1

    @queue.job("endless")
    async def endless(job: JobContext) -> None:
        await asyncio.Event().wait()

    async def scenario() -> None:
        async with queue.working(QUICK):
            done = await queue.submit("quick")
            await queue.result(done.id, timeout=10)
            with pytest.raises(InvalidTransition, match="completed"):
                await queue.cancel(done.id)
            running = await queue.submit("endless")
            await job_is(queue, running.id, "running")
            both = await asyncio.gather(queue.cancel(running.id), queue.cancel(running.id))
            assert all(job.cancel_requested or job.status is JobStatus.CANCELLED for job in both)
            cancelled = await job_is(queue, running.id, "cancelled")
            with pytest.raises(InvalidTransition, match="cancelled"):
                await queue.cancel(running.id)
            assert await queue.get(running.id) == cancelled

    asyncio.run(scenario())


def test_a_value_that_is_finished_while_the_job_is_cancelled_is_recorded(queue: JobQueue) -> None:
    """The call ends in the very moment of the cancel, before the step could take its value."""
    workers: list[Worker] = []
    cancelling: list[asyncio.Task[object]] = []
    asked = asyncio.Event()

    def cancel_now() -> None:
        running = next(iter(workers[0]._running._attempts.values()))
        cancelling.append(asyncio.ensure_future(running.cancel()))

    async def call() -> str:
        await asked.wait()
        asyncio.get_running_loop().call_soon(cancel_now)
        await asyncio.sleep(0)
        return "dear"

    @queue.job("paid")
    async def paid(job: JobContext) -> None:
        await job.step("call", call)

    async def scenario() -> None:
        async with queue.working(QUICK) as worker:
            workers.append(worker)
            job = await queue.submit("paid")
            await job_is(queue, job.id, "running")
            asked.set()
            await job_is(queue, job.id, "cancelled")
            assert [step.value for step in await queue.steps(job.id)] == ["dear"]

    asyncio.run(scenario())


def test_a_value_that_the_disk_refuses_at_first_is_recorded_though_the_job_is_cancelled(queue: JobQueue) -> None:
    async def call() -> str:
        return "dear"

    @queue.job("paid")
    async def paid(job: JobContext) -> None:
        await job.step("call", call)

    append = queue.store.append
    cancelling: list[asyncio.Task[object]] = []

    async def scenario() -> None:
        loop = asyncio.get_running_loop()

        def refusing_append(job_id: str, step: Step) -> None:
            if not cancelling:
                loop.call_soon_threadsafe(lambda: cancelling.append(asyncio.ensure_future(queue.cancel(job_id))))
                eventually(lambda: queue.store.read(job_id).cancel_requested)
                raise StorageProblem("The disk is full.")
            append(job_id, step)

        queue.store.append = refusing_append  # type: ignore[method-assign]
        async with queue.working(QUICK):
            job = await queue.submit("paid")
            await job_is(queue, job.id, "cancelled")
            assert [step.value for step in await queue.steps(job.id)] == ["dear"]

    asyncio.run(scenario())


def test_a_handler_that_swallows_the_cancel_is_cancelled_again(
    queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt, "CANCEL_AGAIN", 0.05)
    begun: list[str] = []
    swallowed: list[str] = []

    @queue.job("deaf")
    async def deaf(job: JobContext) -> str:
        begun.append(job.job_id)
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            swallowed.append(job.job_id)
        await asyncio.sleep(3600)
        return "never"

    @queue.job("answers")
    async def answers(job: JobContext) -> str:
        begun.append(job.job_id)
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            assert job.cancelled
        return "as if nothing had happened"

    async def scenario() -> None:
        async with queue.working(QUICK):
            for kind in ("deaf", "answers"):
                job = await queue.submit(kind)
                await soon(partial(begun.count, job.id))
                await queue.cancel(job.id)
                assert (await job_is(queue, job.id, "cancelled")).result is None
        assert len(swallowed) == 1

    asyncio.run(scenario())


def test_a_job_that_waits_for_its_next_try_is_cancelled_at_once(queue: JobQueue) -> None:
    @queue.job("failing", retries=RetryPolicy(attempts=2, first_delay=3600, max_delay=3600))
    async def failing(job: JobContext) -> None:
        raise ValueError("not yet")

    async def scenario() -> None:
        async with queue.working(QUICK):
            job = await queue.submit("failing")
            await soon(lambda: queue.store.read(job.id).failures == 1)
            assert (await queue.cancel(job.id)).status is JobStatus.CANCELLED

    asyncio.run(scenario())


def test_the_tries_of_a_step_end_with_a_cancel(queue: JobQueue) -> None:
    tries: list[float] = []

    async def failing() -> None:
        tries.append(time.monotonic())
        raise ValueError("not yet")

    @queue.job("tries")
    async def tries_(job: JobContext) -> None:
        await job.step("try", failing, retries=RetryPolicy(attempts=100, first_delay=3600, max_delay=3600))

    async def scenario() -> None:
        async with queue.working(QUICK):
            job = await queue.submit("tries")
            await soon(lambda: tries)
            await queue.cancel(job.id)
            await job_is(queue, job.id, "cancelled")
            assert len(tries) == 1

    asyncio.run(scenario())
