"""What changes is heard of: fast by bells, surely without them, and a slow listener costs nothing."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from support import QUICK, Place, eventually, job_is, soon

from longtake import JobContext, JobQueue, JobStatus
from longtake.errors import StorageProblem
from longtake.store import Changes


def silence(place: Place) -> None:
    """Take all bells away."""
    for bell in (place.jobs / "run").glob("*.sock"):
        bell.unlink()


def test_without_bells_a_job_starts_and_its_end_is_seen_a_little_later(place: Place) -> None:
    async def scenario() -> tuple[float, float]:
        queue = place.queue()
        silence(place)
        submitted = time.monotonic()
        job = await queue.submit("gates", names=["one"])
        await asyncio.to_thread(place.noted, "begin one")
        started = time.monotonic() - submitted
        result = asyncio.ensure_future(queue.result(job.id, timeout=10))
        await soon(lambda: len(list((place.jobs / "run").glob("*.sock"))) == 1)
        silence(place)
        place.open("one")
        ended = time.monotonic()
        assert await result == ["one"]
        return started, time.monotonic() - ended

    with place.worker():
        eventually(lambda: list((place.jobs / "run").glob("*.sock")) if place.worker_pid() else [])
        started, told = asyncio.run(scenario())
    print(f"started after {started:.2f} s, told after {told:.2f} s")
    assert started < 1.3
    assert told < 1.3


def test_with_bells_a_job_starts_at_once(place: Place) -> None:
    queue = place.queue()
    seconds = []
    with place.worker():
        eventually(place.worker_pid)
        for number in range(10):
            submitted = time.monotonic()
            job = asyncio.run(queue.submit("gates", names=[f"g{number}"]))
            place.noted(f"begin g{number}")
            seconds.append(time.monotonic() - submitted)
            asyncio.run(queue.cancel(job.id))
    print(f"started after {1000 * sorted(seconds)[5]:.1f} ms (median)")
    assert sorted(seconds)[5] < 0.25


def test_a_slow_subscriber_finds_one_entry_a_job_however_much_happened(tmp_path: Path) -> None:
    queue = JobQueue(tmp_path / "jobs", mode="inline")

    @queue.job("busy")
    async def busy(job: JobContext) -> None:
        for number in range(20):
            await job.step(f"{number}", asyncio.sleep, 0.001)

    async def scenario() -> None:
        async with queue.working(QUICK):
            with queue.feed.subscribe() as changes:
                jobs = [await queue.submit("busy") for _ in range(3)]
                for job in jobs:
                    await job_is(queue, job.id, "completed")
                assert sorted(await changes.take(1)) == sorted(job.id for job in jobs)
                seen = [await queue.get(job.id) for job in jobs]
                assert {job.status for job in seen} == {JobStatus.COMPLETED}

    asyncio.run(scenario())


def test_every_listener_of_many_sees_the_final_state(tmp_path: Path) -> None:
    queue = JobQueue(tmp_path / "jobs", mode="inline")
    gate = asyncio.Event()

    @queue.job("gated")
    async def gated(job: JobContext) -> int:
        await gate.wait()
        return 1

    async def scenario() -> None:
        async with queue.working(QUICK):
            jobs = [await queue.submit("gated") for _ in range(5)]
            waiting = [asyncio.ensure_future(queue.result(job.id, timeout=10)) for job in jobs for _ in range(4)]
            await soon(lambda: len(queue.feed._subscriptions) == 20)
            gate.set()
            assert await asyncio.gather(*waiting) == [1] * 20
        assert not queue.feed._subscriptions

    asyncio.run(scenario())


def test_the_watch_ends_when_nobody_listens_and_begins_again(tmp_path: Path) -> None:
    queue = JobQueue(tmp_path / "jobs", mode="inline")

    async def scenario() -> None:
        for _ in range(2):
            with queue.feed.subscribe() as changes:
                job = await queue.submit("any")
                assert await changes.take(3) == [job.id]
            watching = queue.feed._watching
            assert watching is not None
            await asyncio.wait_for(asyncio.shield(watching), 3)
            assert list((tmp_path / "jobs" / "run").glob("*.sock")) == []

    asyncio.run(scenario())


def test_a_look_that_fails_is_followed_by_another(tmp_path: Path) -> None:
    queue = JobQueue(tmp_path / "jobs", mode="inline")
    look = queue.store.changes
    failed: list[int] = []

    def changes(since: int) -> Changes:
        if since >= 0 and not failed:
            failed.append(since)
            raise StorageProblem("no file handles left")
        return look(since)

    queue.store.changes = changes  # type: ignore[method-assign]

    async def scenario() -> None:
        with queue.feed.subscribe() as subscription:
            await soon(lambda: failed)
            queue.store.ring = lambda job_id: None  # type: ignore[method-assign]
            job = await queue.submit("any")
            assert await subscription.take(4) == [job.id]

    asyncio.run(scenario())
