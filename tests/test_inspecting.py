"""The files are compared with the index beside the jobs: it keeps none waiting, and what it finds is not lost."""

from __future__ import annotations

import asyncio
import errno
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from making import job_id, make_job, make_running
from support import job_is, soon

from longtake import Job, JobContext, JobQueue, JobStatus, StorageProblem
from longtake.codec import encode_job
from longtake.inspecting import Inspecting
from longtake.stores.files import FilesStore
from longtake.testing import FakeClock
from longtake.worker import Worker, WorkerOptions

QUICK = WorkerOptions(look_every=0.01, grace=0.1)


class Gated(FilesStore):
    """Compares as far as the test lets it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.begun, self.gate = threading.Event(), threading.Event()
        self.at_once = self.most_at_once = 0
        self.counting = threading.Lock()
        self.troubles = 0
        self.may_leave = threading.Event()
        self.may_leave.set()

    def differences(self) -> Iterator[list[str]]:
        with self.counting:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            self.begun.set()
            while not self.gate.wait(0.001):
                yield []
            if self.troubles:
                self.troubles -= 1
                raise StorageProblem(errno.EIO, "The disk is tired.")
            yield from super().differences()
        finally:
            self.may_leave.wait(20)
            with self.counting:
                self.at_once -= 1


@pytest.fixture
def store(tmp_path: Path) -> Gated:
    store = Gated(tmp_path / "jobs")
    store.create(make_job(1, kind="mark"))
    return store


def with_marks(store: FilesStore) -> tuple[JobQueue, list[str]]:
    """A queue in this process, and the list of jobs that ran."""
    queue, ran = JobQueue(store.folder, mode="inline", store=store), list[str]()

    @queue.job("mark")
    async def mark(job: JobContext) -> None:
        ran.append(job.job_id)

    return queue, ran


def put(store: FilesStore, number: int = 7, *, is_running: bool = False) -> str:
    """Put a job there by hand, unknown to the index."""
    job = make_running(number, kind="mark") if is_running else make_job(number, kind="mark")
    (store.folder / f"{job.id}.json").write_bytes(encode_job(job))
    return job.id


@asynccontextmanager
async def working(queue: JobQueue, store: Gated) -> AsyncIterator[Worker]:
    """A worker whose comparison has begun, and ends when the test does, in any case."""
    async with queue.working(QUICK) as worker:
        try:
            await soon(store.begun.is_set)
            yield worker
        finally:
            store.gate.set()


def test_jobs_run_while_the_files_are_compared_and_what_that_finds_runs_too(store: Gated) -> None:
    queue, ran = with_marks(store)
    found = [put(store, 7), put(store, 8, is_running=True)]

    async def main() -> None:
        async with working(queue, store):
            await job_is(queue, job_id(1), "completed")
            later = await queue.submit("mark")
            await job_is(queue, later.id, "completed")
            assert ran == [job_id(1), later.id]
            store.gate.set()
            for one in found:
                await job_is(queue, one, "completed")

    asyncio.run(main())
    assert sorted(ran[2:]) == found


def test_no_worker_says_that_it_is_idle_before_the_first_comparison_has_ended(store: Gated) -> None:
    queue, ran = with_marks(store)
    hidden = put(store)

    def is_idle(worker: Worker) -> bool:
        if ran:
            store.gate.set()
        return worker.is_idle

    asyncio.run(queue.make_worker(QUICK).work(until=is_idle))
    assert ran == [job_id(1), hidden]


def test_later_comparisons_do_not_keep_a_worker_from_being_idle(store: Gated) -> None:
    queue, _ = with_marks(store)
    store.gate.set()

    def is_idle_while_comparing(worker: Worker) -> bool:
        if store.gate.is_set():
            if worker.is_idle:
                store.gate.clear()
            return False
        return store.at_once == 1 and worker.is_idle

    worker = queue.make_worker(WorkerOptions(look_every=0.01, inspect_every=0.0))
    asyncio.run(asyncio.wait_for(worker.work(until=is_idle_while_comparing), 20))
    assert store.at_once == 0, "a worker that ends waits for its comparison"


def test_a_worker_stops_while_the_files_are_compared_and_leaves_no_comparison_behind(store: Gated) -> None:
    queue, _ = with_marks(store)

    async def main() -> None:
        worker = queue.make_worker(QUICK)
        working = asyncio.ensure_future(worker.work())
        await soon(store.begun.is_set)
        store.may_leave.clear()
        worker.stop()
        await asyncio.wait({working}, timeout=0.2)
        assert store.owner(), "it owns the jobs until its comparison has ended"
        store.may_leave.set()
        await asyncio.wait_for(working, 20)
        assert (store.at_once, store.owner()) == (0, None)

    asyncio.run(main())


def test_a_worker_that_is_no_longer_the_only_owner_takes_nothing_that_was_found(store: Gated) -> None:
    queue, ran = with_marks(store)
    hidden = put(store)

    async def main() -> None:
        worker = queue.make_worker(QUICK)
        working = asyncio.ensure_future(worker.work())
        await job_is(queue, job_id(1), "completed")
        (store.folder / "run" / "worker.lock").unlink()
        store.gate.set()
        await asyncio.wait_for(working, 20)

    asyncio.run(main())
    assert ran == [job_id(1)]
    assert store.read(hidden).status is JobStatus.PENDING


def test_there_is_never_more_than_one_comparison(store: Gated) -> None:
    queue, ran = with_marks(store)

    async def main() -> None:
        async with queue.working(WorkerOptions(look_every=0.001, inspect_every=0.0)):
            for number in range(20):
                await queue.submit("mark")
                await soon(lambda: len(ran) > number)  # noqa: B023 (waited for at once)
            store.gate.set()

    asyncio.run(main())
    assert store.most_at_once == 1


def test_trouble_while_comparing_is_told_and_the_next_comparison_finds_it(
    store: Gated, caplog: pytest.LogCaptureFixture
) -> None:
    queue, ran = with_marks(store)
    hidden = put(store)
    store.troubles = 2
    store.gate.set()
    often = WorkerOptions(look_every=0.01, inspect_every=0.0)
    asyncio.run(asyncio.wait_for(queue.make_worker(often).work(until=lambda worker: worker.is_idle), 20))
    assert caplog.text.count("The disk is tired.") == 2
    assert sorted(ran) == [job_id(1), hidden]


def test_a_job_that_the_disk_does_not_give_when_it_is_found_keeps_no_other_from_running_and_runs_later(
    store: Gated, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue, ran = with_marks(store)
    found = [put(store, number, is_running=True) for number in (7, 8, 9)]
    store.gate.set()
    read, refused = store.read, list[str]()

    def refuse_once(one: str) -> Job:
        if one == found[0] and not refused:
            refused.append(one)
            raise StorageProblem(errno.EMFILE, "Too many open files.")
        return read(one)

    monkeypatch.setattr(store, "read", refuse_once)
    worker = queue.make_worker(QUICK)
    asyncio.run(asyncio.wait_for(worker.work(until=lambda worker: worker.is_idle), 20))
    assert sorted(ran) == [job_id(1), *found]
    assert refused == found[:1]


def test_a_job_that_is_doubted_while_the_files_are_compared_is_found_by_the_next_comparison(tmp_path: Path) -> None:
    store = FilesStore(tmp_path)
    store.create(make_job(1))
    differences = store.differences()
    assert next(differences) == []
    store._catalogue.doubt(job_id(1))
    assert not any(differences)
    assert store.doubts()
    assert [job_ids for job_ids in store.differences() if job_ids] == [[job_id(1)]]


def test_a_comparison_that_was_not_ended_is_begun_anew(tmp_path: Path) -> None:
    store = FilesStore(tmp_path)
    store.create(make_job(1))
    hidden = put(store)
    differences = store.differences()
    assert next(differences) == []
    differences.close()  # type: ignore[attr-defined]
    assert [job_ids for job_ids in store.differences() if job_ids] == [[hidden]]


def test_while_a_file_is_in_doubt_comparing_takes_a_sixth_of_the_time(store: Gated) -> None:
    clock = FakeClock()

    def begins(inspecting: Inspecting) -> bool:
        """Whether a comparison begins now."""
        before = inspecting._comparison
        inspecting.begin_when_due()
        return inspecting._comparison is not before

    async def scenario() -> None:
        inspecting = Inspecting(store, clock, every=60, want_look=lambda: None)
        assert begins(inspecting)
        await soon(store.begun.is_set)
        clock.advance(3)
        store._catalogue.doubts = True
        store.gate.set()
        await soon(lambda: inspecting.is_idle)
        for seconds, expected in ((14, False), (1, True)):
            clock.advance(seconds)
            store._catalogue.doubts = True
            assert begins(inspecting) is expected
        await inspecting.stop()

    asyncio.run(scenario())
