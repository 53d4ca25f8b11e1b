"""The index under several threads and stores at once."""

from __future__ import annotations

import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from indexed import four_jobs, index_of
from making import LATER, inspected, job_id, make_job
from support import eventually

from longtake import lifecycle
from longtake.errors import StorageProblem
from longtake.job import JobStatus, JobSummary, summarise
from longtake.store import Filter
from longtake.stores.files import FilesStore
from longtake.stores.index import Index


@pytest.fixture
def store(tmp_path: Path) -> FilesStore:
    return four_jobs(tmp_path / "jobs")


def test_threads_and_stores_may_write_and_read_at_once(tmp_path: Path) -> None:
    stores = [FilesStore(tmp_path / "jobs") for _ in range(2)]

    def create_and_finish(number: int) -> None:
        store = stores[number % 2]
        store.create(make_job(number))
        store.commit(lifecycle.cancel(store.read(job_id(number)), LATER))
        store.find(Filter(), limit=5)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(create_and_finish, range(1, 61)))
    for store in stores:
        assert store.counts()[JobStatus.CANCELLED] == 60
        assert inspected(store) == []


def test_a_job_that_is_deleted_while_the_files_are_compared_is_gone(
    store: FilesStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = os.listdir(store.folder)
    monkeypatch.setattr(store._folder, "_names", lambda: iter([*names, f"{job_id(3)}.json"]))
    assert inspected(store) == []
    index_of(store).unlink()
    assert [job.id for job in store.find(Filter(), limit=9).jobs] == [job_id(n) for n in (5, 4, 2, 1)]


def test_a_job_that_is_made_while_the_files_are_compared_stays(
    store: FilesStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [name for name in os.listdir(store.folder) if name != f"{job_id(5)}.json"]
    monkeypatch.setattr(store._folder, "_names", lambda: iter(names))
    assert inspected(store) == []
    assert job_id(5) in [job.id for job in store.find(Filter(), limit=9).jobs]


def test_what_many_threads_note_at_once_is_noted_whole_in_fewer_transactions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FilesStore(tmp_path)
    store.create(make_job(1))
    taken: list[list[str]] = []
    take, is_first, others = Index._take, threading.Event(), threading.Event()

    def slow_at_first(self: Index, db: sqlite3.Connection, notes: list[Any]) -> None:
        if not is_first.is_set():
            is_first.set()
            assert others.wait(10)
        taken.append([note.job.id for note in notes])
        take(self, db, notes)

    monkeypatch.setattr(Index, "_take", slow_at_first)
    threads = [threading.Thread(target=store.create, args=(make_job(number),)) for number in range(2, 22)]
    for thread in threads:
        thread.start()
    eventually(lambda: len(store._catalogue._index._notes) == 20)
    others.set()
    for thread in threads:
        thread.join()
    assert sorted(job for jobs in taken for job in jobs) == [job_id(number) for number in range(2, 22)]
    assert len(taken) <= 2
    assert len(store.find(Filter(), limit=50).jobs) == 21
    assert store._catalogue._index._notes == []


def test_trouble_with_what_one_thread_notes_is_not_told_to_the_others(
    store: FilesStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, its_index = Index._put, store._catalogue._index

    def refuse(self: Index, db: sqlite3.Connection, job: JobSummary, known: tuple[int, int]) -> bool:
        if job.title == "bad":
            raise sqlite3.OperationalError("database is locked")
        return put(self, db, job, known)

    monkeypatch.setattr(Index, "_put", refuse)
    bad = summarise(make_job(30, title="bad"))
    with pytest.raises(StorageProblem):
        its_index.put(bad, (1, 1))
    assert its_index._notes == []
    assert its_index.put(summarise(make_job(31)), (1, 1))
