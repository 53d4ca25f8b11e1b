"""Bad input gets an answer that says what to do, and nothing is kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from servers import Server, running_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("bad"), MAX_UPLOAD_BYTES="3000000") as server:
        server.sample()
        yield server


def _problem(answer: httpx2.Response, status: int, *words: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    detail = answer.json()["detail"]
    assert all(word in detail for word in words), detail


def _upload(server: Server, name: str, data: bytes) -> httpx2.Response:
    return server.http.post("/api/videos", files={"file": (name, data)})


def _compare(server: Server, **changes: Any) -> httpx2.Response:
    video_id = server.get("/api/videos")["videos"][0]["video_id"]
    body = {"video_id": video_id, "prompt": "What?", "models": ["local/scenes"]} | changes
    return server.http.post("/api/compare-async", json={k: v for k, v in body.items() if v is not None})


def test_an_empty_file(server: Server) -> None:
    _problem(_upload(server, "nothing.mp4", b""), 422, "empty")


@pytest.mark.parametrize("data", [b"this is no film", b"\0" * 5000, b"#EXTM3U\nfile.ts\n", b"<html></html>"])
def test_a_file_that_is_no_video(server: Server, data: bytes) -> None:
    answer = _upload(server, "film.mp4", data)
    assert answer.status_code in {415, 422}
    assert answer.json()["detail"]
    assert len(server.get("/api/videos")["videos"]) == 1


def test_a_truncated_video(server: Server) -> None:
    video_id = server.get("/api/videos")["videos"][0]["video_id"]
    film = server.http.get(f"/api/video/{video_id}/file").content
    answer = _upload(server, "half.mp4", film[: len(film) // 20])
    assert answer.status_code in {415, 422}, answer.text


def test_a_file_that_is_too_large(server: Server) -> None:
    _problem(_upload(server, "large.mp4", b"\0" * 4_000_000), 413, "MB")


def test_an_upload_without_a_file(server: Server) -> None:
    answer = server.http.post("/api/videos", data={"file": "not a file"})
    assert answer.status_code in {415, 422}
    answer = server.http.post("/api/videos", json={})
    assert answer.status_code in {415, 422}


@pytest.mark.parametrize("video_id", ["unknown", "../../etc/passwd", "a" * 20, ""])
def test_an_unknown_video(server: Server, video_id: str) -> None:
    answer = _compare(server, video_id=video_id)
    assert answer.status_code in {404, 422}
    assert answer.json()["detail"]


def test_an_unknown_model_with_the_nearest_name(server: Server) -> None:
    _problem(_compare(server, models=["local/scene"]), 422, "local/scenes")


@pytest.mark.parametrize("prompt", ["", "   ", None, 7, "x" * 100_001])
def test_a_prompt_that_cannot_be(server: Server, prompt: object) -> None:
    _problem(_compare(server, prompt=prompt), 422, "prompt")


@pytest.mark.parametrize("models", [[], None, "local/scenes", [""], [7]])
def test_models_that_cannot_be(server: Server, models: object) -> None:
    _problem(_compare(server, models=models), 422, "models")


def test_too_many_cells(server: Server) -> None:
    body = {"video_ids": ["a"], "prompts": [str(n) for n in range(251)], "models": ["local/scenes", "local/quality"]}
    _problem(server.http.post("/api/batch-compare-async", json=body), 422, "502 cells", "500")


@pytest.mark.parametrize("job_id", ["unknown", "0" * 26, "..%2f..%2fetc", "x" * 3000])
def test_an_unknown_job(server: Server, job_id: str) -> None:
    for answer in (server.http.get(f"/api/jobs/{job_id}"), server.http.post(f"/api/jobs/{job_id}/cancel")):
        assert answer.status_code == 404
        assert answer.json()["detail"]


def test_a_body_that_is_no_json(server: Server) -> None:
    answer = server.http.post("/api/compare-async", content=b"{broken", headers={"content-type": "application/json"})
    assert answer.status_code == 422
    deep = b"[" * 100_000
    answer = server.http.post("/api/compare-async", content=deep, headers={"content-type": "application/json"})
    assert answer.status_code in {400, 413, 422}


def test_an_unknown_call_gets_json_and_never_the_page(server: Server) -> None:
    answer = server.http.get("/api/nothing/here", headers={"accept": "text/html"})
    _problem(answer, 404, "/api/nothing/here")


def test_a_video_that_an_unfinished_job_needs_is_kept(server: Server) -> None:
    video_id = server.post("/api/videos/sample?which=2")["video_id"]
    body = {"video_id": video_id, "prompt": "?", "models": ["demo/stream"]}
    job_id = server.post("/api/compare-async", body)["job_id"]
    _problem(server.http.delete(f"/api/video/{video_id}"), 409, job_id, "force")
    assert server.http.delete(f"/api/video/{video_id}?force=true").status_code == 204
    server.finished(job_id)


def test_a_video_deleted_while_its_job_waits_fails_the_cell_with_the_reason(server: Server, tmp_path: Path) -> None:
    video_id = server.post("/api/videos/sample?which=2")["video_id"]
    body = {"video_ids": [video_id], "prompts": [f"{n}" for n in range(6)], "models": ["demo/stream"]}
    job_id = server.post("/api/batch-compare-async", body)["job_id"]
    server.http.delete(f"/api/video/{video_id}?force=true")
    job = server.finished(job_id)
    errors = [cell["error"] for cell in (job["result"] or {"cells": []})["cells"] if cell["error"]]
    if job["status"] == "failed":
        assert "gone" in job["error"]
    else:
        assert {error["kind"] for error in errors} == {"video_missing"}
