"""What the store makes of journals that are not as it wrote them: the good beginning is kept, the rest set aside."""

from __future__ import annotations

import random
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from damaged import ID, MUTATIONS, journal_of, mutated, quarantined, two_jobs
from making import LATER, make_job, make_step

from longtake import requests
from longtake.codec import decode_step, encode_step
from longtake.errors import StorageProblem
from longtake.job import JobStatus
from longtake.store import Request
from longtake.stores.files import FilesStore


@pytest.fixture
def store(tmp_path: Path) -> FilesStore:
    return two_jobs(tmp_path / "jobs")


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


def test_the_journal_of_another_job_is_damage_and_its_steps_are_not_believed(recorded: FilesStore) -> None:
    other = make_job(3)
    recorded.create(other)
    shutil.copy(journal_of(recorded), recorded.folder / f"{other.id}.steps.jsonl")
    assert recorded.steps(other.id) == []
    assert recorded.repair(other) == []
    quarantined(recorded, "steps.jsonl")
