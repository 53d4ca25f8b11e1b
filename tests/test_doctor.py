"""The doctor finds what is wrong, says what to do, and changes nothing."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import functools
import json
import os
import types
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from folder_of_jobs import Folder
from msgspec.structs import replace

from longtake import Job, JobQueue, Step
from longtake.cli import main
from longtake.doctor import Check, examine, folders, jobs, leftovers
from longtake.ids import new_id
from longtake.store import Request, WorkerInfo
from longtake.stores.memory import MemoryStore
from longtake.testing import START, FakeClock


class Patient:
    """A queue to be examined."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.folder = folder
        self.queue = JobQueue(folder, mode="external", clock=self.clock)

    def submit(self) -> Job:
        """A waiting job."""
        return asyncio.run(self.queue.submit("work", title="Something"))

    def checks(self, **options: Any) -> dict[str, Check]:
        """What the doctor says."""
        return {check.name: check for check in asyncio.run(examine(self.queue, **options))}

    def wrong(self, **options: Any) -> dict[str, Check]:
        """What it says is wrong; each with its remedy."""
        wrong = {name: check for name, check in self.checks(**options).items() if not check.ok}
        assert all(check.fix for check in wrong.values())
        return wrong

    def own(self) -> None:
        """Be a worker that does nothing."""
        assert self.queue.store.own(WorkerInfo(id="w", pid=os.getpid(), started_at=START))


@pytest.fixture
def patient(tmp_path: Path) -> Patient:
    """One with no folder yet."""
    return Patient(tmp_path / "jobs")


def test_what_is_not_there_yet_is_well_and_nothing_is_made(patient: Patient, tmp_path: Path) -> None:
    assert patient.wrong() == {}
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_a_worker_is_well_and_left_as_it_is(patient: Patient) -> None:
    patient.submit()
    patient.own()
    patient.checks()
    before = {path: path.stat().st_mtime_ns for path in patient.folder.rglob("*") if path.is_file()}
    assert patient.wrong() == {}
    after = {path: path.stat().st_mtime_ns for path in patient.folder.rglob("*") if path.is_file()}
    assert before == after


def test_jobs_that_wait_without_a_worker_are_a_fault_and_the_remedy_is_the_programs_own(patient: Patient) -> None:
    patient.submit()
    wrong = patient.wrong(how_to_start="Push the button")
    assert set(wrong) == {"Worker"}
    assert "1 job is unfinished" in wrong["Worker"].detail
    assert (wrong["Worker"].fix or "").startswith("Push the button")


def test_a_folder_that_cannot_be_used_is_found(patient: Patient) -> None:
    patient.folder.write_text("a file in its place")
    assert "cannot be used" in patient.wrong()["Jobs folder"].detail


def test_a_folder_that_others_can_write_to_is_found(patient: Patient) -> None:
    patient.submit()
    patient.folder.chmod(0o770)
    assert patient.wrong()["Jobs folder"].fix == f"chmod go-w {patient.folder}"


def test_a_disk_that_is_nearly_full_of_bytes_or_of_files_is_found(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = functools.partial(types.SimpleNamespace, f_bavail=1 << 30, f_frsize=4096)
    assert "GB are needed" in patient.wrong(disk_floor=1 << 60)["Disk"].detail
    monkeypatch.setattr(os, "statvfs", lambda _: full(f_files=9999, f_favail=7))
    assert "Only 7 more files" in patient.wrong()["Disk"].detail
    monkeypatch.setattr(os, "statvfs", lambda _: full(f_files=0, f_favail=0))
    assert patient.wrong() == {}


def test_a_file_system_that_cannot_be_relied_on_is_found(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    patient.submit()
    patient.own()

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no")

    with monkeypatch.context() as here:
        here.setattr(fcntl, "flock", refuse)
        assert "has no locks" in patient.checks()["File system"].detail
        assert not patient.checks()["File system"].ok
    monkeypatch.setattr(folders, "file_system_of", lambda _: "nfs4")
    assert "another computer (nfs4)" in patient.wrong()["File system"].detail
    assert not list(patient.folder.glob(".doctor*"))


def test_a_clock_that_was_put_back_is_found(patient: Patient) -> None:
    patient.submit()
    patient.own()
    patient.clock.turn(-86_400)
    wrong = patient.wrong()
    assert set(wrong) == {"Clock"}
    assert "2025-12-31" in wrong["Clock"].detail


def test_damaged_files_are_counted_without_their_reasons(patient: Patient) -> None:
    job = patient.submit()
    patient.own()
    patient.queue.store.set_aside(job.id, "torn")
    wrong = patient.wrong()
    assert set(wrong) == {"Damaged jobs"}
    assert "1 file is in" in wrong["Damaged jobs"].detail


def test_a_job_that_the_list_does_not_know_or_that_is_gone_is_found(patient: Patient) -> None:
    job = patient.submit()
    patient.own()
    assert patient.wrong() == {}
    copy = replace(job, id=new_id(START + timedelta(seconds=1)))
    text = (patient.folder / f"{job.id}.json").read_text()
    (patient.folder / f"{copy.id}.json").write_text(text.replace(job.id, copy.id))
    assert copy.id in patient.wrong()["List of jobs"].detail
    (patient.folder / f"{copy.id}.json").unlink()
    (patient.folder / f"{job.id}.json").unlink()
    assert "1 in it are gone" in patient.wrong()["List of jobs"].detail


def test_a_journal_that_has_lost_steps_is_found(patient: Patient) -> None:
    job = patient.submit()
    patient.own()
    store = patient.queue.store
    for number in (1, 2):
        store.append(job.id, Step(number=number, name=f"{number}", args="", value=1, finished_at=START))
    store.commit(replace(job, steps=2, revision=2))
    assert patient.wrong() == {}
    journal = patient.folder / f"{job.id}.steps.jsonl"
    journal.write_bytes(journal.read_bytes()[:-5])
    assert job.id in patient.wrong()["Journals"].detail


def test_a_worker_that_does_not_do_what_it_is_asked_is_found(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "PATIENCE", 0.1)
    job = patient.submit()
    patient.queue.store.ask(Request(job.id, "cancel"))
    assert patient.checks()["Requests"].detail == "1 wait for a worker; it does them first when it starts."
    patient.own()
    assert "has not taken 1" in patient.wrong()["Requests"].detail


def test_what_dead_processes_left_is_told_and_a_log_that_fills_the_disk_is_a_fault(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient.submit()
    patient.own()
    (patient.folder / ".x.json.0123.tmp").write_text("half")
    os.utime(patient.folder / ".x.json.0123.tmp", (1, 1))
    assert patient.checks()["Leftovers"].detail.startswith("1 file ")
    assert patient.wrong() == {}
    monkeypatch.setattr(leftovers, "LARGEST_LOG", 10)
    (patient.folder / "run" / "worker.log").write_text("x" * 11)
    assert "has grown" in patient.wrong()["Leftovers"].detail


def test_what_cannot_be_looked_at_is_a_finding_too(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    patient.submit()
    patient.own()

    def fail(_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(jobs, "look_at_index", fail)
    assert patient.wrong()["List of jobs"].detail == "This could not be looked at: Permission denied"


def test_jobs_in_memory_have_no_folder_to_look_at() -> None:
    queue = JobQueue(mode="inline", store=MemoryStore())
    checks = asyncio.run(examine(queue))
    assert all(check.ok for check in checks)
    assert "Jobs folder" not in {check.name for check in checks}


def test_the_command_says_it_to_people_and_programs_and_ends_with_1(
    folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = folder.run("doctor")
    assert code == 1
    assert "✗ Worker" in out
    assert "→ Start your program" in out
    assert "1 of " in err
    assert main(["doctor", "--dir", str(tmp_path / "none"), "--json"]) == 0
    assert {"name", "ok", "detail", "fix"} == set(json.loads(capsys.readouterr().out)["checks"][0])
    assert main(["doctor", "--dir", str(tmp_path / "none")]) == 0
    assert "All is well." in capsys.readouterr().err
