"""The index is a cache: deleted, damaged or out of date, it is made anew from the files and says the same as before."""

from __future__ import annotations

import gc
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from making import LATER, NOW, job_id, make_job, make_running
from support import eventually

from longtake import lifecycle
from longtake.codec import encode_job
from longtake.errors import StorageProblem
from longtake.job import JobStatus, JobSummary, summarise
from longtake.store import Filter
from longtake.stores import boot, index, tables
from longtake.stores.files import FilesStore
from longtake.stores.index import Index


@pytest.fixture
def store(tmp_path: Path) -> FilesStore:
    store = FilesStore(tmp_path / "jobs")
    for number in range(1, 6):
        store.create(make_job(number, title=f"job {number}"))
    store.commit(lifecycle.cancel(store.read(job_id(2)), LATER))
    store.remove(job_id(3))
    return store


def index_of(store: FilesStore) -> Path:
    return store.folder / "run" / "index.sqlite"


def seen(store: FilesStore) -> tuple[object, object]:
    """The list and the counts."""
    return store.find(Filter(), limit=100).jobs, {s.value: n for s, n in store.counts().items() if n}


EXPECTED_COUNTS = {"pending": 3, "cancelled": 1}


def truth(store: FilesStore) -> tuple[object, object]:
    """The same, from the files alone."""
    ids = sorted((path.name[:26] for path in store.folder.glob("*.json")), reverse=True)
    jobs = [store.read(job_id) for job_id in ids]
    return [summarise(job) for job in jobs], EXPECTED_COUNTS


def delete(path: Path) -> None:
    path.unlink()


def delete_all_of_it(path: Path) -> None:
    for part in path.parent.glob("index.sqlite*"):
        part.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def fill_with_garbage(path: Path) -> None:
    path.write_bytes(os.urandom(20_000))


def break_in_the_middle(path: Path) -> None:
    delete_log(path)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 16_384)


def delete_log(path: Path) -> None:
    """Bring everything into the one file."""
    with sqlite3.connect(path) as db:
        db.execute("pragma wal_checkpoint(truncate)")
    db.close()


def cut(path: Path) -> None:
    delete_log(path)
    os.truncate(path, 5000)


def make_older(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("update meta set value = '1 an earlier start of the computer' where name = 'complete'")
        db.execute("delete from jobs")
    db.close()


def make_foreign(path: Path) -> None:
    delete_all_of_it(path)
    with sqlite3.connect(path) as db:
        db.execute("create table jobs (something text)")
        db.execute("create table meta (name text, value text)")
    db.close()


def leave_unfinished(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("delete from meta where name = 'complete'")
        db.execute("delete from jobs")
    db.close()


TROUBLE = [
    delete,
    delete_all_of_it,
    empty,
    fill_with_garbage,
    break_in_the_middle,
    cut,
    make_older,
    make_foreign,
    leave_unfinished,
]


@pytest.mark.parametrize("trouble", TROUBLE)
def test_a_new_process_makes_a_bad_index_anew(trouble: Callable[[Path], None], store: FilesStore) -> None:
    store.close()
    trouble(index_of(store))
    again = FilesStore(store.folder)
    assert seen(again) == truth(again)
    again.commit(lifecycle.cancel(again.read(job_id(1)), LATER))
    assert again.counts()[JobStatus.CANCELLED] == 2


@pytest.mark.parametrize("trouble", [delete, delete_all_of_it, fill_with_garbage, break_in_the_middle, cut, empty])
def test_a_process_that_has_the_index_open_notices(trouble: Callable[[Path], None], store: FilesStore) -> None:
    reader = FilesStore(store.folder)
    assert seen(reader) == truth(reader)
    trouble(index_of(store))
    store.commit(lifecycle.edit(store.read(job_id(1)), {"title": "changed"}))
    for each in (store, reader, FilesStore(store.folder)):
        assert seen(each) == truth(each)


def test_an_index_from_an_earlier_start_of_the_computer_is_not_believed(
    store: FilesStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    shutil.copy(store.folder / f"{job_id(1)}.json", store.folder / "kept")
    (store.folder / f"{job_id(1)}.json").unlink()
    monkeypatch.setattr(boot, "boot_id", lambda: "another start")
    again = FilesStore(store.folder)
    assert [job.id for job in again.find(Filter(), limit=9).jobs] == [job_id(n) for n in (5, 4, 2)]


def test_where_the_system_does_not_tell_its_starts_the_index_is_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boot, "boot_id", lambda: "")
    store = FilesStore(tmp_path / "jobs")
    store.create(make_job())
    again = FilesStore(tmp_path / "jobs")
    assert [job.id for job in again.find(Filter(), limit=9).jobs] == [job_id()]


OPEN_AND_COUNT = """
import sys
from longtake.stores.files import FilesStore
store = FilesStore(sys.argv[1])
sys.stdin.readline()
print(sum(store.counts().values()), flush=True)
"""


@pytest.mark.parametrize("trouble", [delete_all_of_it, fill_with_garbage, make_older])
def test_processes_that_open_a_bad_index_at_once_all_see_every_job(
    trouble: Callable[[Path], None], store: FilesStore
) -> None:
    store.close()
    trouble(index_of(store))
    command = [sys.executable, "-c", OPEN_AND_COUNT, str(store.folder)]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=with_source()) for _ in range(3)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
    assert [process.communicate(timeout=30)[0] for process in processes] == [b"4\n"] * 3


def with_source() -> dict[str, str]:
    """The environment, with this library first."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


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
        assert store.inspect() == []


def test_an_older_revision_never_replaces_a_newer_one_that_was_noted_first(store: FilesStore) -> None:
    job = store.read(job_id(1))
    newer = lifecycle.cancel(job, LATER)
    store.commit(newer)
    store._catalogue.note(job, (1, 1))
    assert store.find(Filter(status=(JobStatus.CANCELLED,)), limit=9).jobs == [
        summarise(store.read(job_id(2))),
        summarise(newer),
    ]


def test_an_older_file_that_somebody_put_back_is_believed(store: FilesStore) -> None:
    backup = (store.folder / f"{job_id(1)}.json").read_bytes()
    store.commit(lifecycle.cancel(store.read(job_id(1)), LATER))
    (store.folder / "restored").write_bytes(backup)
    (store.folder / "restored").rename(store.folder / f"{job_id(1)}.json")
    assert [job.status for job in store.inspect()] == [JobStatus.PENDING]
    assert store.counts()[JobStatus.CANCELLED] == 1
    assert store.inspect() == []


def test_files_that_come_and_go_by_hand_are_noticed(store: FilesStore) -> None:
    (store.folder / f"{job_id(7)}.json").write_bytes(encode_job(make_running(7)))
    (store.folder / f"{job_id(4)}.json").unlink()
    assert [job.id for job in store.inspect()] == [job_id(7)]
    assert [job.id for job in store.find(Filter(), limit=9).jobs] == [job_id(n) for n in (7, 5, 2, 1)]


def test_a_job_that_is_deleted_while_the_files_are_compared_is_gone(
    store: FilesStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = os.listdir(store.folder)
    monkeypatch.setattr(store._folder, "_names", lambda: iter([*names, f"{job_id(3)}.json"]))
    assert store.inspect() == []
    index_of(store).unlink()
    assert [job.id for job in store.find(Filter(), limit=9).jobs] == [job_id(n) for n in (5, 4, 2, 1)]


def test_a_job_that_is_made_while_the_files_are_compared_stays(
    store: FilesStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [name for name in os.listdir(store.folder) if name != f"{job_id(5)}.json"]
    monkeypatch.setattr(store._folder, "_names", lambda: iter(names))
    assert store.inspect() == []
    assert job_id(5) in [job.id for job in store.find(Filter(), limit=9).jobs]


def test_the_collector_of_garbage_is_left_as_it_was(store: FilesStore) -> None:
    gc.disable()
    try:
        index_of(store).unlink()
        assert seen(store) == truth(store)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_an_index_that_another_process_holds_is_not_thrown_away(
    store: FilesStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    inode = index_of(store).stat().st_ino
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorcode = sqlite3.SQLITE_BUSY

    def refuse(_: sqlite3.Connection) -> None:
        raise busy

    monkeypatch.setattr(tables, "prepare", refuse)
    with pytest.raises(StorageProblem, match="locked"):
        store.counts()
    monkeypatch.undo()
    assert index_of(store).stat().st_ino == inode
    assert seen(store) == truth(store)


def test_files_that_are_no_jobs_are_not_looked_at(store: FilesStore) -> None:
    for name in ("notes.json", f"{job_id(1)}.json.bak", f"{job_id(1)}.txt", ".x.json", f"{job_id(9)[:-1]}U.json"):
        (store.folder / name).write_bytes(b"{")
    assert store.inspect() == []
    assert not (store.folder / "quarantine").exists()


def test_nothing_is_compared_while_no_name_in_the_folder_changes(
    store: FilesStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.inspect() == []
    monkeypatch.setattr(os, "scandir", lambda *_: pytest.fail("the folder was read"))
    assert store.inspect() == []


def test_a_rebuild_counts_as_a_change_of_everything(store: FilesStore) -> None:
    position = store.changes(-1).position
    index_of(store).unlink()
    changes = store.changes(position)
    assert len(changes.changed) == 4
    assert changes.position > position


def test_only_the_latest_deletions_are_remembered(store: FilesStore) -> None:
    position = store.changes(-1).position
    for number in range(100, 100 + 1100):
        store._catalogue.forget(job_id(number))
    assert 1000 <= len(store.changes(position).deleted) <= 1001


def test_a_folder_that_is_not_there_has_no_jobs(tmp_path: Path) -> None:
    store = FilesStore(tmp_path / "jobs")
    assert (store.find(Filter(), limit=9).jobs, store.active(), store.changes(-1).position) == ([], [], 0)
    assert (store.inspect(), sum(store.counts().values())) == ([], 0)
    assert not (tmp_path / "jobs").exists()


def test_a_commit_succeeds_without_any_index(
    store: FilesStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    store.close()
    monkeypatch.setattr(sqlite3, "connect", refuse)
    with caplog.at_level(logging.WARNING):
        store.commit(lifecycle.cancel(store.read(job_id(1)), LATER))
        store.create(make_job(8))
        store.remove(job_id(4))
    assert "The list of jobs lags behind" in caplog.text
    with pytest.raises(StorageProblem, match=r"index\.sqlite could not be used"):
        store.counts()
    monkeypatch.undo()
    assert store.read(job_id(1)).status is JobStatus.CANCELLED
    store.inspect()
    assert [job.id for job in store.find(Filter(), limit=9).jobs] == [job_id(n) for n in (8, 5, 2, 1)]


def test_a_full_disk_is_no_reason_to_throw_the_index_away(store: FilesStore, monkeypatch: pytest.MonkeyPatch) -> None:
    inode = index_of(store).stat().st_ino
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL

    def refuse(*_: object) -> None:
        raise full

    monkeypatch.setattr(store._catalogue._index, "_put", refuse)
    store.commit(lifecycle.cancel(store.read(job_id(1)), LATER))
    monkeypatch.undo()
    assert index_of(store).stat().st_ino == inode
    assert [job.id for job in store.inspect()] == [job_id(1)]
    assert store.counts()[JobStatus.CANCELLED] == 2


def test_lists_are_ordered_by_age_whatever_the_order_of_the_writes(tmp_path: Path) -> None:
    store = FilesStore(tmp_path)
    for number in (5, 1, 9, 3):
        store.create(make_job(number, created_at=NOW))
    assert [job.id for job in store.find(Filter(), limit=9).jobs] == [job_id(n) for n in (9, 5, 3, 1)]


def test_the_index_uses_nothing_that_sqlite_3_37_does_not_know() -> None:
    source = "".join(Path(str(module.__file__)).read_text() for module in (tables, index))
    newer = ("unixepoch", "is distinct from", "format(", "->>", "json", "right join", "concat(", "octet_length")
    words = source.replace("msgspec.json", "")
    assert [word for word in newer if word in words.lower()] == []


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


def test_the_log_of_the_index_stays_small_over_thousands_of_changes(tmp_path: Path) -> None:
    path = tmp_path / "run" / "index.sqlite"
    log, known = Path(f"{path}-wal"), (1, 1)
    its_index = Index(path, lambda: ((summarise(make_job(number)), known) for number in range(1, 10_001)))
    largest = 0
    for number in range(1, 4001):
        its_index.put(summarise(make_job(number, revision=2)), known)
        largest = max(largest, log.stat().st_size)
    its_index.close()
    assert largest < 1_200_000, "also after 10,000 jobs came in by one transaction"
