"""Answers saved over HTTP: of one comparison, also of one that runs or has lost its video, and of many."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import httpx2
import pytest
from films import tiny_film
from servers import Server
from waiting import eventually

from app.compare.export import Format


@pytest.fixture(scope="module")
def job_id(shared_server: Server) -> str:
    """A comparison with two finished cells."""
    body = {"video_id": upload(shared_server), "prompt": "=What?", "models": ["local/scenes", "demo/stream"]}
    return str(shared_server.post("/api/compare", body)["job_id"])


def upload(server: Server, colour: str = "red") -> str:
    """The id of a short film."""
    answer = server.http.post("/api/videos", files={"file": (f"{colour}.mp4", tiny_film(colour))})
    return str(answer.json()["video_id"])


def fetch(server: Server, job_id: str, wanted: str) -> httpx2.Response:
    answer = server.http.get(f"/api/jobs/{job_id}/export?format={wanted}")
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize(
    ("wanted", "media_type"),
    [("json", "application/json"), ("csv", "text/csv"), ("md", "text/markdown"), ("html", "text/html")],
)
def test_a_comparison_is_saved_as_a_file(shared_server: Server, job_id: str, wanted: str, media_type: str) -> None:
    answer = fetch(shared_server, job_id, wanted)
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.headers["content-disposition"] == f'attachment; filename="comparison-{job_id}.{wanted}"'
    assert "sandbox" in answer.headers["content-security-policy"]
    for words in ("No cuts", "local/scenes", "demo/stream", "What?"):
        assert words in answer.text


def test_the_json_file_has_all_that_the_api_has(shared_server: Server, job_id: str) -> None:
    document = fetch(shared_server, job_id, "json").json()
    result = shared_server.get(f"/api/jobs/{job_id}/result")
    assert document["cells"] == result["cells"]
    assert document["totals"] == result["totals"]
    assert document["waiting"] == []
    assert document["job"]["job_id"] == job_id


def test_a_running_comparison_is_saved_as_far_as_it_is(shared_server: Server) -> None:
    prompts = [f"Question {number}" for number in range(20)]
    body = {"video_ids": [upload(shared_server)], "prompts": prompts, "models": ["demo/stream"]}
    job_id = shared_server.post("/api/batch-compare-async", body)["job_id"]
    document: Any = eventually(lambda: d if (d := fetch(shared_server, job_id, "json").json())["cells"] else None)
    assert document["job"]["status"] == "running"
    names = [cell["cell"] for cell in (*document["cells"], *document["waiting"])]
    assert sorted(names) == sorted(f"1.{number}.1" for number in range(1, 21))
    assert len(document["waiting"]) > 5
    assert "so far: the job is running" in fetch(shared_server, job_id, "html").text
    rows = list(csv.DictReader(io.StringIO(fetch(shared_server, job_id, "csv").text)))
    assert {row["state"] for row in rows} == {"completed", "waiting"}
    shared_server.post(f"/api/jobs/{job_id}/cancel")
    shared_server.finished(job_id)
    rows = list(csv.DictReader(io.StringIO(fetch(shared_server, job_id, "csv").text)))
    assert {row["state"] for row in rows} == {"completed", "cancelled"}


def test_a_comparison_whose_video_is_gone_is_saved_all_the_same(shared_server: Server) -> None:
    video_id = upload(shared_server, "blue")
    body = {"video_id": video_id, "prompt": "?", "models": ["local/scenes"]}
    job_id = shared_server.post("/api/compare", body)["job_id"]
    shared_server.http.delete(f"/api/video/{video_id}")
    for wanted in Format:
        assert video_id in fetch(shared_server, job_id, wanted).text


@pytest.mark.parametrize(("path", "status"), [("unknown/export", 404), ("{job}/export?format=exe", 422)])
def test_what_cannot_be_saved_says_why(shared_server: Server, job_id: str, path: str, status: int) -> None:
    answer = shared_server.http.get(f"/api/jobs/{path.format(job=job_id)}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def _many(server: Server, body: object) -> httpx2.Response:
    answer = server.http.post("/api/jobs/export", json=body)
    assert answer.is_success, answer.text
    return answer


@pytest.fixture
def two_comparisons(server: Server) -> list[str]:
    """Two finished ones: a single and a batch of two cells; and a job that the filter leaves out."""
    video = server.http.post("/api/videos", files={"file": ("a.mp4", tiny_film())}).json()["video_id"]
    asked = {"video_id": video, "prompt": "What?", "models": ["local/scenes"], "tags": ["night"], "title": "=one"}
    several = {"video_ids": [video], "prompts": ["A?", "B?"], "models": ["local/scenes"], "tags": ["night"]}
    other = {"video_id": video, "prompt": "Other?", "models": ["local/scenes"]}
    ids = [
        server.post("/api/compare-async", asked)["job_id"],
        server.post("/api/batch-compare-async", several)["job_id"],
        server.post("/api/compare-async", other)["job_id"],
    ]
    assert [server.finished(job_id)["status"] for job_id in ids] == ["completed"] * 3
    return ids[:2]


def test_all_that_match_come_as_one_spreadsheet(server: Server, two_comparisons: list[str]) -> None:
    single, batch = two_comparisons
    answer = _many(server, {"format": "csv", "filter": {"tag": "night"}})
    assert answer.headers["content-disposition"].startswith('attachment; filename="2-comparisons-')
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["job_id"], row["prompt"]) for row in rows] == [(batch, "A?"), (batch, "B?"), (single, "What?")]
    assert rows[2]["title"] == "'=one"
    assert all(row["state"] == "completed" for row in rows)


def test_chosen_ones_come_as_an_archive_that_says_what_is_not_in_it(server: Server, two_comparisons: list[str]) -> None:
    single, batch = two_comparisons
    (server.jobs / f"{batch}.json").write_text("damaged")
    answer = _many(server, {"format": "json", "jobs": [single, batch, single]})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"comparison-{single}.json", "not-exported.txt"]
        assert json.loads(archive.read(f"comparison-{single}.json"))["job"]["job_id"] == single
        assert f"{batch}: " in archive.read("not-exported.txt").decode()
    row = next(csv.DictReader(io.StringIO(_many(server, {"format": "csv", "jobs": [batch]}).text)))
    assert (row["job_id"], "damaged" in row["error"]) == (batch, True)


def test_an_export_of_nothing_is_a_problem(server: Server) -> None:
    answer = server.http.post("/api/jobs/export", json={"filter": {"tag": "nobody"}})
    assert (answer.status_code, "nothing to export" in answer.json()["detail"]) == (404, True)
