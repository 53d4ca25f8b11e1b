"""A power cut while files are on the way to their place: the first process that looks brings them there."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from changes import ID, left_on_the_way
from faults import Dead, faults
from making import inspected, make_job, make_running

from longtake.errors import JobIsNewer, JobNotFound, StorageProblem
from longtake.job import Job
from longtake.store import Filter
from longtake.stores import boot, placing
from longtake.stores.files import FilesStore

LOOKS: dict[str, Callable[[FilesStore], object]] = {
    "read": lambda store: store.read(ID),
    "find": lambda store: store.find(Filter(), limit=9),
    "active": lambda store: store.active(),
    "inspect": inspected,
    "create": lambda store: store.create(make_job(3)),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one job, on a file system that keeps a new file's name with its contents."""
    monkeypatch.setattr(placing, "file_system_of", lambda _: "ext4")
    FilesStore(tmp_path).create(make_job(2))
    return tmp_path


def on_the_way(folder: Path) -> list[str]:
    """What is on the way to its place."""
    return sorted(path.name for path in (folder / "placing").iterdir() if path.name != "lock")


def quarantined(folder: Path) -> list[Path]:
    """What was set aside."""
    return [path for path in (folder / "quarantine").glob("*") if path.suffix != ".txt"]


def restart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start the computer anew."""
    monkeypatch.setattr(boot, "boot_id", lambda: "another start of the computer")


def cut_the_power_before(call: str, change: Callable[[], object]) -> None:
    """End the process in the middle of a change."""

    def fault(_: int, name: str) -> None:
        if name in {call, "unlink"}:
            raise Dead

    with faults(fault), pytest.raises(Dead):
        change()


@pytest.mark.parametrize("look", LOOKS)
def test_a_new_job_on_the_way_is_there_for_whoever_looks_first(
    look: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FilesStore(folder)
    store.find(Filter(), limit=1)
    cut_the_power_before("link", lambda: store.create(make_job()))
    assert not (folder / f"{ID}.json").exists()
    assert len(on_the_way(folder)) == 1
    restart(monkeypatch)
    after = FilesStore(folder)
    LOOKS[look](after)
    assert on_the_way(folder) == []
    assert after.read(ID) == make_job()
    assert ID in [job.id for job in after.find(Filter(), limit=9).jobs]
    assert ID in [job.id for job in after.active()]


def test_a_change_on_the_way_is_brought_to_its_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, started = FilesStore(folder), make_running(revision=2)
    store.create(make_job())
    cut_the_power_before("replace", lambda: store.commit(started))
    assert FilesStore(folder).read(ID) == make_job()
    assert len(on_the_way(folder)) == 1, "a living process of this start may still move it"
    restart(monkeypatch)
    assert FilesStore(folder).read(ID) == started
    assert (on_the_way(folder), quarantined(folder)) == ([], [])


@pytest.mark.parametrize("revision", [1, 2])
def test_what_is_not_newer_than_the_file_at_its_place_is_dropped(revision: int, folder: Path) -> None:
    store = FilesStore(folder)
    store.create(make_job(revision=2))
    left_on_the_way(store, make_job(revision=revision, title="old"))
    assert FilesStore(folder).read(ID).title == ""
    assert on_the_way(folder) == []


def test_the_newest_of_several_wins(folder: Path) -> None:
    for revision in (3, 5, 4):
        left_on_the_way(FilesStore(folder), make_job(revision=revision), f"earlier{revision}")
    assert FilesStore(folder).read(ID).revision == 5
    assert on_the_way(folder) == []


@pytest.mark.parametrize("part", [0.0, 0.01, 0.5, 0.99])
def test_what_was_not_written_to_its_end_was_promised_to_nobody(part: float, folder: Path) -> None:
    path = left_on_the_way(FilesStore(folder), make_job())
    data = path.read_bytes()
    path.write_bytes(data[: int(part * len(data))])
    with pytest.raises(JobNotFound):
        FilesStore(folder).read(ID)
    assert (on_the_way(folder), quarantined(folder)) == ([], [])


def test_damage_at_the_place_is_kept_before_a_whole_file_takes_it(folder: Path) -> None:
    store = FilesStore(folder)
    store.create(make_job())
    (folder / f"{ID}.json").write_bytes(b"damage")
    left_on_the_way(store, make_job(revision=2))
    assert FilesStore(folder).read(ID).revision == 2
    assert [path.read_bytes() for path in quarantined(folder)] == [b"damage"]


def test_a_file_of_a_newer_version_is_brought_to_its_place_as_well(folder: Path) -> None:
    path = left_on_the_way(FilesStore(folder), make_job())
    data = b'{"id": "%b", "revision": 7, "schema": 99, "and": "more"}' % ID.encode()
    path.write_bytes(data)
    with pytest.raises(JobIsNewer):
        FilesStore(folder).read(ID)
    assert (folder / f"{ID}.json").read_bytes() == data


def test_a_job_that_was_deleted_does_not_come_back(folder: Path) -> None:
    """What has left `placing/` is made sure of before the job is gone."""
    store = FilesStore(folder)
    store.create(make_job())
    synced: list[str] = []
    real = os.fsync

    def fsync(fd: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{fd}")).name)
        real(fd)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        store.remove(ID)
    assert synced == ["placing", folder.name]


def test_many_that_look_at_once_bring_each_to_its_place_once(folder: Path) -> None:
    jobs = [make_job(number, revision=revision) for number in range(10, 30) for revision in (2, 3)]
    for job in jobs:
        left_on_the_way(FilesStore(folder), job, f"earlier{job.revision}")
    problems: list[BaseException] = []

    def look() -> None:
        try:
            assert all(FilesStore(folder).read(job.id).revision == 3 for job in jobs)
        except BaseException as error:  # noqa: BLE001 (told by the assertion below)
            problems.append(error)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert on_the_way(folder) == []


def test_what_cannot_be_brought_to_its_place_is_told_and_not_taken_for_missing(folder: Path) -> None:
    left_on_the_way(FilesStore(folder), make_job())
    store = FilesStore(folder)

    def read_only(_: int, name: str) -> None:
        if name == "replace":
            raise OSError(30, "Read-only file system")

    with faults(read_only), pytest.raises(StorageProblem, match="mount it writable"):
        store.read(ID)
    assert store.read(ID) == make_job()


def test_a_process_that_died_leaves_nothing_here_for_ever(folder: Path) -> None:
    stamp = boot.boot_id()[:8]
    path = left_on_the_way(FilesStore(folder), make_job(), stamp)
    inspected(FilesStore(folder))
    assert path.exists()
    os.utime(path, (0, 0))
    inspected(FilesStore(folder))
    assert not path.exists()


def test_where_nothing_is_known_of_the_file_system_the_folder_is_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind, start in (("overlay", "a start"), (None, "a start"), ("ext4", "")):
        monkeypatch.setattr(placing, "file_system_of", lambda _, kind=kind: kind)
        monkeypatch.setattr(boot, "boot_id", lambda start=start: start)
        store = FilesStore(tmp_path / f"{kind}")
        store.create(make_job())
        with faults(lambda _n, _name: None) as calls:
            store.commit(make_job(revision=2))
        assert calls[-3:] == ["replace", "open", "fsync"]
        assert store.read(ID).revision == 2


def test_a_file_system_without_hard_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    made: list[Job] = []
    for kind in ("ext4", "vfat"):
        monkeypatch.setattr(placing, "file_system_of", lambda _, kind=kind: kind)
        store = FilesStore(tmp_path / kind)
        store.create(make_job())
        with pytest.raises(Exception, match="There is a job"):
            store.create(make_job(title="another"))
        made.append(store.read(ID))
        assert store.reserve("key", ID) == ID
        assert store.reserve("key", make_job(2).id) == ID
        assert not list(tmp_path.rglob("*.tmp"))
    assert made == [make_job(), make_job()]
