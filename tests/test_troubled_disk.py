"""A worker whose disk is in trouble: what can go on goes on, and the rest does by itself when the trouble is over."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support import job_is, soon

from longtake import Job, JobContext, JobQueue, StorageProblem, lifecycle
from longtake.store import Request, WorkerInfo
from longtake.stores.files import FilesStore
from longtake.worker import WorkerOptions

NOW = datetime(2026, 1, 1, tzinfo=UTC)
QUICK = WorkerOptions(look_every=0.02, grace=0.1)


class Troubled(FilesStore):
    """Fails in chosen calls, for one job or for all, as long as the test wants."""

    fails: Callable[[str, str], bool] = staticmethod(lambda call, job_id: False)

    def _maybe(self, call: str, job_id: str) -> None:
        if self.fails(call, job_id):
            raise StorageProblem(errno.EMFILE, "Too many open files.")

    def read(self, job_id: str) -> Job:
        self._maybe("read", job_id)
        return super().read(job_id)

    def repair(self, job: Job) -> list[Any]:
        self._maybe("repair", job.id)
        return super().repair(job)

    def commit(self, job: Job, *, durable: bool = True) -> None:
        self._maybe("commit", job.id)
        super().commit(job, durable=durable)

    def active(self) -> list[Job]:
        self._maybe("active", "")
        return super().active()

    def own(self, worker: WorkerInfo) -> bool:
        self._maybe("own", "")
        return super().own(worker)

    def settle(self, request: Request) -> None:
        self._maybe("settle", request.job_id)
        super().settle(request)


def troubled_queue(folder: Path) -> tuple[JobQueue, Troubled]:
    store = Troubled(folder)
    queue = JobQueue(folder, mode="inline", store=store)

    @queue.job("quick")
    async def quick(job: JobContext) -> str:
        return "done"

    @queue.job("endless")
    async def endless(job: JobContext) -> None:
        await asyncio.sleep(3600)

    return queue, store


def left_running(store: FilesStore, kind: str = "quick") -> Job:
    """A job that a dead worker left open."""
    job = Job(id="0" * 25 + "1", kind=kind, created_at=NOW)
    store.create(job)
    started = lifecycle.start(job, "dead", NOW)
    store.commit(started)
    return started


@pytest.mark.parametrize("call", ["own", "active", "read", "repair", "commit"])
def test_a_worker_that_starts_in_trouble_takes_over_when_it_is_over(call: str, tmp_path: Path) -> None:
    queue, store = troubled_queue(tmp_path)
    failures: list[str] = []
    job = left_running(store)

    def fails(made: str, job_id: str) -> bool:
        if made == call and len(failures) < 3:
            failures.append(made)
            return True
        return False

    async def main() -> None:
        async with queue.working(QUICK):
            await soon(lambda: len(failures) == 3)
            store.fails = lambda call, job_id: False
            done = await job_is(queue, job.id, "completed")
            assert [attempt.outcome for attempt in done.attempts] == ["interrupted", "completed"]

    store.fails = fails
    asyncio.run(main())


def test_a_worker_says_once_what_keeps_it_from_the_jobs(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    queue, store = troubled_queue(tmp_path)
    tried: list[str] = []

    def fails(made: str, job_id: str) -> bool:
        tried.append(made)
        return made == "own" and len(tried) < 5

    async def main() -> None:
        async with queue.working(QUICK):
            await soon(lambda: len(tried) >= 5)

    store.fails = fails
    asyncio.run(main())
    said = [line for line in caplog.messages if "open files" in line or "owns" in line]
    assert said == ["[Errno 24] Too many open files."]


@pytest.mark.parametrize("call", ["read", "repair", "commit", "settle"])
def test_a_job_that_the_disk_refuses_keeps_no_other_waiting(call: str, tmp_path: Path) -> None:
    queue, store = troubled_queue(tmp_path)
    job = left_running(store)
    store.fails = lambda made, job_id: made == call and job_id == job.id

    async def main() -> None:
        await asyncio.to_thread(store.ask, Request(job.id, "new"))
        async with queue.working(QUICK):
            other = await queue.submit("quick")
            await job_is(queue, other.id, "completed")
            store.fails = lambda call, job_id: False
            await job_is(queue, job.id, "completed")

    asyncio.run(main())


def test_a_worker_stops_although_a_cancel_could_not_be_written(tmp_path: Path) -> None:
    queue, store = troubled_queue(tmp_path)
    refused: list[str] = []

    def refuse(call: str, job_id: str) -> bool:
        if call == "commit":
            refused.append(job_id)
        return call == "commit"

    async def main() -> None:
        async with queue.working(QUICK) as worker:
            job = await queue.submit("endless")
            await job_is(queue, job.id, "running")
            store.fails = refuse
            await asyncio.to_thread(store.ask, Request(job.id, "cancel"))
            other = await queue.submit("quick")
            await soon(lambda: {job.id, other.id} <= set(refused))
            store.fails = lambda call, job_id: False
            await job_is(queue, job.id, "cancelled")
            worker.stop()

    asyncio.run(main())


@pytest.mark.parametrize("can_ask", [True, False])
@pytest.mark.parametrize("is_early", [True, False], ids=["before the worker", "beside the worker"])
def test_a_job_that_the_index_did_not_take_is_acknowledged_and_runs(
    *, can_ask: bool, is_early: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue, store = troubled_queue(tmp_path)
    here = JobQueue(tmp_path, mode="external", worker="x:y")

    def refuse(*_: object) -> None:
        raise StorageProblem(errno.ENOSPC, "The disk is full.")

    async def submit() -> str:
        with monkeypatch.context() as patch:
            patch.setattr(here.store._catalogue._index, "put", refuse)  # type: ignore[attr-defined]
            if not can_ask:
                patch.setattr(here.store._mailbox, "put", refuse)  # type: ignore[attr-defined]
            job = await here.submit("quick")
        if is_early:  # a worker beside may have answered it already
            assert [request.job_id for request in store.requests()] == [job.id] * can_ask
        return job.id

    async def main() -> None:
        submitted = [await submit()] if is_early else []
        every = 60.0 if can_ask else 0.1
        async with queue.working(WorkerOptions(look_every=0.02, inspect_every=every)):
            if not is_early:
                first = await queue.submit("quick")
                await job_is(queue, first.id, "completed")
                submitted = [await submit()]
            await job_is(queue, submitted[0], "completed")

    asyncio.run(main())


def test_what_a_refused_write_held_of_a_running_job_is_written_as_soon_as_the_disk_takes_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    queue, store = troubled_queue(tmp_path)
    refused: list[str] = []

    @queue.job("report")
    async def report(job: JobContext) -> None:
        await job.report(40, "so far")
        await asyncio.sleep(3600)

    def refuse(call: str, job_id: str) -> bool:
        if call == "commit":
            refused.append(job_id)
        return call == "commit" and len(refused) < 3

    async def main() -> None:
        async with queue.working(QUICK) as worker:
            job = await queue.submit("report")
            await soon(lambda: store.read(job.id).progress)
            store.fails = refuse
            attempt = worker._running.attempt(job.id)
            assert attempt is not None
            attempt.report(60, "further")
            attempt.woke_up(2520)
            await soon(lambda: len(refused) > 2)
            await soon(lambda: store.read(job.id).attempts[-1].sleeps)
            shown = store.read(job.id)
            assert (shown.progress, shown.progress_message) == (60, "further")
            assert [sleep.seconds for sleep in shown.attempts[-1].sleeps] == [2520]

    asyncio.run(main())
    assert caplog.text.count("is not written yet") == 1, "told once, not four times a second"
