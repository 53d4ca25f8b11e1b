"""Cells are asked again one by one, and the others keep their answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from films import tiny_film
from servers import Server, running_server
from waiting import eventually

from longtake import JobQueue


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("cells"), DEMO_STREAM_SECONDS="1") as server:
        yield server


@pytest.fixture
def videos(server: Server) -> list[str]:
    """A video that is there and one that is gone, but can come again."""
    here, gone = upload(server, "red"), upload(server, "blue")
    server.http.delete(f"/api/video/{gone}?force=true")
    return [here, gone]


def upload(server: Server, colour: str) -> str:
    """The id of a short film."""
    answer = server.http.post("/api/videos", files={"file": (f"{colour}.mp4", tiny_film(colour))})
    return str(answer.json()["video_id"])


@pytest.fixture(scope="module")
def job_id(server: Server) -> str:
    """A finished comparison with one cell."""
    return str(compare(server, [upload(server, "red")], ["local/scenes"])["job_id"])


def submit(server: Server, kind: str, **args: Any) -> str:
    """Submit a job without the checks of the server: a video may be gone."""
    queue = JobQueue(server.jobs, mode="external")
    return asyncio.run(queue.submit(kind, **args)).id


def compare(server: Server, videos: list[str], models: list[str]) -> Any:
    """A finished comparison of these videos."""
    return server.finished(submit(server, "batch_compare", video_ids=videos, prompts=["?"], models=models))


def states(job: Any) -> dict[str, str]:
    return {cell["cell"]: cell["state"] for cell in job["result"]["cells"]}


def times_asked(server: Server, job_id: str, cell: str) -> int:
    """How many answers to a cell were recorded."""
    return sum(step["name"] == f"cell {cell}" and step["args"] != "forgotten" for step in server.journal(job_id))


def test_one_cell_is_asked_again_and_the_others_keep_their_answers(server: Server, videos: list[str]) -> None:
    job = compare(server, videos, ["local/scenes", "local/quality"])
    job_id = job["job_id"]
    assert states(job) == {"1.1.1": "completed", "1.1.2": "completed", "2.1.1": "failed", "2.1.2": "failed"}
    upload(server, "blue")
    again = server.post(f"/api/jobs/{job_id}/cells/2.1.1/retry")
    assert again["status"] in {"pending", "running"}
    job = server.finished(job_id)
    assert states(job) == {"1.1.1": "completed", "1.1.2": "completed", "2.1.1": "completed", "2.1.2": "failed"}
    assert [times_asked(server, job_id, cell) for cell in ("1.1.1", "2.1.1", "2.1.2")] == [1, 2, 1]


def test_all_failed_cells_of_a_failed_job_are_asked_again(server: Server, videos: list[str]) -> None:
    job = compare(server, videos[1:], ["local/scenes", "local/quality"])
    assert job["status"] == "failed"
    upload(server, "blue")
    server.post(f"/api/jobs/{job['job_id']}/cells/retry-failed")
    job = server.finished(job["job_id"])
    assert set(states(job).values()) == {"completed"}
    answer = server.http.post(f"/api/jobs/{job['job_id']}/cells/retry-failed")
    assert (answer.status_code, "No cell" in answer.json()["detail"]) == (409, True)


def test_a_cell_that_is_well_can_be_asked_again_too(server: Server) -> None:
    job = compare(server, [upload(server, "red")], ["local/scenes", "demo/flaky"])
    server.post(f"/api/jobs/{job['job_id']}/cells/1.1.2/retry")
    job = server.finished(job["job_id"])
    cell = job["result"]["cells"][1]
    assert (cell["state"], cell["attempts"]) == ("completed", 3)
    assert [times_asked(server, job["job_id"], cell) for cell in ("1.1.1", "1.1.2")] == [1, 2]


def test_a_running_comparison_is_left_alone(server: Server) -> None:
    body = {"video_id": upload(server, "red"), "prompt": "?", "models": ["demo/stream"]}
    job_id = server.post("/api/compare-async", body)["job_id"]
    eventually(lambda: server.job(job_id)["status"] == "running")
    for path in ("1.1.1/retry", "retry-failed"):
        answer = server.http.post(f"/api/jobs/{job_id}/cells/{path}")
        assert answer.status_code == 409
        assert answer.json()["job_status"] == "running"
    server.finished(job_id)


def test_a_cancelled_comparison_goes_on_with_the_cells_that_are_missing(server: Server) -> None:
    body = {"video_id": upload(server, "red"), "prompt": "?", "models": ["local/scenes", "demo/stream"]}
    job_id = server.post("/api/compare-async", body)["job_id"]
    eventually(lambda: server.journal(job_id))
    server.post(f"/api/jobs/{job_id}/cancel")
    assert server.finished(job_id)["status"] == "cancelled"
    server.post(f"/api/jobs/{job_id}/cells/retry-failed")
    assert set(states(server.finished(job_id)).values()) == {"completed"}
    assert times_asked(server, job_id, "1.1.1") == 1


@pytest.mark.parametrize("cell", ["1.1.2", "0.1.1", "x", "1.1.1.1", "..%2f..", "%00", "x" * 3000])
def test_an_unknown_cell_is_not_found(server: Server, job_id: str, cell: str) -> None:
    answer = server.http.post(f"/api/jobs/{job_id}/cells/{cell}/retry")
    assert answer.status_code == 404
    assert answer.json()["detail"]


def test_a_job_that_is_no_comparison_has_no_cells(server: Server) -> None:
    job_id = submit(server, "another")
    for method, path in (
        ("POST", "cells/1.1.1/retry"),
        ("POST", "cells/retry-failed"),
        ("GET", "ratings"),
        ("GET", "export"),
    ):
        answer = server.http.request(method, f"/api/jobs/{job_id}/{path}")
        assert answer.status_code == 409
        assert "no comparison" in answer.json()["detail"]
    assert server.http.post("/api/jobs/unknown/cells/1.1.1/retry").status_code == 404
