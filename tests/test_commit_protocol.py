"""A change is there or it is not, and what was acknowledged is there: at every call that a crash or error may hit."""

from __future__ import annotations

import errno
import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from changes import CHANGES, ID, Change, state_of, take_over
from faults import error_at, faults
from making import inspected, make_job, make_step

from longtake.errors import JobNotFound, StorageProblem
from longtake.stores import atomic, placing
from longtake.stores.files import FilesStore

HERE = Path(__file__).parent
DATA = {"ext4": "fsync", "another": "fdatasync"}
"""How the contents of a job file are synced on each."""


@pytest.fixture(params=DATA, autouse=True)
def file_system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Job files are written in one way on some file systems, and in another on the rest."""
    kind = str(request.param)
    monkeypatch.setattr(placing, "file_system_of", lambda _: kind)
    return kind


@pytest.mark.parametrize("name", CHANGES)
def test_a_kill_at_any_call_leaves_the_old_state_or_the_new(name: str, file_system: str, tmp_path: Path) -> None:
    command = [sys.executable, str(HERE / "killing.py"), str(tmp_path), name, file_system]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    kills = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(kills) > 1
    assert {kill["state"] for kill in kills} <= {"old", "new"}, kills
    assert [kill["acknowledged"] for kill in kills] == [False] * (len(kills) - 1) + [True]
    assert kills[-1]["state"] == "new"


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("name", CHANGES)
def test_an_error_at_any_call_is_told_or_does_not_matter_and_a_second_try_works(
    name: str, code: int, tmp_path: Path
) -> None:
    change = CHANGES[name]
    whole = FilesStore(tmp_path / "whole")
    change.before(whole)
    change.act(whole)
    new = state_of(whole)
    whole.close()
    for number in itertools.count(1):
        store = FilesStore(tmp_path / str(number))
        change.before(store)
        before = open_files()
        with faults(error_at(number, code)) as calls:
            told = what_is_told(change, store)
        assert told is None or (told.errno == code and "could not be" in str(told))
        assert open_files() <= before, f"call {number} of {calls} leaks"
        if told is not None or not change.tells:
            change.act(store)
        assert state_of(store) == new, f"call {number} of {calls}, told: {told}"
        is_clean = not list(store.folder.rglob(f"*{atomic.TEMPORARY}"))
        store.close()
        if len(calls) < number:
            break
        assert is_clean or calls[number - 1] == "unlink"
    assert number > 1


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("create", ["write", "data", "link", "folder"]),
        ("reserve a key", ["write", "fdatasync", "link", "fsync"]),
        ("commit", ["write", "data", "replace", "folder"]),
        ("remember", ["write", "fdatasync", "replace", "fsync"]),
        ("commit of progress", ["write", "data", "replace"]),
        ("first step", ["write", "fdatasync", "fsync"]),
        ("later step", ["write", "fdatasync"]),
        ("repair of a torn journal", ["ftruncate", "fdatasync"]),
        ("set aside", ["fdatasync", "replace", "fsync", "rename", "fsync", "fsync"]),
    ],
)
def test_contents_are_synced_before_they_get_their_name_and_the_name_before_the_answer(
    name: str, order: list[str], file_system: str, tmp_path: Path
) -> None:
    store = FilesStore(tmp_path)
    CHANGES[name].before(store)
    with faults(lambda _n, _name: None) as calls:
        CHANGES[name].act(store)
    order = [DATA[file_system] if call == "data" else call for call in order]
    order = [call for call in order if call != "folder"] + ["fsync"] * (file_system != "ext4" and "folder" in order)
    made = iter(calls)
    assert all(call in made for call in order), f"{calls} is not {order}"
    assert ("fsync" in calls) == ("fsync" in order)


def test_a_removal_is_synced_before_the_answer(tmp_path: Path) -> None:
    store = FilesStore(tmp_path)
    CHANGES["remove"].before(store)
    with faults(lambda _n, _name: None) as calls:
        store.remove(ID)
    assert calls.index("fsync") > max(number for number, call in enumerate(calls) if call == "unlink")


def what_is_told(change: Change, store: FilesStore) -> StorageProblem | None:
    try:
        change.act(store)
    except StorageProblem as error:
        return error
    return None


def open_files() -> set[str]:
    """What this process has open."""
    return {f"{fd} {os.readlink(f'/proc/self/fd/{fd}')}" for fd in os.listdir("/proc/self/fd") if is_open(fd)}


def is_open(fd: str) -> bool:
    try:
        os.fstat(int(fd))
    except OSError:
        return False
    return True


@pytest.mark.parametrize("name", ["first step", "later step"])
def test_a_step_that_was_refused_leaves_no_trace(name: str, tmp_path: Path) -> None:
    for number in itertools.count(1):
        store = FilesStore(tmp_path / str(number))
        CHANGES[name].before(store)
        journal = store.folder / f"{ID}.steps.jsonl"
        before = journal.read_bytes() if journal.exists() else b""
        with faults(error_at(number, errno.EIO)) as calls:
            told = what_is_told(CHANGES[name], store)
        if len(calls) < number:
            break
        assert told is not None
        assert (journal.read_bytes() if journal.exists() else b"") == before, f"call {number} of {calls}"
    assert number > 3


def fail_to_sync(_: int, name: str) -> None:
    if name == "fsync":
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_a_create_that_cannot_be_made_durable_leaves_no_job_behind(tmp_path: Path) -> None:
    store = FilesStore(tmp_path)
    store.create(make_job(2))
    with faults(fail_to_sync), pytest.raises(StorageProblem):
        store.create(make_job())
    with pytest.raises(JobNotFound):
        store.read(ID)
    store.create(make_job())
    assert store.read(ID) == make_job()


def test_a_write_that_takes_only_a_part_goes_on_with_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, bytes(data)[:7]))
    store = FilesStore(tmp_path)
    store.create(make_job())
    store.append(ID, make_step(1, value="x" * 1000))
    monkeypatch.undo()
    assert store.read(ID) == make_job()
    assert store.steps(ID) == [make_step(1, value="x" * 1000)]


def test_a_temporary_file_of_a_dead_process_is_in_nobodys_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getpid", lambda: 1)  # as in a container, where each worker has the same number
    first, second = FilesStore(tmp_path), FilesStore(tmp_path)
    first.create(make_job())
    for path in (tmp_path / f".{ID}.json.1.{number}.tmp" for number in range(50)):
        path.write_bytes(b"half a jo")
    second.commit(make_job(revision=2))
    assert first.read(ID).revision == 2


def test_what_dead_processes_left_is_swept_up_after_an_hour(tmp_path: Path) -> None:
    store = FilesStore(tmp_path)
    store.create(make_job())
    store.append(ID, make_step(1))
    old = [tmp_path / f".{ID}.json.abc{atomic.TEMPORARY}", tmp_path / f"{'1' * 26}.steps.jsonl"]
    young = [tmp_path / f".{ID}.json.def{atomic.TEMPORARY}", tmp_path / f"{'2' * 26}.steps.jsonl"]
    for path in old + young:
        path.write_bytes(b"left")
    for path in old:
        os.utime(path, (0, 0))
    os.utime(tmp_path / f"{ID}.steps.jsonl", (0, 0))
    inspected(store)
    assert [path for path in old if path.exists()] == []
    assert [path for path in young if not path.exists()] == []
    assert store.steps(ID) == [make_step(1)]


WORK = """
import sys
from changes import *
store = FilesStore(sys.argv[1])
CHANGES["create"].before(store)
print("before", flush=True)
store.create(make_job())
print("created", flush=True)
store.commit(make_job(revision=2))
print("committed", flush=True)
store.append(ID, make_step(1))
print("recorded", flush=True)
"""


def under_strace(folder: Path, *options: str) -> list[str]:
    """Do the work under strace; returns what was acknowledged."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *filter(None, sys.path)])}
    command = ["strace", "-f", *options, sys.executable, "-c", WORK, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=60)
    return done.stdout.split()


@pytest.mark.skipif(shutil.which("strace") is None and "CI" not in os.environ, reason="needs strace")
@pytest.mark.parametrize("call", ["write", "fdatasync", "rename", "fsync"])
def test_the_kernel_agrees_when_it_kills_at_a_system_call(call: str, tmp_path: Path) -> None:
    log = tmp_path / "calls"
    assert under_strace(tmp_path / "whole", "-o", str(log), "-e", f"trace=write,{call}")[-1] == "recorded"
    calls = [line for line in log.read_text().splitlines() if f"{call}(" in line or '"before' in line]
    begin = next(number for number, line in enumerate(calls) if '"before' in line)
    possible = range(begin + 1, len(calls) + (call == "write"))
    killed = 0
    for number in {possible[len(possible) // 2], possible[-1]}:
        kill = f"inject={call}:signal=KILL:when={number}"
        told = under_strace(tmp_path / str(number), "-o", "/dev/null", "-e", f"trace={call}", "-e", kill)
        killed += "recorded" not in told
        left = take_over(tmp_path / str(number))
        assert "created" not in told or left.job is not None
        assert "committed" not in told or left.job.revision == 2
        assert "recorded" not in told or left.steps == ["step 1"]
        assert [(job_id, revision) for job_id, _, revision in left.listed] == (
            [(ID, left.job.revision)] if left.job else []
        )
    assert killed > 0
