"""What changes is heard of: fast by bells, surely without them, and a slow listener costs nothing."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support import QUICK, Place, eventually, job_is, soon

from longtake import Job, JobContext, JobQueue, JobStatus, job_file
from longtake.errors import StorageProblem
from longtake.store import Changes, Report
from longtake.stores.files import FilesStore


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
            queue.store.wake = lambda job_id: None  # type: ignore[method-assign]
            job = await queue.submit("any")
            assert await subscription.take(4) == [job.id]

    asyncio.run(scenario())


async def progress_of(jobs: AsyncIterator[Job]) -> list[float]:
    return [job.progress async for job in jobs]


def test_progress_is_told_to_those_who_watch_before_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_file, "SECONDS_BETWEEN_REPORTS", 3600.0)
    queue = JobQueue(tmp_path / "jobs", mode="inline")
    written, seen = asyncio.Event(), asyncio.Event()

    @queue.job("reports")
    async def reports(job: JobContext) -> None:
        await job.report(10, "first")
        await written.wait()
        await job.report(20, "second")
        await seen.wait()

    async def scenario() -> None:
        async with queue.working(QUICK):
            submitted = await queue.submit("reports")
            async for job in queue.watch(submitted.id):
                if (await asyncio.to_thread(queue.store.read, job.id)).progress == 10:
                    written.set()
                if (job.progress, job.progress_message) == (20, "second"):
                    assert (await asyncio.to_thread(queue.store.read, job.id)).progress == 10
                    assert await queue.get(job.id) == job
                    seen.set()
            assert (job.status, job.progress_message) == (JobStatus.COMPLETED, "second")

    asyncio.run(asyncio.wait_for(scenario(), 20))


class SlowToCommit(FilesStore):
    """Lets progress wait at the door of the disk."""

    at_the_door = threading.Event()
    door = threading.Event()

    def commit(self, job: Job, *, durable: bool = True) -> None:
        if job.progress == 10:
            self.at_the_door.set()
            assert self.door.wait(20)
        super().commit(job, durable=durable)


def test_progress_never_goes_back_for_those_who_watch(tmp_path: Path) -> None:
    store = SlowToCommit(tmp_path)
    queue = JobQueue(tmp_path, mode="inline", store=store)

    @queue.job("reports")
    async def reports(job: JobContext) -> None:
        await job.report(10)
        await soon(store.at_the_door.is_set)
        await job.report(20)
        await asyncio.sleep(0.1)
        store.door.set()
        await soon(lambda: queue.store.read(job.job_id).progress == 20)

    async def scenario() -> list[float]:
        async with queue.working(QUICK):
            submitted = await queue.submit("reports")
            return await progress_of(queue.watch(submitted.id))

    seen = asyncio.run(asyncio.wait_for(scenario(), 20))
    assert seen == sorted(seen)
    assert {10, 20} <= set(seen)


def test_what_was_heard_is_forgotten_when_the_file_is_newer(tmp_path: Path) -> None:
    queue = JobQueue(tmp_path, mode="inline")

    async def scenario() -> None:
        with queue.feed.subscribe() as changes:
            job = await queue.submit("any")
            await soon(lambda: queue.feed._watching is not None and list(tmp_path.glob("run/*.sock")))
            await asyncio.to_thread(queue.store.ring, job.id, Report(job.revision - 1, 50.0, "late"))
            await changes.take(3)
            await soon(lambda: job.id in queue.feed._reports)
            assert await queue.get(job.id) == job
            assert not queue.feed._reports

    asyncio.run(asyncio.wait_for(scenario(), 20))
