"""What the store makes of job files that are not as it wrote them: never a crash, never a silent loss."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from damaged import ID, MUTATIONS, OTHER, journal_of, mutated, quarantined, two_jobs
from making import LATER, inspected, job_id, make_job, make_running, make_step
from msgspec.structs import replace

from longtake import lifecycle, recovery, requests
from longtake.codec import MAX_JOB_BYTES, encode_job
from longtake.errors import JobDamaged, JobIsNewer, JobNotFound, StorageProblem
from longtake.job import Job
from longtake.store import Filter, Request
from longtake.stores.files import FilesStore


def members_of(job: Job) -> dict[str, Any]:
    members: dict[str, Any] = json.loads(encode_job(job))
    return members


def changed(**members: Any) -> bytes:
    return json.dumps(members_of(make_job()) | members).encode()


def without(name: str) -> bytes:
    members = members_of(make_job())
    del members[name]
    return json.dumps(members).encode()


def text_replaced(old: str, new: str) -> bytes:
    text = encode_job(make_job(title="a title")).decode()
    assert old in text
    return text.replace(old, new).encode()


DAMAGED = {
    "empty": b"",
    "zeros, as after a power cut": b"\0" * 4096,
    "cut off": encode_job(make_job())[:-20],
    "not JSON": b"<html>",
    "not UTF-8": text_replaced("a title", "X").replace(b"X", b"\xff\xfe"),
    "UTF-16": encode_job(make_job()).decode().encode("utf-16"),
    "a list": b"[]",
    "two objects": encode_job(make_job()) * 2,
    "a member twice": text_replaced('"title": "a title"', '"title": "a title", "title": "b"'),
    "a nested member twice": text_replaced('"args": {}', '"args": {"a": 1, "a": 2}'),
    "NaN": text_replaced('"progress": 0.0', '"progress": NaN'),
    "infinite": text_replaced('"progress": 0.0', '"progress": 1e999'),
    "half a surrogate pair": text_replaced("a title", "\\ud800"),
    "nested deeply": text_replaced('"args": {}', '"args": {"a": ' + "[" * 100_000 + "]" * 100_000 + "}"),
    "a number of 5,000 digits": text_replaced('"revision": 1', '"revision": ' + "1" * 5000),
    "a number too large for SQLite": changed(revision=10**19),
    "a negative revision": changed(revision=-1),
    "a huge priority": changed(priority=10**17),
    "a text for a number": changed(steps="3"),
    "a number for a text": changed(kind=3),
    "null for a text": changed(title=None),
    "an unknown status": changed(status="sleeping"),
    "progress beyond 100": changed(progress=101),
    "a time without its zone": changed(created_at="2026-01-01T00:00:00"),
    "a time that is none": changed(created_at="yesterday"),
    "no id": without("id"),
    "no kind": without("kind"),
    "another job's id": changed(id=OTHER),
    "running without an attempt": changed(status="running"),
    "running with an attempt that is over": changed(
        status="running",
        attempts=[
            {"number": 1, "worker": "w", "started_at": "2026-01-01T00:00:00Z", "ended_at": "2026-01-01T00:00:00Z"}
        ],
    ),
    "schema as a text": changed(schema="2"),
}


@pytest.fixture
def store(tmp_path: Path) -> FilesStore:
    return two_jobs(tmp_path / "jobs")


def file_of(store: FilesStore, number: int = 1) -> Path:
    return store.folder / f"{job_id(number)}.json"


def put(path: Path, data: bytes) -> None:
    """Put other contents in the place of a file, as an editor or a backup program does."""
    temporary = path.with_suffix(".new")
    temporary.write_bytes(data)
    temporary.rename(path)


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_job_is_set_aside_as_it_is_and_the_others_go_on(data: bytes, store: FilesStore) -> None:
    put(file_of(store), data)
    with pytest.raises(JobDamaged, match=r"is damaged \(.+\)"):
        store.read(ID)
    assert [job.id for job in inspected(store)] == []
    assert quarantined(store, ".json").read_bytes() == data
    with pytest.raises(JobNotFound):
        store.read(ID)
    assert [job.id for job in store.find(Filter(), limit=9).jobs] == [OTHER]
    assert store.active() == [store.read(OTHER)]


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_new_owner_finds_damage_from_before_its_time(data: bytes, store: FilesStore) -> None:
    store.close()
    put(file_of(store), data)
    (store.folder / "run" / "index.sqlite").unlink()
    owner = FilesStore(store.folder)
    assert [job.id for job in recovery.recover(owner, LATER)] == [OTHER]
    inspected(owner)
    assert quarantined(owner, ".json").read_bytes() == data
    assert [job.id for job in owner.find(Filter(), limit=9).jobs] == [OTHER]


def test_a_damaged_job_takes_its_journal_along(store: FilesStore) -> None:
    store.append(ID, make_step(1))
    steps = journal_of(store).read_bytes()
    put(file_of(store), b"{")
    inspected(store)
    assert quarantined(store, "steps.jsonl").read_bytes() == steps


def test_what_is_set_aside_never_takes_the_place_of_an_earlier_one(store: FilesStore) -> None:
    for data in (b"first", b"second", b"third"):
        put(file_of(store), data)
        store.set_aside(ID, "damaged")
    kept = [p.read_bytes() for p in (store.folder / "quarantine").iterdir() if not p.name.endswith(".txt")]
    assert sorted(kept) == [b"first", b"second", b"third"]


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.symlink_to("/etc/hostname"),
        lambda path: path.symlink_to("nowhere"),
        lambda path: path.mkdir(),
        os.mkfifo,
    ],
    ids=["a link", "a link to nothing", "a folder", "a pipe"],
)
def test_what_is_no_file_is_moved_out_of_the_way_unread(make: Callable[[Path], None], store: FilesStore) -> None:
    file_of(store).unlink()
    make(file_of(store))
    kind = os.lstat(file_of(store)).st_mode
    with pytest.raises(JobDamaged, match="not a file"):
        store.read(ID)
    inspected(store)
    assert os.lstat(quarantined(store, ".json")).st_mode == kind
    assert not os.path.lexists(file_of(store))


def test_a_file_larger_than_any_job_is_not_read_into_memory(store: FilesStore) -> None:
    with file_of(store).open("wb") as file:
        file.truncate(MAX_JOB_BYTES * 1000)  # a sparse file: it takes no room
    with pytest.raises(JobDamaged, match="larger than 64 MiB"):
        store.read(ID)


def test_an_error_of_the_disk_is_no_damage(store: FilesStore, monkeypatch: pytest.MonkeyPatch) -> None:
    put(file_of(store), encode_job(make_job(revision=5)))
    real = os.open

    def failing(path: Any, *args: Any, **options: Any) -> int:
        if str(path) == str(file_of(store)):
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **options)

    monkeypatch.setattr(os, "open", failing)
    with pytest.raises(StorageProblem, match=r"could not be read .* check who owns the folder"):
        store.read(ID)
    assert inspected(store) == []
    assert [job.id for job in store.active()] == [OTHER]
    assert store.doubts()
    monkeypatch.undo()
    assert not (store.folder / "quarantine").exists()
    assert [job.revision for job in inspected(store)] == [5]
    assert not store.doubts()


def test_a_job_of_a_newer_version_is_listed_and_never_written(store: FilesStore) -> None:
    data = changed(schema=2, revision=9, title="from the future", status="pending", new_member={"a": [1]})
    put(file_of(store), data)
    with pytest.raises(JobIsNewer, match="update to use it"):
        store.read(ID)
    assert inspected(store) == []
    assert [job.title for job in store.find(Filter(), limit=9).jobs] == ["sound", "from the future"]
    assert recovery.recover(store, LATER) == [store.read(OTHER)]
    for verb in ("cancel", "delete"):
        assert requests.apply(store, Request(ID, verb), LATER) is None
    assert file_of(store).read_bytes() == data
    assert not (store.folder / "quarantine").exists()


def test_a_job_of_a_newer_version_that_looks_quite_different_is_left_alone(store: FilesStore) -> None:
    put(file_of(store), b'{"schema": 3, "everything": "else"}')
    assert inspected(store) == []
    assert file_of(store).read_bytes() == b'{"schema": 3, "everything": "else"}'


def test_members_that_this_version_does_not_know_survive_a_rewrite(store: FilesStore) -> None:
    put(file_of(store), changed(colour="blue", deep={"list": [1, {"x": None}]}))
    store.commit(lifecycle.cancel(store.read(ID), LATER))
    members = json.loads(file_of(store).read_bytes())
    assert (members["colour"], members["deep"], members["status"]) == ("blue", {"list": [1, {"x": None}]}, "cancelled")


def test_a_file_that_a_person_has_edited_by_hand_is_read(store: FilesStore) -> None:
    put(file_of(store), b'{"id": "%b", "kind": "demo",\t"created_at": "2026-01-01T12:00:00+01:00"}' % ID.encode())
    assert store.read(ID).created_at.isoformat() == "2026-01-01T12:00:00+01:00"


def test_random_changes_to_a_job_file_are_noticed_or_harmless(store: FilesStore) -> None:
    draw = random.Random(7)
    whole = encode_job(
        replace(
            make_running(title="Ünï", tags=("a",), args={"x": [1, 2.5, None, {"y": "z"}]}, steps=2), unknown={"q": 1}
        )
    )
    for number in range(MUTATIONS):
        data = mutated(whole, draw)
        put(file_of(store), data)
        with suppress(JobDamaged, JobIsNewer):
            store.read(ID)
        found = {job.id for job in inspected(store)} | {job.id for job in store.active()}
        assert OTHER in found, number
        for job in store.active():
            recovery.take_over(store, job, LATER)
        if not os.path.lexists(file_of(store)):
            assert quarantined(store, ".json").read_bytes() == data, number
            for path in (store.folder / "quarantine").iterdir():
                path.unlink()
        assert sum(store.counts().values()) == len(store.find(Filter(), limit=9).jobs)


def test_members_of_an_attempt_that_this_version_does_not_know_survive_a_rewrite(store: FilesStore) -> None:
    job = make_running()
    members = json.loads(encode_job(job))
    members["attempts"][0] |= {"host": "laptop", "unknown": {"a": 1}}
    path = store.folder / f"{ID}.json"
    path.write_text(json.dumps(members))
    store.commit(lifecycle.complete(store.read(ID), 1, LATER, "done"))
    attempt = json.loads(path.read_text())["attempts"][0]
    assert (attempt["host"], attempt["unknown"], attempt["outcome"]) == ("laptop", {"a": 1}, "completed")
    assert store.read(ID).attempts[0].unknown == {"host": "laptop", "unknown": {"a": 1}}
