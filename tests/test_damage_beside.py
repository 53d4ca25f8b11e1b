"""What the store makes of damaged requests, keys and notes, and what it refuses to write at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from damaged import ID, OTHER, two_jobs
from making import LATER, job_id, make_job

from longtake import requests
from longtake.codec import MAX_JOB_BYTES, decode_job, encode_job
from longtake.errors import InvalidArgs, NotJson
from longtake.job import JobStatus
from longtake.store import Request, Verb
from longtake.stores.files import FilesStore
from longtake.submitting import submit


@pytest.fixture
def store(tmp_path: Path) -> FilesStore:
    return two_jobs(tmp_path / "jobs")


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"priority": 1e999}'], ids=lambda data: repr(data[:8])
)
def test_a_damaged_request_is_obeyed_as_one_without_details(data: bytes, store: FilesStore) -> None:
    (store.folder / "requests" / f"{ID}.retry").write_bytes(data)
    assert store.requests() == [Request(ID, "retry", {})]


def test_files_that_are_no_requests_are_left_alone(store: FilesStore) -> None:
    folder = store.folder / "requests"
    for name in ("README", f"{ID}.explode", f"{ID.upper()}x.cancel", ".hidden"):
        (folder / name).write_bytes(b"{}")
    (folder / f"{ID}.cancel").mkdir()
    (folder / f"{ID}.delete").symlink_to("/etc/hostname")
    assert store.requests() == []


@pytest.mark.parametrize(
    "details", [{"priority": "high"}, {"priority": 10**17}, {"tags": "a"}, {"run_at": "2026-01-01T00:00:00"}]
)
def test_an_edit_that_makes_no_sense_changes_nothing(details: dict[str, Any], store: FilesStore) -> None:
    assert requests.apply(store, Request(ID, "edit", details), LATER) == make_job()
    assert store.read(ID) == make_job()


@pytest.mark.parametrize("verb", ["new", "cancel", "retry", "edit", "delete", "notify"])
def test_a_request_for_a_job_that_is_gone_is_no_error(verb: Verb, store: FilesStore) -> None:
    assert requests.apply(store, Request(job_id(9), verb), LATER) is None


def test_a_damaged_key_is_bound_anew(store: FilesStore) -> None:
    store.reserve("key", ID)
    (path,) = (store.folder / "keys").iterdir()
    for data in (b"", b"x" * 1000, b"\xff\xff"):
        path.write_bytes(data)
        assert store.reserve("key", OTHER) == OTHER
        assert store.reserve("key", ID) == OTHER


def test_a_damaged_note_is_as_good_as_none(store: FilesStore) -> None:
    store.remember("schedules", {"a": 1})
    assert store.recall("schedules") == {"a": 1}
    for data in (b"", b"{", b"\xff", b"[" * 100_000):
        (store.folder / "notes" / "schedules.json").write_bytes(data)
        assert store.recall("schedules") is None


def test_damaged_live_values_are_none(store: FilesStore) -> None:
    for data in (b"", b"{", b"[1]"):
        (store.folder / "run" / f"{ID}.live.json").write_bytes(data)
        assert store.published(ID) == {}


@pytest.mark.parametrize(
    "members",
    [
        {"title": "\ud800"},
        {"priority": 10**9},
        {"run_at": LATER.replace(tzinfo=None)},
        {"args": {"x": "y" * MAX_JOB_BYTES}},
        {"status": JobStatus.RUNNING},
    ],
    ids=["half a surrogate pair", "a huge priority", "no time zone", "too large", "running without an attempt"],
)
def test_a_job_that_could_not_be_read_back_is_refused(members: dict[str, Any], tmp_path: Path) -> None:
    store = FilesStore(tmp_path / "jobs")
    with pytest.raises(InvalidArgs):
        store.create(make_job(**members))
    assert not store.folder.exists()


def test_many_small_values_are_kept_in_one_line_where_one_line_each_would_be_too_large() -> None:
    job = make_job(result=[[[[0] * 10] * 100] * 100] * 25)
    data = encode_job(job)
    assert len(data) <= MAX_JOB_BYTES
    assert decode_job(data, ID) == job


def test_a_job_that_outgrows_its_file_stays_as_it_was(store: FilesStore) -> None:
    with pytest.raises(NotJson, match="at most 64 MiB"):
        store.commit(make_job(result="x" * MAX_JOB_BYTES))
    assert store.read(ID) == make_job()


def test_who_deletes_a_job_and_dies_in_between_deletes_no_job_that_came_after_with_its_key(store: FilesStore) -> None:
    class Dying(FilesStore):
        def remove(self, job_id: str) -> None:
            raise KeyboardInterrupt

    delete = Request(job_id(5), "delete")
    submit(store, make_job(5, key="key"))
    store.ask(delete)
    with pytest.raises(KeyboardInterrupt):
        requests.apply(Dying(store.folder), delete, LATER)
    after = submit(store, make_job(6, key="key"))
    for _ in range(2):
        assert requests.apply(store, delete, LATER) is None
    assert submit(store, make_job(7, key="key")) == after
