"""Run while uploading: the job waits for its videos, whatever dies meanwhile, and tells what becomes of them."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from films import tiny_film
from paying import FLASH, paying_server
from paying import upload as uploaded
from servers import Server
from standin import StandIn
from uploading import TUS, begin, folder_of, id_of, send
from waiting import eventually

from app.uploads.errors import UploadNotFound
from app.uploads.partial import Outcome
from app.uploads.shelf import UploadShelf

DEMO = "demo/stream"
RED, BLUE = tiny_film(), tiny_film("blue")


def half_sent(server: Server, film: bytes = RED, name: str = "film.mp4") -> str:
    """An upload of which one half has come."""
    place = begin(server, len(film), name)
    assert send(server, place, 0, film[: len(film) // 2]).status_code == 204
    return place


def send_rest(server: Server, place: str, film: bytes = RED) -> None:
    assert send(server, place, len(film) // 2, film[len(film) // 2 :]).status_code == 204


def run(server: Server, *videos: str, **terms: object) -> str:
    """Press Run; the id of the job."""
    body = {"video_ids": videos, "prompts": ["What happens?"], "models": [DEMO], **terms}
    return str(server.post("/api/batch-compare-async", body)["job_id"])


def waits(server: Server, job_id: str, words: str = "Waiting for 1 upload, ") -> Any:
    """The job once it says that it waits."""
    return eventually(lambda: job if words in (job := server.job(job_id))["progress_message"] else None)


def cells(job: Any) -> dict[str, Any]:
    return {cell["cell"]: cell for cell in job["result"]["cells"]}


def new_worker(server: Server, other_than: int) -> int:
    def look() -> int:
        pid = server.get("/api/health")["worker"]["pid"]
        return 0 if pid in {None, other_than} else int(pid)

    return eventually(look, 60)


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


@pytest.mark.parametrize("is_alone", [True, False])
def test_an_upload_that_is_given_up_fails_its_cells_and_no_others(server: Server, *, is_alone: bool) -> None:
    others = [] if is_alone else [uploaded(server, "blue")]
    place = half_sent(server)
    job_id = run(server, id_of(place), *others)
    waits(server, job_id)
    assert server.http.delete(place, headers=TUS).status_code == 204
    job = server.finished(job_id)
    if is_alone:
        assert job["status"] == "failed"
        assert "The upload of film.mp4 never came to its end: it was given up. Upload it again" in job["error"]
        return
    lost, kept = cells(job)["1.1.1"], cells(job)["2.1.1"]
    assert (job["status"], kept["state"], lost["state"]) == ("completed", "completed", "failed")
    assert lost["error"] == {
        "kind": "video_missing",
        "message": "The upload of film.mp4 never came to its end: it was given up.",
        "what_to_do": "Upload it again and compare it in a new job; the answers about other videos stay.",
        "retryable": False,
    }
    server.post(f"/api/jobs/{job_id}/cells/1.1.1/retry")
    again = server.finished(job_id)
    assert len(again["attempts"]) == 2
    assert cells(again)["1.1.1"]["error"] == lost["error"]


def test_an_upload_that_nobody_goes_on_with_for_a_day_is_told_as_such(server: Server) -> None:
    place = half_sent(server)
    job_id = run(server, id_of(place))
    waits(server, job_id)
    folder = folder_of(server, place)
    yesterday = (datetime.now(UTC) - timedelta(hours=25)).timestamp()
    for path in (*folder.iterdir(), folder):
        os.utime(path, (yesterday, yesterday))
    os.kill(server.worker_pid(), signal.SIGKILL)
    eventually(lambda: seen_at(server, job_id) == yesterday)
    begin(server, 1)
    job = server.finished(job_id)
    assert not folder.exists()
    assert "The upload of film.mp4 never came to its end: nobody went on with it for a day." in job["error"]


def seen_at(server: Server, job_id: str) -> float:
    """When the upload of the job was last written to, as the worker that runs now has seen it."""
    kept = [line["value"] for line in server.journal(job_id) if line["name"] == "uploads"]
    return max(datetime.fromisoformat(each["changed_at"]) for each in kept[-1].values()).timestamp()


def test_what_turns_out_to_be_no_video_fails_its_cells(server: Server) -> None:
    data, there = b"this is no film" * 1000, uploaded(server, "blue")
    place = begin(server, len(data), "notes.mp4")
    job_id = run(server, there, id_of(place))
    waits(server, job_id)
    send(server, place, 0, data)
    lost = cells(server.finished(job_id))["2.1.1"]["error"]
    assert lost["kind"] == "unreadable"
    assert lost["message"].startswith("notes.mp4: ")
    assert "Choose another file" in lost["what_to_do"]
    problem = server.http.post(
        "/api/compare-async", json={"video_id": id_of(place), "prompt": "What?", "models": [DEMO]}
    )
    assert problem.status_code in {415, 422}
    assert problem.json()["detail"] in lost["message"]


def test_a_clip_that_ends_after_the_video_fails_its_cells(server: Server) -> None:
    place = half_sent(server)
    job_id = run(server, id_of(place), options={"clip_end": 9})
    send_rest(server, place)
    job = server.finished(job_id)
    assert job["status"] == "failed"
    assert "options.clip_end: 9 s is after the end of film.mp4 (1 s)." in job["error"]


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


def test_an_upload_that_is_not_there_is_refused(server: Server) -> None:
    for path, body in (
        ("/api/compare-async", {"video_id": "0" * 32, "prompt": "What?"}),
        ("/api/batch-compare-async", {"video_ids": ["0" * 32], "prompts": ["What?"]}),
        ("/api/estimate", {"video_ids": ["0" * 32], "prompts": ["What?"]}),
    ):
        answer = server.http.post(path, json={**body, "models": [DEMO]})
        assert answer.status_code == 404
        assert "Begin anew" in answer.json()["detail"]


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


@pytest.fixture
def shelf(tmp_path: Path) -> UploadShelf:
    later = datetime.now(UTC) + timedelta(days=30)
    return UploadShelf(tmp_path, max_bytes=1000, free_disk_floor_bytes=1, now=lambda: later)


def test_what_came_of_an_upload_is_known_as_long_as_its_video(shelf: UploadShelf, tmp_path: Path) -> None:
    upload = shelf.begin("film.mp4", 1)
    (tmp_path / ("a" * 20)).mkdir()
    upload.append(b"x", length=1, free_disk_floor_bytes=1)
    upload.settle(Outcome(video_id="a" * 20))
    assert shelf.collect() == 0
    assert shelf.video_of(upload.id) == "a" * 20
    shutil.rmtree(tmp_path / ("a" * 20))
    shelf.collect()
    with pytest.raises(UploadNotFound):
        shelf.look(upload.id)
    assert shelf.video_of(upload.id) is None


def test_what_a_crash_left_of_a_beginning_is_collected(shelf: UploadShelf) -> None:
    upload = shelf.begin("film.mp4", 1)
    (upload.folder / "about.json").unlink()
    shelf.collect()
    assert not upload.folder.exists()
