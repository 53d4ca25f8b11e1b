"""The moments between two owners, two looks or two states of a job: nothing is lost in them, and nothing runs twice."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support import HANDLERS, Place, job_is, soon

from longtake import Job, JobContext, JobQueue, JobStatus, keeper
from longtake.store import Request, WorkerInfo
from longtake.stores.files import FilesStore
from longtake.worker import Worker, WorkerOptions


def make_job(**members: Any) -> Job:
    """A job that waits, or what the members say."""
    return Job(**{"id": "0" * 26, "kind": "mark", "created_at": datetime(2026, 1, 1, tzinfo=UTC), **members})


def inline(store: FilesStore) -> JobQueue:
    """A queue whose jobs run in this process."""
    return JobQueue(store.folder, mode="inline", store=store)


class SlowToCompare(FilesStore):
    """Finds a job that runs, and hands it over only when the job has completed."""

    compared = threading.Event()
    completed = threading.Event()
    job_id = ""

    def differences(self) -> Iterator[list[str]]:
        if self.job_id and not self.compared.is_set():
            self._catalogue.doubt(self.job_id)
        return super().differences()

    def inspect(self, job_ids: Iterable[str]) -> list[Job]:
        found = super().inspect(job_ids)
        if self.job_id in job_ids and not self.compared.is_set():
            assert [job.status for job in found] == [JobStatus.RUNNING]
            self.compared.set()
            self.completed.wait(20)
        return found


def test_a_job_that_completes_while_the_files_are_compared_stays_completed(tmp_path: Path) -> None:
    store = SlowToCompare(tmp_path)
    queue = inline(store)
    calls: list[int] = []

    @queue.job("wait")
    async def wait(job: JobContext) -> str:
        calls.append(job.attempt)
        await job_is(queue, job.job_id, "running")
        store.job_id = job.job_id
        await soon(store.compared.is_set)
        return "done"

    async def main() -> None:
        job = await queue.submit("wait")
        async with queue.working(WorkerOptions(look_every=0.01, inspect_every=0.01)):
            await job_is(queue, job.id, "completed")
            await soon(lambda: not store.requests())
            store.completed.set()
            again = await queue.submit("wait")
            await job_is(queue, again.id, "completed")
            assert (await queue.get(job.id)).status is JobStatus.COMPLETED

    asyncio.run(main())
    assert calls == [1, 1]


class Counted(FilesStore):
    """Counts how often somebody wanted to own it."""

    tries = 0

    def own(self, worker: WorkerInfo) -> bool:
        self.tries += 1
        return super().own(worker)


def with_marks(store: FilesStore) -> tuple[JobQueue, list[str]]:
    """A queue in this process, and the list of jobs that ran."""
    queue, ran = inline(store), list[str]()

    @queue.job("mark")
    async def mark(job: JobContext) -> None:
        ran.append(job.job_id)

    return queue, ran


def asker() -> WorkerInfo:
    """A program that owns a store for a moment."""
    return WorkerInfo(id="asker", pid=os.getpid(), started_at=datetime.now(UTC), runs_jobs=False)


def test_a_job_submitted_in_the_moment_in_which_an_idle_worker_goes_is_run(tmp_path: Path) -> None:
    queue, ran = with_marks(FilesStore(tmp_path))
    job = make_job()

    def is_idle_long_enough(worker: Worker) -> bool:
        is_idle = worker.is_idle
        if is_idle and not ran:
            queue.store.create(job)
            queue.store.ask(Request(job.id, "new"))
        return is_idle

    asyncio.run(queue.make_worker().work(until=is_idle_long_enough))
    assert ran == [job.id]


def test_a_worker_waits_for_an_asker_that_owns_the_store_for_a_moment(tmp_path: Path) -> None:
    store, other = Counted(tmp_path), FilesStore(tmp_path)
    queue, ran = with_marks(store)
    assert other.own(asker())

    async def main() -> None:
        job = await queue.submit("mark")
        working = asyncio.ensure_future(
            queue.make_worker(WorkerOptions(stand_by=False)).work(until=lambda worker: worker.is_idle)
        )
        await soon(lambda: store.tries > 1)
        other.disown()
        await working
        assert ran == [job.id]

    asyncio.run(main())


def test_a_worker_that_does_not_stand_by_ends_when_another_one_works(tmp_path: Path) -> None:
    store, other = FilesStore(tmp_path), FilesStore(tmp_path)
    queue, ran = with_marks(store)
    assert other.own(WorkerInfo(id="worker", pid=1, started_at=datetime.now(UTC)))
    asyncio.run(queue.submit("mark"))
    asyncio.run(queue.make_worker(WorkerOptions(stand_by=False, patience=0.05)).work())
    assert ran == []


def test_an_asker_that_owns_the_store_for_a_moment_is_not_taken_for_a_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    monkeypatch.setattr(keeper, "start_worker", lambda target, _: started.append(target))
    queue = JobQueue(tmp_path, worker="somewhere:queue")
    queue.job("mark")(nothing)
    other = FilesStore(tmp_path)
    assert other.own(asker())
    assert queue.worker() is None
    asyncio.run(queue.submit("mark"))
    assert started == ["somewhere:queue"]


async def nothing(job: JobContext) -> None:
    """Do nothing."""


def test_a_job_of_an_unknown_kind_keeps_no_worker_busy(tmp_path: Path) -> None:
    queue, ran = with_marks(FilesStore(tmp_path))
    stranger = make_job(kind="from the future")
    queue.store.create(stranger)
    asyncio.run(queue.make_worker().work(until=lambda worker: worker.is_idle))
    assert ran == []
    assert queue.store.read(stranger.id) == stranger


def test_a_program_that_only_waits_for_a_result_has_a_killed_worker_started_again(place: Place) -> None:
    queue = JobQueue(place.jobs, worker=HANDLERS)
    queue.job("gates")(nothing_at)

    async def main() -> None:
        job = await queue.submit("gates", names=["a", "b"])
        await asyncio.to_thread(place.noted, "begin a")
        place.open("a")
        await asyncio.to_thread(place.noted, "begin b")
        place.kill_worker()
        place.open("b")
        assert await queue.result(job.id, 20) == ["a", "b"]

    asyncio.run(main())
    assert place.ledger("begin a") == ["begin a"]


async def nothing_at(job: JobContext, names: list[str]) -> None:
    """The worker has the real one."""


def test_a_damaged_job_keeps_no_other_from_being_deleted_when_no_worker_is_there(tmp_path: Path) -> None:
    queue = JobQueue(tmp_path, mode="external")
    finished = {"status": JobStatus.CANCELLED, "finished_at": datetime(2026, 1, 1, tzinfo=UTC)}
    jobs = [make_job(id=f"{number:026d}", **finished) for number in range(3)]
    for job in jobs:
        queue.store.create(job)
    (tmp_path / f"{jobs[1].id}.json").write_bytes(b"{")
    cleaned = asyncio.run(queue.cleanup())
    assert cleaned.jobs == 3
    assert list(tmp_path.glob("*.json")) == []
    assert [path.read_bytes() for path in (tmp_path / "quarantine").glob("*.json.*") if path.suffix != ".txt"] == [b"{"]
