"""The doctor finds what is wrong, says what to do, and changes nothing."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from pathlib import Path

import pytest
from films import tiny_film
from servers import COMPARE, Server
from waiting import eventually

from app.doctor import examine
from app.settings import Settings
from app.videos.library import VideoLibrary
from longtake import JobQueue
from longtake.doctor import Check


class Patient:
    """A data folder to be examined."""

    def __init__(self, data: Path) -> None:
        self.settings = Settings(data_dir=data, free_disk_floor_bytes=1)
        self.queue = JobQueue(data / "jobs", mode="external")
        self.library = VideoLibrary(data / "uploads", max_bytes=1, free_disk_floor_bytes=1)

    def checks(self, settings: Settings | None = None) -> dict[str, Check]:
        found = asyncio.run(examine(settings or self.settings, self.queue, self.library))
        return {check.name: check for check in found}

    def wrong(self, settings: Settings | None = None) -> dict[str, Check]:
        return {name: check for name, check in self.checks(settings).items() if not check.ok and name != "Page"}


@pytest.fixture
def patient(tmp_path: Path) -> Patient:
    return Patient(tmp_path / "data")


def test_a_fresh_folder_is_well_and_nothing_is_made_in_it(patient: Patient, tmp_path: Path) -> None:
    assert patient.wrong() == {}
    assert list(tmp_path.iterdir()) == []


def test_every_fault_comes_with_its_remedy(patient: Patient, tmp_path: Path) -> None:
    quarantine = tmp_path / "data" / "jobs" / "quarantine"
    quarantine.mkdir(parents=True)
    (quarantine / "x.json.20260101T000000").write_text("{")
    (quarantine / "x.json.20260101T000000.reason.txt").write_text("torn")
    (tmp_path / "data" / "uploads" / ("a" * 20)).mkdir(parents=True)
    asyncio.run(patient.queue.submit("compare"))
    wrong = patient.wrong(Settings(data_dir=tmp_path / "data", free_disk_floor_bytes=1 << 60))
    assert set(wrong) == {"Worker", "Damaged jobs", "Videos", "Disk"}
    assert all(check.fix for check in wrong.values())
    assert "1 job is unfinished" in wrong["Worker"].detail
    assert "1 file is in" in wrong["Damaged jobs"].detail


def test_a_folder_that_cannot_be_used_is_found(patient: Patient, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "jobs").write_text("a file in its place")
    wrong = patient.wrong()
    assert "cannot be used" in wrong["Jobs folder"].detail
    assert all(check.fix for check in wrong.values())


def test_a_missing_key_is_no_fault_and_its_value_is_never_shown(patient: Patient) -> None:
    without = patient.checks()["Gemini models"]
    assert (without.ok, "GEMINI_API_KEY" in (without.fix or "")) == (True, True)
    settings = Settings(data_dir=patient.settings.data_dir, keys_present=("GOOGLE_API_KEY",))
    with_key = patient.checks(settings)["Gemini models"]
    assert (with_key.ok, with_key.fix, with_key.detail) == (True, None, "GOOGLE_API_KEY is set.")


def test_the_server_and_the_command_line_say_the_same(server: Server) -> None:
    eventually(lambda: server.get("/api/health")["worker"]["alive"])
    checks = server.get("/api/doctor")["checks"]
    assert set(checks[0]) == {"name", "ok", "detail", "fix"}
    said = subprocess.run(
        [str(COMPARE), "doctor", "--json", "--data", str(server.data)], capture_output=True, text=True, check=False
    )
    printed = json.loads(said.stdout)["checks"]
    assert [(check["name"], check["ok"]) for check in printed] == [(check["name"], check["ok"]) for check in checks]
    assert said.returncode == int(not all(check["ok"] for check in printed))
    assert f"Process {server.worker_pid()}" in str(checks)


def test_unfinished_jobs_without_a_worker_end_the_doctor_with_1(server: Server) -> None:
    film = server.http.post("/api/videos", files={"file": ("film.mp4", tiny_film())}).json()["video_id"]
    body = {"video_id": film, "prompt": "?", "models": ["demo/stream"]}
    job_id = server.post("/api/compare-async", body)["job_id"]
    eventually(lambda: server.job(job_id)["status"] == "running")
    worker = server.worker_pid()
    server.kill()
    os.kill(worker, signal.SIGKILL)
    said = subprocess.run(
        [str(COMPARE), "doctor", "--data", str(server.data)], capture_output=True, text=True, check=False
    )
    assert said.returncode == 1
    assert "✗ Worker" in said.stdout
    assert "→ Start the server" in said.stdout
