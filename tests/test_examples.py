"""Every example runs as it is, and does what it says."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from support import eventually

from longtake import JobQueue

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with the examples; workers that they started end with the test."""
    shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    yield tmp_path
    for jobs in (tmp_path / "jobs", tmp_path / "data" / "jobs"):
        worker = JobQueue(jobs, mode="external").worker()
        if worker is not None and worker.pid:
            with suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGKILL)


def run(folder: Path, program: str) -> str:
    """What a program prints."""
    return subprocess.check_output([sys.executable, program], cwd=folder, text=True, timeout=60)


def test_the_quickstart_is_twenty_lines_and_prints_its_answers(folder: Path) -> None:
    text = (folder / "quickstart.py").read_text()
    assert len([line for line in text.splitlines() if line.strip()]) <= 20
    assert text in (EXAMPLES.parent / "docs" / "quickstart.md").read_text()
    said = run(folder, "quickstart.py")
    assert said == "['Metropolis is a good film', 'Sunrise is a good film', 'Greed is a good film']\n"


def test_resume_shows_a_killed_worker_and_no_recorded_step_done_twice(folder: Path) -> None:
    said = run(folder, "resume.py")
    assert "kill -9" in said
    assert "result: 55" in said
    assert "attempt 1: interrupted worker died" in said
    calls = re.findall(r"'(\d)'", said.splitlines()[-1])
    assert set(calls) == set("12345")
    assert calls.count("1") == calls.count("2") == 1, "they were recorded before the kill"
    assert len(calls) <= 6, "only the call in flight is made again"


def test_morning_shows_a_job_for_each_day_and_who_is_told(folder: Path) -> None:
    assert run(folder, "morning.py").splitlines() == [
        f"{day}: news completed, 3 lines" for day in ("Thursday", "Friday", "Saturday")
    ]


@contextmanager
def app_in(folder: Path) -> Iterator[httpx2.Client]:
    """The app of `reports.py` behind a real server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"REPORTS_DATA": str(folder / "data")}
    command = [sys.executable, "-m", "uvicorn", "reports:app", "--port", str(port), "--log-level", "warning"]
    with subprocess.Popen(command, cwd=folder, env=environment) as server:
        try:
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
                eventually(lambda: _answers(client))
                yield client
        finally:
            server.terminate()


def _answers(client: httpx2.Client) -> bool:
    try:
        return client.get("/api/jobs").is_success
    except httpx2.TransportError:
        return False


def test_reports_has_jobs_of_its_own_and_shows_them(folder: Path) -> None:
    data = folder / "data"
    data.mkdir()
    (data / "a.ppm").write_bytes(b"P6\n4 2\n255\n" + bytes(range(24)))
    (data / "busy").touch()
    with app_in(folder) as client:
        asked = {"week": "2026-11-23", "shop": ["Busy shop", "Corner shop"]}
        report = client.post("/reports", params=asked).json()["job_id"]
        assert client.post("/reports", params=asked).json()["job_id"] == report, "asked twice it is one job"
        small = client.post("/thumbnails", params={"width": 2}).json()["job_id"]
        done = {job_id: eventually(partial(_completed, client, job_id)) for job_id in (report, small)}
        assert done[small]["result"] == {"a.ppm": str(data / "a.2.ppm")}
        assert (data / "a.2.ppm").read_bytes() == b"P6\n2 1\n255\n" + bytes([0, 1, 2, 6, 7, 8])
        assert done[report]["result"].startswith("# Week of 23 November 2026\n\n- Busy shop: ")
        assert [attempt["outcome"] for attempt in done[report]["attempts"]] == ["retried", "completed"]
        steps = client.get(f"/api/jobs/{report}/steps").json()["steps"]
        assert sorted(step["name"] for step in steps) == ["ask Busy shop", "ask Corner shop"]
        assert "<html" in client.get("/jobs/").text
        assert client.get("/jobs/api/jobs", params={"kind": "weekly report"}).json()["jobs"][0]["job_id"] == report


def _completed(client: httpx2.Client, job_id: str) -> Any:
    job = client.get(f"/api/jobs/{job_id}").json()
    return job if job["status"] == "completed" else None
