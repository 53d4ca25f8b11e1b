"""The index is a cache: it says what the files say, whoever changes them, and stays small."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from indexed import four_jobs, index_of, seen, truth
from making import LATER, NOW, inspected, job_id, make_job, make_running

from longtake import lifecycle
from longtake.codec import encode_job
from longtake.job import JobStatus, summarise
from longtake.store import Filter
from longtake.stores import index, tables
from longtake.stores.files import FilesStore
from longtake.stores.index import Index


@pytest.fixture
def store(tmp_path: Path) -> FilesStore:
    return four_jobs(tmp_path / "jobs")


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
    assert [job.status for job in inspected(store)] == [JobStatus.PENDING]
    assert store.counts()[JobStatus.CANCELLED] == 1
    assert inspected(store) == []


def test_files_that_come_and_go_by_hand_are_noticed(store: FilesStore) -> None:
    (store.folder / f"{job_id(7)}.json").write_bytes(encode_job(make_running(7)))
    (store.folder / f"{job_id(4)}.json").unlink()
    assert [job.id for job in inspected(store)] == [job_id(7)]
    assert [job.id for job in store.find(Filter(), limit=9).jobs] == [job_id(n) for n in (7, 5, 2, 1)]


def test_the_collector_of_garbage_is_left_as_it_was(store: FilesStore) -> None:
    gc.disable()
    try:
        index_of(store).unlink()
        assert seen(store) == truth(store)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_files_that_are_no_jobs_are_not_looked_at(store: FilesStore) -> None:
    for name in ("notes.json", f"{job_id(1)}.json.bak", f"{job_id(1)}.txt", ".x.json", f"{job_id(9)[:-1]}U.json"):
        (store.folder / name).write_bytes(b"{")
    assert inspected(store) == []
    assert not (store.folder / "quarantine").exists()


def test_nothing_is_compared_while_no_name_in_the_folder_changes(
    store: FilesStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert inspected(store) == []
    monkeypatch.setattr(os, "scandir", lambda *_: pytest.fail("the folder was read"))
    assert inspected(store) == []


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
    assert (inspected(store), sum(store.counts().values())) == ([], 0)
    assert not (tmp_path / "jobs").exists()


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
