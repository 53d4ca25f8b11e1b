"""Both stores keep the contract; what the folder of jobs is like, and who owns it."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import shutil
import stat
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from faults import faults
from making import NOW, job_id, make_job, make_step

from longtake import Job, JobContext, JobQueue, JobStatus, RetryAfter, RetryPolicy
from longtake.codec import encode_job, encode_step
from longtake.errors import JobNotFound, StorageProblem, StorageRefused
from longtake.store import Filter, Request, WorkerInfo
from longtake.stores.files import FilesStore
from longtake.stores.memory import MemoryStore
from longtake.testing import START, FakeClock, StoreContract, run_until_idle


class TestFilesStore(StoreContract):
    def make_store(self, tmp_path: Path) -> FilesStore:
        return FilesStore(tmp_path / "jobs")


class TestMemoryStore(StoreContract):
    def make_store(self, tmp_path: Path) -> MemoryStore:
        return MemoryStore()


@pytest.fixture
def store(tmp_path: Path) -> FilesStore:
    return FilesStore(tmp_path / "jobs")


def test_the_folder_is_private_and_stays_out_of_git(store: FilesStore) -> None:
    store.create(make_job())
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert (store.folder / ".gitignore").read_text() == "*\n"
    assert stat.S_IMODE((store.folder / f"{job_id()}.json").stat().st_mode) == 0o600


def test_a_job_file_can_be_read_by_people(store: FilesStore) -> None:
    store.create(make_job(title="Straße"))
    assert (store.folder / f"{job_id()}.json").read_text().splitlines()[:4] == [
        "{",
        f'  "id": "{job_id()}",',
        '  "kind": "demo",',
        '  "title": "Straße",',
    ]


def test_a_folder_of_another_user_is_refused(store: FilesStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.folder.mkdir()
    if os.geteuid() == 0:
        os.chown(store.folder, 12345, -1)
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(StorageRefused, match="belongs to another user"):
        store.create(make_job())
    assert not list(store.folder.glob("*.json"))


@pytest.mark.parametrize("there", ["jobs", "jobs/run"])
def test_a_file_where_a_folder_should_be_is_named(there: str, store: FilesStore) -> None:
    path = store.folder.parent / there
    path.parent.mkdir(exist_ok=True)
    path.write_text("")
    with pytest.raises(StorageProblem, match="is no folder"):
        store.create(make_job())


def test_a_folder_that_is_deleted_is_made_again_for_the_next_job(store: FilesStore) -> None:
    store.create(make_job())
    shutil.rmtree(store.folder)
    with pytest.raises(StorageProblem, match=r"The folder is gone: was it deleted or unmounted\?"):
        store.commit(make_job(revision=2))
    store.create(make_job(2))
    assert [job.id for job in store.find(Filter(), limit=9).jobs] == [job_id(2)]


def test_the_size_is_that_of_job_and_journal(store: FilesStore) -> None:
    store.create(make_job())
    alone = store.size(job_id())
    store.append(job_id(), make_step(1))
    assert alone == len(encode_job(make_job()))
    assert store.size(job_id()) == alone + len(encode_step(make_step(1), job_id()))
    assert store.size(job_id(9)) == 0


def test_two_stores_never_both_own_a_folder(store: FilesStore) -> None:
    first, second = (WorkerInfo(id=name, pid=n, started_at=NOW) for n, name in enumerate(("one", "two")))
    other = FilesStore(store.folder)
    assert (store.own(first), other.own(second)) == (True, False)
    assert (store.own(first), store.own(second)) == (True, False)
    assert store.owner() == other.owner() == first
    assert (store.still_owns(), other.still_owns()) == (True, False)
    store.close()
    assert other.own(second)
    assert store.owner() == second


def test_an_owner_notices_that_its_lock_was_removed(store: FilesStore) -> None:
    assert store.own(WorkerInfo(id="one", pid=1, started_at=NOW))
    (store.folder / "run" / "worker.lock").unlink()
    assert not store.still_owns()
    FilesStore(store.folder).own(WorkerInfo(id="two", pid=2, started_at=NOW))
    assert not store.still_owns()


@pytest.mark.parametrize("data", [b"", b"{", b'{"id": 3}'])
def test_an_owner_whose_card_is_damaged_is_there_all_the_same(data: bytes, store: FilesStore) -> None:
    assert store.own(WorkerInfo(id="one", pid=1, started_at=NOW))
    (store.folder / "run" / "worker.json").write_bytes(data)
    owner = FilesStore(store.folder).owner()
    assert owner is not None
    assert owner.id == "unknown"


def test_a_full_disk_keeps_nobody_from_owning(store: FilesStore) -> None:
    worker = WorkerInfo(id="one", pid=1, started_at=NOW)
    store.create(make_job())

    def full(_: int, name: str) -> None:
        if name in {"write", "unlink"}:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with faults(full):
        assert store.own(worker)
    assert store.owner() is not None


def test_who_needs_a_worker_is_seen_until_it_leaves(store: FilesStore) -> None:
    other = FilesStore(store.folder)
    leave = store.attend()
    assert other.is_attended()
    leave()
    assert not other.is_attended()


def test_a_read_only_disk_is_named(store: FilesStore) -> None:
    store.create(make_job())

    def read_only(_: int, name: str) -> None:
        if name in {"open", "unlink", "mkdir"}:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with faults(read_only), pytest.raises(StorageProblem, match="The file system is read-only: mount it writable"):
        store.commit(make_job(revision=2))
    with faults(read_only), pytest.raises(StorageProblem, match="read-only"):
        store.settle(Request(job_id(), "new"))
    assert store.read(job_id()) == make_job()


def test_a_mailbox_that_is_not_there_is_empty(store: FilesStore) -> None:
    assert store.requests() == []
    with pytest.raises(JobNotFound):
        store.ask(Request("../../etc", "cancel"))


def test_a_key_that_is_no_file_is_not_followed(store: FilesStore) -> None:
    store.reserve("key", job_id())
    (path,) = (store.folder / "keys").iterdir()
    path.unlink()
    path.symlink_to("/etc/hostname")
    assert store.reserve("key", job_id(2)) == job_id(2)
    assert store.reserve("key", job_id(3)) == job_id(2)


def test_the_drives_own_cache_is_flushed_where_the_system_leaves_that_to_us(
    store: FilesStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[int] = []
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", lambda _fd, command: flushed.append(command))
    store.create(make_job())
    store.append(job_id(), make_step(1))
    assert flushed == [51, 51]


def test_memory_is_owned_by_one_worker_and_needs_no_room() -> None:
    store = MemoryStore()
    first, second = (WorkerInfo(id=name, pid=1, started_at=NOW) for name in ("one", "two"))
    assert (store.own(first), store.own(first), store.own(second)) == (True, True, False)
    store.attend()()
    assert (store.is_attended(), store.size(job_id())) == (False, 0)
    store.close()


def test_memory_keeps_small_notes() -> None:
    store = MemoryStore()
    store.remember("schedules", {"a": 1})
    assert (store.recall("schedules"), store.recall("other")) == ({"a": 1}, None)


def test_jobs_run_until_none_is_due() -> None:
    clock = FakeClock()
    jobs = JobQueue(mode="inline", store=MemoryStore(), clock=clock)

    @jobs.job("demo", retries=RetryPolicy(attempts=2, first_delay=60, max_delay=60))
    async def demo(job: JobContext) -> int:
        if job.attempt == 1:
            raise RetryAfter(60)
        return job.attempt

    async def live() -> tuple[Job, Job]:
        submitted = await jobs.submit("demo")
        await run_until_idle(jobs)
        waiting = await jobs.get(submitted.id)
        clock.advance(61)
        await run_until_idle(jobs)
        return waiting, await jobs.get(submitted.id)

    waiting, done = asyncio.run(live())
    assert (waiting.status, done.status, done.result) == (JobStatus.PENDING, JobStatus.COMPLETED, 2)


def test_a_fake_clock_stands_sleeps_and_is_turned() -> None:
    clock = FakeClock()
    clock.advance(10)
    clock.sleep_computer(100)
    clock.turn(-50)
    assert (clock.now(), clock.monotonic(), clock.slept()) == (START + timedelta(seconds=60), 10, 100)


def test_a_contract_without_a_store_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotImplementedError):
        StoreContract().make_store(tmp_path)


def test_a_job_that_went_away_by_itself_is_forgotten(store: FilesStore) -> None:
    store.create(make_job())
    store.create(make_job(2))
    (store.folder / f"{job_id()}.json").unlink()
    assert [job.id for job in store.active()] == [job_id(2)]
    assert [job.id for job in store.find(Filter(), limit=9).jobs] == [job_id(2)]
