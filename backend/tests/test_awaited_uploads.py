"""Run while uploading: the job waits for its videos, whatever dies meanwhile, and goes on when they are there."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from awaiting import DEMO, RED, cells, half_sent, new_worker, run, send_rest, waits
from paying import FLASH, paying_server
from paying import upload as uploaded
from servers import Server
from standin import StandIn
from uploading import TUS, begin, folder_of, id_of, send
from waiting import eventually


def test_a_job_asks_about_the_videos_that_are_there_and_goes_on_when_the_others_are(server: Server) -> None:
    there, place = uploaded(server, "blue"), half_sent(server, name="../late.mp4")
    job_id = run(server, id_of(place), there)
    waits(server, job_id, "1 of 2 cells. Waiting for 1 upload, ")
    steps = server.get(f"/api/jobs/{job_id}/steps")
    assert [step["name"] for step in steps["steps"]] == ["cell 2.1.1"]
    shown = eventually(lambda: server.get(f"/api/jobs/{job_id}/steps")["live"].get(f"upload {id_of(place)}"))
    assert shown.pop("since") > server.job(job_id)["created_at"]
    assert shown == {"name": "late.mp4", "sent": len(RED) // 2, "size": len(RED)}

    send_rest(server, place)
    job = server.finished(job_id)
    assert job["status"] == "completed"
    video_id = server.get(place)["video"]["video_id"]
    assert [(cell["video_id"], cell["state"]) for cell in cells(job).values()] == [
        (video_id, "completed"),
        (there, "completed"),
    ]
    names = [step["name"] for step in server.get(f"/api/jobs/{job_id}/steps")["steps"]]
    assert names == ["cell 2.1.1", f"upload {id_of(place)}", "cell 1.1.1"]
    assert server.get("/api/video-uses") == {"jobs": {there: 1, video_id: 1}}
    export = server.get(f"/api/jobs/{job_id}/export?format=json")
    assert id_of(place) not in json.dumps(export["videos"])


def test_how_much_has_come_is_told_while_it_comes(server: Server) -> None:
    place = begin(server, len(RED))
    job_id = str(
        server.post("/api/compare-async", {"video_id": id_of(place), "prompt": "What?", "models": [DEMO]})["job_id"]
    )
    waits(server, job_id, "0 of 1 cells. Waiting for 1 upload, 0 %")
    assert server.job(job_id)["title"] == "Compare 1 model on film.mp4"
    quarter = len(RED) // 4
    send(server, place, 0, RED[:quarter])
    waits(server, job_id, f"Waiting for 1 upload, {100 * quarter // len(RED)} %")
    send(server, place, quarter, RED[quarter:])
    assert server.finished(job_id)["status"] == "completed"


def test_workers_and_servers_that_die_while_a_job_waits_do_it_no_harm(server: Server) -> None:
    place = half_sent(server)
    job_id = run(server, id_of(place))
    pid = 0
    for _ in range(4):  # one more than a job survives that kills its workers
        waits(server, job_id)
        pid = new_worker(server, pid)
        eventually(lambda: len(server.job(job_id)["attempts"]) and server.job(job_id)["status"] == "running")
        attempts = len(server.file(job_id)["attempts"])
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: len(server.file(job_id)["attempts"]) > attempts, 60)  # noqa: B023 (called at once)
        eventually(lambda: server.file(job_id)["status"] == "running", 60)
        eventually(lambda: len(server.journal(job_id)) > attempts, 60)  # noqa: B023 (called at once)
    server.kill()
    server.restart()
    waits(server, job_id)
    offset = int(server.http.head(place, headers=TUS).headers["upload-offset"])
    send(server, place, offset, RED[offset:])
    job = server.finished(job_id)
    assert job["status"] == "completed", job["error"]
    assert cells(job)["1.1.1"]["attempts"] == 1


def test_bytes_that_were_all_there_when_the_server_died_are_enough(server: Server) -> None:
    place = half_sent(server)
    job_id = run(server, id_of(place))
    waits(server, job_id)
    server.kill()
    with (folder_of(server, place) / "bytes").open("ab") as file:
        file.write(RED[len(RED) // 2 :])
    server.restart()
    assert server.finished(job_id)["status"] == "completed"


def test_a_job_is_cancelled_while_it_waits_and_goes_on_after_a_retry(server: Server) -> None:
    place = half_sent(server)
    job_id = run(server, id_of(place))
    waits(server, job_id)
    server.post(f"/api/jobs/{job_id}/cancel")
    assert server.finished(job_id, 5)["status"] == "cancelled"
    send_rest(server, place)
    server.post(f"/api/jobs/{job_id}/retry")
    assert server.finished(job_id)["status"] == "completed"


def test_jobs_that_wait_hold_up_no_others(server: Server) -> None:
    place = half_sent(server)
    waiting = [run(server, id_of(place)) for _ in range(17)]  # one more than run at once
    there = uploaded(server, "blue")
    for job_id in waiting:
        waits(server, job_id)
    assert server.finished(run(server, there), 20)["status"] == "completed"
    send_rest(server, place)
    for job_id in waiting:
        assert server.finished(job_id)["status"] == "completed"


def test_a_job_that_begins_late_knows_what_came_of_its_upload(server: Server) -> None:
    place = half_sent(server)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    job_id = run(server, id_of(place), run_at=tomorrow)
    send_rest(server, place)
    video_id = server.get(place)["video"]["video_id"]
    refused = server.http.delete(f"/api/video/{video_id}")
    assert refused.status_code == 409
    assert job_id in refused.json()["detail"]
    assert server.get("/api/video-uses") == {"jobs": {video_id: 1}}
    answer = server.http.patch(f"/api/jobs/{job_id}", json={"run_at": datetime.now(UTC).isoformat()})
    assert answer.is_success, answer.text
    assert server.finished(job_id)["status"] == "completed"


def test_an_upload_that_has_arrived_before_run_is_a_video_like_any_other(server: Server) -> None:
    place = half_sent(server)
    send_rest(server, place)
    video_id = server.get(place)["video"]["video_id"]
    job_id = run(server, id_of(place), video_id)
    assert server.job(job_id)["args"]["video_ids"] == [video_id]


@pytest.fixture
def priced(tmp_path: Path) -> Iterator[Server]:
    with StandIn() as standin, paying_server(tmp_path / "data", standin) as server:
        yield server


def test_what_a_video_costs_is_unknown_until_it_is_there_and_nothing_is_made_up(priced: Server) -> None:
    there, place = uploaded(priced, "blue"), half_sent(priced)

    def estimate(*videos: str, models: tuple[str, ...] = (FLASH,)) -> Any:
        body = {"video_ids": videos, "prompts": ["What?"], "models": models, "budget_usd": 1}
        return priced.post("/api/estimate", body)

    known, both = estimate(there), estimate(there, id_of(place))
    assert (known["awaited"], both["awaited"], both["cells"]) == (0, 1, 2)
    assert known["cost_usd"] > 0
    assert both["cost_usd"] is None
    assert both["by_model"][0]["input_tokens"] is None
    assert (both["not_asked"], both["over_budget"]) == ([], False), "its cost will be known before it is asked"
    assert estimate(id_of(place), models=("local/scenes",))["cost_usd"] == 0.0
