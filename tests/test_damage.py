"""What the store makes of files that are not as it wrote them: never a crash, never a silent loss."""

from __future__ import annotations

import json
import os
import random
import shutil
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from making import LATER, job_id, make_job, make_running, make_step
from msgspec.structs import replace

from longtake import lifecycle, recovery, requests
from longtake.codec import MAX_JOB_BYTES, decode_job, decode_step, encode_job, encode_step
from longtake.errors import InvalidArgs, JobDamaged, JobIsNewer, JobNotFound, NotJson, StorageProblem
from longtake.job import Job, JobStatus
from longtake.store import Filter, Request, Verb
from longtake.stores.files import FilesStore

ID = job_id()
OTHER = job_id(2)
MUTATIONS = int(os.environ.get("LONGTAKE_MUTATIONS", "250"))


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
    store = FilesStore(tmp_path / "jobs")
    store.create(make_job())
    store.create(make_job(2, title="sound"))
    return store


def file_of(store: FilesStore, number: int = 1) -> Path:
    return store.folder / f"{job_id(number)}.json"


def journal_of(store: FilesStore) -> Path:
    return store.folder / f"{ID}.steps.jsonl"


def put(path: Path, data: bytes) -> None:
    """Put other contents in the place of a file, as an editor or a backup program does."""
    temporary = path.with_suffix(".new")
    temporary.write_bytes(data)
    temporary.rename(path)


def quarantined(store: FilesStore, ending: str) -> Path:
    """The one file that was set aside, with its reason beside it."""
    (path,) = [p for p in (store.folder / "quarantine").iterdir() if ending in p.name and not p.name.endswith(".txt")]
    assert f"reason: {reason_of(path)}" in path.with_name(f"{path.name}.reason.txt").read_text()
    assert reason_of(path)
    return path


def reason_of(path: Path) -> str:
    return path.with_name(f"{path.name}.reason.txt").read_text().partition("reason: ")[2].strip()


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_job_is_set_aside_as_it_is_and_the_others_go_on(data: bytes, store: FilesStore) -> None:
    put(file_of(store), data)
    with pytest.raises(JobDamaged, match=r"is damaged \(.+\)"):
        store.read(ID)
    assert [job.id for job in store.inspect()] == []
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
    owner.inspect()
    assert quarantined(owner, ".json").read_bytes() == data
    assert [job.id for job in owner.find(Filter(), limit=9).jobs] == [OTHER]


def test_a_damaged_job_takes_its_journal_along(store: FilesStore) -> None:
    store.append(ID, make_step(1))
    steps = journal_of(store).read_bytes()
    put(file_of(store), b"{")
    store.inspect()
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
    store.inspect()
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
    assert store.inspect() == []
    assert [job.id for job in store.active()] == [OTHER]
    assert store.doubts()
    monkeypatch.undo()
    assert not (store.folder / "quarantine").exists()
    assert [job.revision for job in store.inspect()] == [5]
    assert not store.doubts()


def test_a_job_of_a_newer_version_is_listed_and_never_written(store: FilesStore) -> None:
    data = changed(schema=2, revision=9, title="from the future", status="pending", new_member={"a": [1]})
    put(file_of(store), data)
    with pytest.raises(JobIsNewer, match="update to use it"):
        store.read(ID)
    assert store.inspect() == []
    assert [job.title for job in store.find(Filter(), limit=9).jobs] == ["sound", "from the future"]
    assert recovery.recover(store, LATER) == [store.read(OTHER)]
    for verb in ("cancel", "delete"):
        assert requests.apply(store, Request(ID, verb), LATER) is None
    assert file_of(store).read_bytes() == data
    assert not (store.folder / "quarantine").exists()


def test_a_job_of_a_newer_version_that_looks_quite_different_is_left_alone(store: FilesStore) -> None:
    put(file_of(store), b'{"schema": 3, "everything": "else"}')
    assert store.inspect() == []
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
        found = {job.id for job in store.inspect()} | {job.id for job in store.active()}
        assert OTHER in found, number
        for job in store.active():
            recovery.take_over(store, job, LATER)
        if not os.path.lexists(file_of(store)):
            assert quarantined(store, ".json").read_bytes() == data, number
            for path in (store.folder / "quarantine").iterdir():
                path.unlink()
        assert sum(store.counts().values()) == len(store.find(Filter(), limit=9).jobs)


def mutated(data: bytes, draw: random.Random) -> bytes:
    """Bits flipped, bytes cut out, doubled, overwritten, or digits changed."""
    changed = bytearray(data)
    for _ in range(draw.choice((1, 1, 1, 2, 5))):
        start = draw.randrange(len(changed))
        end = min(len(changed), start + draw.choice((1, 2, 8, 100)))
        match draw.randrange(6):
            case 0:
                changed[start] ^= 1 << draw.randrange(8)
            case 1:
                del changed[start:end]
            case 2:
                changed[start:start] = changed[start:end]
            case 3:
                changed[start:end] = draw.randbytes(end - start)
            case 4:
                changed[start:end] = b"\0" * (end - start)
            case _:
                changed[start:start] = draw.choice((b"9" * 30, b"-", b"null", b'"', b"[", b"}", b"1e999", b"\\ud800"))
        if not changed:
            return b""
    return bytes(changed)


# Journals ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def recorded(store: FilesStore) -> FilesStore:
    for number in range(1, 6):
        store.append(ID, make_step(number, value={"answer": f"{number} ä"}))
    return store


def names(store: FilesStore) -> list[str]:
    return [step.name for step in store.steps(ID)]


FIVE = [f"step {number}" for number in range(1, 6)]


def test_a_torn_last_line_is_cut_off(recorded: FilesStore) -> None:
    whole = journal_of(recorded).read_bytes()
    for length in range(1, len(encode_step(make_step(6), ID))):
        journal_of(recorded).write_bytes(whole + encode_step(make_step(6), ID)[:length])
        assert names(recorded) == FIVE
        assert len(recorded.repair(make_job(steps=5))) == 5
        assert journal_of(recorded).read_bytes() == whole
    assert not (recorded.folder / "quarantine").exists()


def test_a_step_after_a_torn_line_begins_a_line_of_its_own(recorded: FilesStore) -> None:
    with journal_of(recorded).open("ab") as journal:
        journal.write(b'{"crc":"0123')
    recorded.append(ID, make_step(6))
    assert names(recorded) == [*FIVE, "step 6"]


def test_a_step_after_a_torn_line_spares_what_follows_damage(recorded: FilesStore) -> None:
    lines = journal_of(recorded).read_bytes().splitlines(keepends=True)
    lines[1] = b"garbage\n"
    journal_of(recorded).write_bytes(b"".join(lines) + b"torn")
    recorded.append(ID, make_step(6))
    assert journal_of(recorded).read_bytes() == b"".join(lines) + encode_step(make_step(6), ID)


def swapped(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[2], lines[1], *lines[3:]]


@pytest.mark.parametrize(
    ("damage", "good"),
    [
        (lambda lines: [lines[0], b"garbage\n", *lines[2:]], 1),
        (lambda lines: [*lines[:3], lines[3].replace(b"answer", b"ANSWER"), lines[4]], 3),
        (lambda lines: [*lines[:2], *lines[3:]], 2),
        (lambda lines: [*lines[:2], lines[1], *lines[2:]], 2),
        (swapped, 1),
        (lambda lines: [b"\0" * 100 + b"\n", *lines], 0),
        (lambda lines: [*lines[:4], b"\xff\xfe\n"], 4),
        (lambda lines: [line.replace(b"\n", b"\r\n") for line in lines], 0),
    ],
    ids=["garbage", "a changed value", "a line gone", "a line twice", "swapped", "zeros", "last line", "line ends"],
)
def test_damage_in_a_journal_is_set_aside_and_the_good_beginning_kept(
    damage: Callable[[list[bytes]], list[bytes]], good: int, recorded: FilesStore
) -> None:
    lines = journal_of(recorded).read_bytes().splitlines(keepends=True)
    damaged = b"".join(damage(lines))
    journal_of(recorded).write_bytes(damaged)
    assert [step.name for step in recorded.repair(make_job(steps=5))] == FIVE[:good]
    assert journal_of(recorded).read_bytes() == b"".join(lines[:good])
    assert quarantined(recorded, "steps.jsonl").read_bytes() == damaged
    recorded.append(ID, make_step(good + 1))
    assert len(recorded.steps(ID)) == good + 1


def test_a_shortened_journal_is_noticed(recorded: FilesStore) -> None:
    lines = journal_of(recorded).read_bytes().splitlines(keepends=True)
    journal_of(recorded).write_bytes(b"".join(lines[:3]))
    assert len(recorded.repair(make_job(steps=5))) == 3
    (note,) = (recorded.folder / "quarantine").iterdir()
    assert "5 steps were recorded, 3 are here: the others run again" in note.read_text()


def test_a_journal_that_is_gone_is_noticed_unless_it_was_to_be_forgotten(recorded: FilesStore) -> None:
    finished = make_job(status=JobStatus.FAILED, steps=5, finished_at=LATER)
    recorded.commit(finished)
    again = requests.apply(recorded, Request(ID, "retry", {"fresh": True}), LATER)
    assert again is not None
    assert (again.steps, recorded.steps(ID)) == (0, [])
    assert not (recorded.folder / "quarantine").exists()
    assert recorded.repair(make_job(steps=5)) == []
    assert [path.name for path in (recorded.folder / "quarantine").iterdir()] == [f"{ID}.steps.jsonl.reason.txt"]


@pytest.mark.parametrize(
    "make", [lambda path: path.mkdir(), lambda path: path.symlink_to("/etc/hostname")], ids=["a folder", "a link"]
)
def test_a_journal_that_is_no_file_is_set_aside(make: Callable[[Path], None], recorded: FilesStore) -> None:
    journal_of(recorded).unlink()
    make(journal_of(recorded))
    assert recorded.steps(ID) == []
    with pytest.raises(StorageProblem):
        recorded.append(ID, make_step(1))
    assert recorded.repair(make_job(steps=5)) == []
    quarantined(recorded, "steps.jsonl")
    recorded.append(ID, make_step(1))
    assert names(recorded) == ["step 1"]


def test_random_changes_to_a_journal_never_change_a_step(recorded: FilesStore) -> None:
    draw = random.Random(11)
    whole, sound = journal_of(recorded).read_bytes(), recorded.steps(ID)
    for number in range(MUTATIONS):
        data = mutated(whole, draw)
        journal_of(recorded).write_bytes(data)
        kept = recorded.repair(make_job(steps=5))
        assert kept == sound[: len(kept)], number
        assert journal_of(recorded).read_bytes() == b"".join(encode_step(step, ID) for step in kept) or data.startswith(
            journal_of(recorded).read_bytes()
        )
        folder = recorded.folder / "quarantine"
        left = list(folder.iterdir()) if folder.exists() else []
        assert left or len(kept) == 5, number
        for path in left:
            assert path.name.endswith(".txt") or path.read_bytes() == data
            path.unlink()


def test_a_line_nested_too_deeply_is_damage() -> None:
    line = encode_step(make_step(1, value=[]), ID)
    body = b"{" + line[len(b'{"crc":"00000000",') :].rstrip(b"\n").replace(b"[]", b"[" * 100_000 + b"]" * 100_000)
    with pytest.raises(ValueError, match="nested too deeply"):
        decode_step(b'{"crc":"%08x",%b' % (zlib.crc32(body, zlib.crc32(ID.encode())), body[1:]), ID)


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


def test_the_journal_of_another_job_is_damage_and_its_steps_are_not_believed(recorded: FilesStore) -> None:
    other = make_job(3)
    recorded.create(other)
    shutil.copy(journal_of(recorded), recorded.folder / f"{other.id}.steps.jsonl")
    assert recorded.steps(other.id) == []
    assert recorded.repair(other) == []
    quarantined(recorded, "steps.jsonl")


# Requests, keys, notes ---------------------------------------------------------------------------------------------


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


# What cannot be written is refused before anything is ------------------------------------------------------------


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
