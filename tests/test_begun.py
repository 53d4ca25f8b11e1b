"""Attempts that have begun before their job file says so: the next owner knows of them."""

from __future__ import annotations

import asyncio
import errno
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from faults import faults
from making import LATER, NOW, job_id, make_job
from support import soon

from longtake import Job, JobContext, JobQueue, JobStatus, lifecycle
from longtake.job import Step
from longtake.stores.files import FilesStore
from longtake.testing import FakeClock
from longtake.work import WorkerOptions


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FilesStore]:
    store = FilesStore(tmp_path / "jobs")
    yield store
    store.close()


def pending(store: FilesStore, number: int = 1) -> Job:
    job = make_job(number)
    store.create(job)
    return job


def by_another_process(store: FilesStore) -> list[Job]:
    another = FilesStore(store.folder)
    try:
        return another.active()
    finally:
        another.close()


def test_a_later_state_in_the_file_counts_more(store: FilesStore) -> None:
    job, again = pending(store, 1), pending(store, 2)
    for number in (1, 2):
        store.begin(lifecycle.start(make_job(number), "w", NOW))
    interrupted = lifecycle.interrupt(lifecycle.start(again, "w", NOW), 1, LATER, "worker stopped", 0)
    store.commit(interrupted)
    assert by_another_process(store) == [lifecycle.start(job, "w", NOW), interrupted]
    cancelled = lifecycle.cancel(job, LATER)
    store.commit(cancelled)
    assert by_another_process(store) == [interrupted]
    store.commit(
        requeued := lifecycle.requeue(lifecycle.stop(lifecycle.start(job, "w", NOW), 1, LATER), LATER, steps=0)
    )
    assert by_another_process(store) == [requeued, interrupted]


def test_a_line_is_used_again_when_the_file_says_it(store: FilesStore) -> None:
    for number in range(1, 40):
        started = lifecycle.start(pending(store, number), "w", NOW)
        for _ in range(2):
            store.begin(started)
        store.begin(lifecycle.start(make_job(99), "w", NOW))
        store.commit(lifecycle.complete(started, 1, LATER, None))
    (line, other) = (store.folder / "run" / "begun").read_text().splitlines()
    assert {job_id(99) in line, job_id(99) in other} == {True, False}


@pytest.mark.parametrize("damage", [b"", b"\0" * 700, b"{}\n[]\n\xff\n", b'{"job_id": 3}', b"[" * 100_000])
def test_what_cannot_be_read_is_nothing(store: FilesStore, damage: bytes) -> None:
    job = pending(store)
    (store.folder / "run" / "begun").write_bytes(damage)
    assert by_another_process(store) == [job]
    (store.folder / "run" / "begun").unlink()
    (store.folder / "run" / "begun").symlink_to("/dev/zero")
    assert by_another_process(store) == [job]


def test_an_owner_that_was_none_for_a_while_begins_with_an_empty_file(store: FilesStore) -> None:
    for number in (1, 2):
        store.begin(lifecycle.start(pending(store, number), "w", NOW))
    store.disown()
    store.begin(lifecycle.start(pending(store, 3), "w", NOW))
    assert [job.status.value for job in by_another_process(store)] == ["pending", "pending", "running"]


class Gated(FilesStore):
    """Commits nothing before the gate is open, counts commits, and looks as the next owner would at a claim."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.gate = threading.Event()
        self.commits = 0
        self.seen_at_claim: list[Job] = []

    def commit(self, job: Job, *, durable: bool = True) -> None:
        assert self.gate.wait(20)
        self.commits += 1
        super().commit(job, durable=durable)

    def repair(self, job: Job) -> list[Step]:
        self.seen_at_claim += by_another_process(self)
        return super().repair(job)


def test_a_handler_waits_for_no_write_of_its_job(tmp_path: Path) -> None:
    store = Gated(tmp_path / "jobs")
    queue = JobQueue(store.folder, mode="inline", store=store)

    @queue.job("wait")
    async def wait(_: JobContext) -> None:
        store.gate.set()
        await soon(lambda: store.counts()[JobStatus.RUNNING] == 1)

    async def scenario() -> None:
        async with queue.working():
            await queue.result((await wait.submit()).id, timeout=20)

    asyncio.run(scenario())
    assert store.commits == 2


def test_a_job_that_ends_at_once_is_written_once(tmp_path: Path) -> None:
    store = Gated(tmp_path / "jobs")
    store.gate.set()
    queue = JobQueue(store.folder, mode="inline", store=store)

    @queue.job("nothing")
    async def nothing(_: JobContext) -> None:
        return

    async def scenario() -> Job:
        async with queue.working():
            job_id = (await nothing.submit()).id
            await queue.result(job_id, timeout=20)
            return await queue.get(job_id)

    job = asyncio.run(scenario())
    assert (job.status, store.commits) == (JobStatus.COMPLETED, 1)
    assert [attempt.outcome for attempt in job.attempts] == ["completed"]
    assert [job.status for job in store.seen_at_claim] == [JobStatus.PENDING], "a death would have counted by then"


def test_while_the_disk_is_full_no_other_job_begins(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock(datetime.now(UTC))
    queue = JobQueue(tmp_path / "jobs", mode="inline", clock=clock)
    begun: list[str] = []
    is_full = True

    @queue.job("wait")
    async def wait(job: JobContext) -> None:
        begun.append(job.job_id)
        await soon(lambda: not is_full)

    def full(_: int, name: str) -> None:
        if is_full and name == "write":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    async def scenario() -> None:
        nonlocal is_full
        first = await wait.submit()
        others = [await wait.using(run_at=clock.now() + timedelta(hours=1)).submit() for _ in range(5)]
        with faults(full):
            async with queue.working(WorkerOptions(look_every=0.02)):
                await soon(lambda: f"Progress of job {first.id} is not written yet: " in caplog.text)
                clock.advance(3600)
                await soon(lambda: all(f"Job {job.id} waits: " in caplog.text for job in others))
                assert begun == [first.id]
                is_full = False
                await soon(lambda: queue.store.counts()[JobStatus.COMPLETED] == 6)
        assert sorted(begun[1:]) == sorted(job.id for job in others)

    asyncio.run(scenario())
