"""Deleted, damaged, out of date or held by another process, the index is made anew or waited for; no job is lost."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from indexed import four_jobs, index_of, seen, truth
from making import LATER, inspected, job_id, make_job

from longtake import lifecycle
from longtake.errors import StorageProblem
from longtake.job import JobStatus
from longtake.store import Filter
from longtake.stores import boot, tables
from longtake.stores.files import FilesStore


@pytest.fixture
def store(tmp_path: Path) -> FilesStore:
    return four_jobs(tmp_path / "jobs")


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
    inspected(store)
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
    assert [job.id for job in inspected(store)] == [job_id(1)]
    assert store.counts()[JobStatus.CANCELLED] == 2
