"""Run while uploading: what a job tells of an upload that never becomes the video it needs."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta

import pytest
from awaiting import DEMO, cells, half_sent, run, send_rest, waits
from paying import upload as uploaded
from servers import Server
from uploading import TUS, begin, folder_of, id_of, send
from waiting import eventually


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


def test_an_upload_that_is_not_there_is_refused(server: Server) -> None:
    for path, body in (
        ("/api/compare-async", {"video_id": "0" * 32, "prompt": "What?"}),
        ("/api/batch-compare-async", {"video_ids": ["0" * 32], "prompts": ["What?"]}),
        ("/api/estimate", {"video_ids": ["0" * 32], "prompts": ["What?"]}),
    ):
        answer = server.http.post(path, json={**body, "models": [DEMO]})
        assert answer.status_code == 404
        assert "Begin anew" in answer.json()["detail"]
