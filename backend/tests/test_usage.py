"""The app as people use it: from a script, over HTTP, against the real server and its worker."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from servers import COMPARE, Server, running_server
from shells import Shell
from waiting import eventually
from websockets import InvalidStatus, Origin
from websockets.sync.client import connect

PROMPT = "What happens?"


@pytest.fixture
def server(shared_server: Server) -> Server:
    """The server of this module, without jobs."""
    shared_server.post("/api/jobs/cleanup?days=0")
    return shared_server


def test_a_comparison_runs_in_the_background_from_pending_to_completed(server: Server) -> None:
    video = server.sample()
    answer = server.http.post(
        "/api/compare-async", json={"video_id": video, "prompt": PROMPT, "models": ["local/scenes", "demo/stream"]}
    )
    assert answer.status_code == 202
    job_id = answer.json()["job_id"]
    assert answer.json()["status"] == "pending"

    seen = []
    job: Any = {"status": "pending"}
    while job["status"] in {"pending", "running"}:
        job = server.job(job_id)
        seen.append((job["status"], job["progress"], job["progress_message"]))
    statuses = list(dict.fromkeys(status for status, _, _ in seen))
    assert statuses[-2:] == ["running", "completed"]
    progress = [percent for _, percent, _ in seen]
    assert all(a <= b for a, b in pairwise(progress))
    assert progress[-1] == 100
    assert any(0 < percent < 100 for percent in progress)
    assert any("demo/stream" in message for _, _, message in seen)

    assert server.get(f"/api/jobs/{job_id}/result") == job["result"]
    cells = {cell["model"]: cell for cell in job["result"]["cells"]}
    assert [cells[m]["state"] for m in ("local/scenes", "demo/stream")] == ["completed", "completed"]
    assert "3 cuts" in cells["local/scenes"]["text"]
    assert PROMPT in cells["demo/stream"]["text"]
    assert cells["demo/stream"]["timings"]["first_token"] < cells["demo/stream"]["timings"]["total"]
    assert job["result"]["totals"]["completed"] == 2


def test_a_batch_asks_every_model_every_prompt_about_every_video(server: Server) -> None:
    videos = [server.post(f"/api/videos/sample?which={which}")["video_id"] for which in (1, 2)]
    job_id = server.post(
        "/api/batch-compare-async",
        {"video_ids": videos, "prompts": ["one", "two"], "models": ["local/scenes", "local/scenes-sensitive"]},
    )["job_id"]
    result = server.finished(job_id)["result"]
    asked = [(cell["video_id"], cell["prompt"], cell["model"]) for cell in result["cells"]]
    assert len(asked) == len(set(asked)) == 8
    assert [cell["cell"] for cell in result["cells"]][:3] == ["1.1.1", "1.1.2", "1.2.1"]


def test_a_batch_with_one_prompt_may_name_it_alone(server: Server) -> None:
    body = {"video_ids": [server.sample()], "prompt": PROMPT, "models": ["local/scenes"]}
    job = server.finished(server.post("/api/batch-compare-async", body)["job_id"])
    assert [cell["prompt"] for cell in job["result"]["cells"]] == [PROMPT]


def test_the_waiting_calls_answer_when_all_is_done(server: Server) -> None:
    video = server.sample()
    single = server.post("/api/compare", {"video_id": video, "prompt": PROMPT, "models": ["local/scenes"]})
    assert single["status"] == "completed"
    assert len(single["result"]["cells"]) == 1
    batch = server.post("/api/batch-compare", {"video_ids": [video], "prompts": ["a", "b"], "models": ["local/scenes"]})
    assert batch["status"] == "completed"
    assert len(batch["result"]["cells"]) == 2


def test_the_examples_work_with_curl_as_printed(server: Server) -> None:
    curl = ["curl", "-s", "--fail-with-body", "-X", "POST", f"{server.address}api/compare-async"]
    body = json.dumps({"video_id": server.sample(), "prompt": PROMPT, "models": ["local/scenes"]})
    said = subprocess.run(
        [*curl, "-H", "Content-Type: application/json", "-d", body], capture_output=True, text=True, check=True
    )
    job_id = json.loads(said.stdout)["job_id"]
    server.finished(job_id)
    cleanup = subprocess.run(
        ["curl", "-s", "-X", "POST", f"{server.address}api/jobs/cleanup?days=7"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(cleanup.stdout)["jobs"] == 0


def test_a_running_comparison_is_cancelled_and_deleted(server: Server) -> None:
    body = {"video_id": server.sample(), "prompt": PROMPT, "models": ["demo/stream", "demo/flaky"]}
    job_id = server.post("/api/compare-async", body)["job_id"]
    eventually(lambda: server.job(job_id)["status"] == "running")
    assert server.http.delete(f"/api/jobs/{job_id}").status_code == 409
    server.post(f"/api/jobs/{job_id}/cancel")
    assert server.finished(job_id)["status"] == "cancelled"
    assert [job["job_id"] for job in server.get("/api/jobs")["jobs"]] == [job_id]
    assert server.http.delete(f"/api/jobs/{job_id}").status_code == 204
    assert server.http.get(f"/api/jobs/{job_id}").status_code == 404
    assert server.get("/api/jobs")["jobs"] == []
    assert list(server.jobs.glob(f"{job_id}*")) == []


def test_a_flaky_model_is_asked_until_it_answers(server: Server) -> None:
    body = {"video_id": server.sample(), "prompt": PROMPT, "models": ["demo/flaky"]}
    (cell,) = server.post("/api/compare", body)["result"]["cells"]
    assert (cell["state"], cell["attempts"]) == ("completed", 3)


def test_finished_cells_can_be_read_while_others_run(server: Server) -> None:
    body = {"video_id": server.sample(), "prompt": PROMPT, "models": ["local/scenes", "demo/flaky"]}
    job_id = server.post("/api/compare-async", body)["job_id"]
    first = eventually(lambda: server.get(f"/api/jobs/{job_id}/steps")["steps"])
    assert [step["value"]["model"] for step in first] == ["local/scenes"]
    assert server.job(job_id)["status"] == "running"
    assert server.finished(job_id)["status"] == "completed"


def test_a_job_is_followed_over_a_websocket_to_its_end(server: Server) -> None:
    body = {"video_id": server.sample(), "prompt": PROMPT, "models": ["demo/stream"]}
    job_id = server.post("/api/compare-async", body)["job_id"]
    address = server.address.replace("http", "ws")
    with connect(f"{address}api/jobs/{job_id}/ws") as socket:
        statuses: list[str] = []
        while statuses[-1:] != ["completed"]:
            message = json.loads(socket.recv(timeout=20))
            statuses += [message["data"]["status"]] if message["event"] == "job" else []
    assert "running" in statuses
    with pytest.raises(InvalidStatus), connect(f"{address}api/jobs/{job_id}/ws", origin=Origin("http://evil.example")):
        pass


def test_an_old_job_is_cleaned_up(server: Server) -> None:
    body = {"video_id": server.sample(), "prompt": PROMPT, "models": ["local/scenes"]}
    job_id = server.post("/api/compare", body)["job_id"]
    assert server.post("/api/jobs/cleanup?days=0&dry_run=true")["jobs"] == 1
    assert server.job(job_id)["status"] == "completed"
    cleaned = server.post("/api/jobs/cleanup?days=0")
    assert cleaned["jobs"] == 1
    assert cleaned["bytes"] > 500
    assert server.http.get(f"/api/jobs/{job_id}").status_code == 404


def test_the_job_file_tells_its_story_to_a_person(server: Server) -> None:
    body = {"video_id": server.sample(), "prompt": PROMPT, "models": ["local/scenes"]}
    job_id = server.post("/api/compare", body)["job_id"]
    text = (server.jobs / f"{job_id}.json").read_text()
    assert text.splitlines()[1] == f'  "id": "{job_id}",'
    job = json.loads(text)
    assert (job["status"], job["args"]["prompt"], job["attempts"][0]["outcome"]) == ("completed", PROMPT, "completed")


def test_the_cuts_found_in_a_real_film_are_those_a_person_sees(server: Server, real_video: Path) -> None:
    video = server.upload(real_video)
    assert (video["width"], video["height"], video["codec"]) == (854, 480, "h264")
    body = {"video_id": video["video_id"], "prompt": PROMPT, "models": ["local/scenes"]}
    (cell,) = server.post("/api/compare", body)["result"]["cells"]
    starts = [stamp["seconds"] for stamp in cell["timestamps"]][1:]
    seen_by_eye = CUTS_SEEN_BY_EYE
    assert len(starts) == len(seen_by_eye)
    assert all(abs(found - seen) < 0.15 for found, seen in zip(starts, seen_by_eye, strict=True))


CUTS_SEEN_BY_EYE = [11.875, 15.75, 23.042]
"""Seconds; found by looking at the frames before and after each."""


def test_two_uploads_of_one_file_are_one_video(server: Server, one_shot: Path) -> None:
    first, second = server.upload(one_shot), server.upload(one_shot)
    assert first["video_id"] == second["video_id"]
    assert (first["duplicate"], second["duplicate"]) == (False, True)


def test_the_demo_ends_with_every_cell_answered(tmp_path: Path) -> None:
    said = subprocess.run(
        [str(COMPARE), "demo", "--data", str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )
    subprocess.run([str(COMPARE), "stop", "--data", str(tmp_path)], check=True, capture_output=True)
    assert said.returncode == 0, said.stderr
    assert "12 of 12 cells answered, by a background job." in said.stdout
    assert f"On the page: longtake-compare up --data {tmp_path}" in said.stdout


@pytest.mark.parametrize("words", [["up", "--host", "0.0.0.0"], ["up", "--port", "99999"]])
def test_a_start_that_cannot_be_says_why(tmp_path: Path, words: list[str]) -> None:
    said = subprocess.run(
        [str(COMPARE), *words, "--no-browser", "--data", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert said.returncode == 2
    assert "token" in said.stderr.lower() or "port" in said.stderr.lower()


def test_a_taken_port_is_passed_over(tmp_path: Path) -> None:
    with running_server(tmp_path / "one") as one:
        port = one.address.rsplit(":", 1)[1].strip("/")
        said = subprocess.run(
            [str(COMPARE), "up", "--no-browser", "--port", port, "--data", str(tmp_path / "two")],
            capture_output=True,
            text=True,
            check=False,
        )
    assert said.returncode == 2
    assert "--port" in said.stderr


def test_the_library_moves_its_jobs_where_it_is_told(tmp_path: Path) -> None:
    script = tmp_path / "moved.py"
    script.write_text(
        "import asyncio\n"
        "from longtake import JobContext, JobQueue\n"
        'job_queue = JobQueue(storage_dir="./custom-jobs-dir", mode="inline")\n'
        '@job_queue.job("hello")\n'
        "async def hello(job: JobContext, name: str) -> str:\n"
        '    return f"hello {name}"\n'
        "async def main() -> None:\n"
        "    async with job_queue.working():\n"
        '        job = await job_queue.submit("hello", name="film")\n'
        "        print(await job_queue.result(job.id))\n"
        'if __name__ == "__main__":\n'
        "    asyncio.run(main())\n"
    )
    said = subprocess.run([sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert said.stdout == "hello film\n"
    assert len(list((tmp_path / "custom-jobs-dir").glob("*.json"))) == 1


def test_more_work_is_refused_while_too_much_of_it_waits(tmp_path: Path) -> None:
    with running_server(tmp_path, MAX_WAITING_JOBS="2") as server:
        video = server.sample()
        body = {"video_id": video, "prompt": "?", "models": ["local/scenes"], "run_at": "2999-01-01T00:00:00Z"}
        done = server.post("/api/compare-async", body)["job_id"]
        server.post(f"/api/jobs/{done}/cancel")
        for _ in range(2):
            server.post("/api/compare-async", body)
        for path in ("compare-async", f"jobs/{done}/retry", f"jobs/{done}/cells/1.1.1/retry"):
            refused = server.http.post(f"/api/{path}", json=body)
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
            assert "2 jobs wait, and at most 2 may" in refused.json()["detail"]
        assert len(server.get("/api/jobs")["jobs"]) == 3
        shell = Shell(tmp_path, LONGTAKE_COMPARE_MAX_WAITING_JOBS="2")
        for words in (["compare", video, "-p", "?", "-m", "local/scenes", "--detach"], ["jobs", "retry", done]):
            assert "2 jobs wait, and at most 2 may" in shell(*words, code=1).stderr
        assert len(server.get("/api/jobs")["jobs"]) == 3
