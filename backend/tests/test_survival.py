"""What is killed comes back, and nothing that is done is done again."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

from servers import Server, running_server
from waiting import eventually

PROMPTS = [f"Question {number}" for number in range(1, 11)]


def _start_batch(server: Server) -> str:
    """Ten cells of a second each, four at once."""
    body = {"video_ids": [server.sample()], "prompts": PROMPTS, "models": ["demo/stream"]}
    return str(server.post("/api/batch-compare-async", body)["job_id"])


def _times_asked(server: Server) -> Counter[str]:
    lines = [line for line in server.worker_log().splitlines() if ": asking demo/stream" in line]
    return Counter(line.split("Cell ")[1].split(":")[0] for line in lines)


def _recorded(server: Server, job_id: str) -> set[str]:
    return {step["value"]["cell"] for step in server.journal(job_id)}


def test_the_job_goes_on_while_no_server_runs_and_the_next_one_shows_the_truth(server: Server) -> None:
    job_id = _start_batch(server)
    eventually(lambda: server.journal(job_id))
    server.kill()
    at_the_kill = server.file(job_id)
    steps_then = len(server.journal(job_id))
    eventually(lambda: server.file(job_id)["progress"] > at_the_kill["progress"])
    eventually(lambda: len(server.journal(job_id)) > steps_then)
    assert server.file(job_id)["status"] == "running"

    server.restart()
    shown = server.job(job_id)
    assert shown["progress"] >= at_the_kill["progress"]
    job = server.finished(job_id)
    assert job["status"] == "completed"
    assert len(job["attempts"]) == 1
    assert set(_times_asked(server).values()) == {1}


def test_a_job_finished_while_no_server_ran_is_shown_finished(server: Server) -> None:
    job_id = _start_batch(server)
    eventually(lambda: server.journal(job_id))
    server.kill()
    eventually(lambda: server.file(job_id)["status"] == "completed")
    server.restart()
    assert server.job(job_id)["status"] == "completed"
    assert server.get("/api/jobs")["counts"]["completed"] == 1


def test_a_killed_worker_is_replaced_within_two_seconds_and_no_recorded_cell_is_asked_again(server: Server) -> None:
    job_id = _start_batch(server)
    eventually(lambda: len(server.journal(job_id)) >= 2)
    os.kill(server.worker_pid(), signal.SIGKILL)
    killed = time.monotonic()
    recorded = _recorded(server, job_id)
    asked_before = _times_asked(server)
    eventually(lambda: _times_asked(server) - asked_before)
    assert time.monotonic() - killed < 2.0

    job = server.finished(job_id)
    assert job["status"] == "completed"
    assert [attempt["outcome"] for attempt in job["attempts"]] == ["interrupted", "completed"]
    times = _times_asked(server)
    assert all(times[cell] == 1 for cell in recorded)
    assert set(times) == {f"1.{n}.1" for n in range(1, 11)}
    assert sum(times.values()) <= 10 + 4, "at most the four in flight are asked again"
    assert Counter(step["value"]["cell"] for step in server.journal(job_id)) == Counter(set(times))


def test_ctrl_c_stops_the_server_says_what_goes_on_and_the_next_start_shows_it_finished(server: Server) -> None:
    job_id = _start_batch(server)
    eventually(lambda: server.journal(job_id))
    said = server.interrupt()
    assert "1 job goes on" in said
    assert "longtake-compare stop" in said
    eventually(lambda: server.file(job_id)["status"] == "completed")
    server.restart()
    assert server.job(job_id)["status"] == "completed"
    assert set(_times_asked(server).values()) == {1}


def test_ctrl_c_with_an_open_event_stream_stops_the_server_at_once(server: Server) -> None:
    with server.http.stream("GET", "/api/events") as stream:
        assert next(stream.iter_lines()) == "event: reset"
        begun = time.monotonic()
        said = server.interrupt()
    assert time.monotonic() - begun < 1.0
    assert "No job is unfinished" in said


def test_a_truncated_job_file_is_set_aside_and_everything_else_goes_on(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running_server(data) as server:
        body: dict[str, Any] = {"video_id": server.sample(), "prompt": "?", "models": ["local/scenes"]}
        broken, whole = (server.post("/api/compare", body)["job_id"] for _ in range(2))
    path = server.jobs / f"{broken}.json"
    torn = path.read_bytes()[:200]
    path.write_bytes(torn)
    with running_server(data) as server:
        (kept,) = eventually(lambda: list((server.jobs / "quarantine").glob(f"{broken}.json.*[0-9]")))
        assert kept.read_bytes() == torn
        assert "reason:" in kept.with_name(kept.name + ".reason.txt").read_text()
        assert [job["job_id"] for job in server.get("/api/jobs")["jobs"]] == [whole]
        assert server.http.get(f"/api/jobs/{broken}").status_code == 404
        assert server.post("/api/compare", body)["status"] == "completed"


def test_the_server_says_whether_a_worker_is_alive(server: Server) -> None:
    pid = server.worker_pid()
    health = server.get("/api/health")
    assert health["status"] == "ok"
    assert health["worker"]["alive"] is True
    os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: (now := server.get("/api/health")["worker"]["pid"]) and now != pid)
