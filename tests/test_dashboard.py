"""The library's own page: where it is served, and what it refuses. A browser looks at it in the app's tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from longtake import JobQueue
from longtake.fastapi import job_dashboard, job_router
from longtake.http import dashboard

BASE = re.compile(r'<base href="([^"]*)" />')
PAGE = '<!doctype html><head><base href="./" /></head><script src="./assets/page.js"></script>'


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built page, so that these tests need no Node."""
    folder = tmp_path / "built"
    (folder / "assets").mkdir(parents=True)
    (folder / "dashboard.html").write_text(PAGE)
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "assets" / "page.js").write_text("1")
    (tmp_path / "secret").write_text("not part of the page")
    monkeypatch.setattr(dashboard, "FOLDER", folder)
    return folder


@pytest.fixture
def queue(tmp_path: Path) -> JobQueue:
    """A queue whose jobs run here."""
    queue = JobQueue(tmp_path / "jobs", mode="inline")

    @queue.job("greet")
    async def greet(job: object, name: str) -> str:
        return f"Hello {name}"

    return queue


@pytest.fixture
def client(queue: JobQueue) -> Iterator[TestClient]:
    """A client of an app with the dashboard."""
    app = FastAPI()
    app.include_router(job_dashboard(queue, prefix="/admin/jobs"))
    with TestClient(app) as client:
        yield client


def _base(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    found = BASE.search(answer.text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "path", ["/admin/jobs", "/admin/jobs/", "/admin/jobs/01J", "/admin/jobs/a/b", "/admin/jobs/a%20b"]
)
def test_the_page_knows_its_prefix_at_every_depth(client: TestClient, path: str) -> None:
    assert _base(client, path) == "/admin/jobs/"


def test_the_prefix_holds_wherever_the_app_itself_is(queue: JobQueue) -> None:
    app = FastAPI()
    app.include_router(job_dashboard(queue), prefix="/ops")
    assert _base(TestClient(app), "/ops/jobs/x") == "/ops/jobs/"
    assert _base(TestClient(app, root_path="/proxy"), "/ops/jobs/x") == "/proxy/ops/jobs/"
    assert _base(TestClient(app, root_path="/proxy"), "/proxy/ops/jobs/x") == "/proxy/ops/jobs/"
    outer = FastAPI()
    outer.mount("/inner", app)
    assert _base(TestClient(outer), "/inner/ops/jobs/x/") == "/inner/ops/jobs/"
    alone = FastAPI()
    alone.include_router(job_dashboard(queue, prefix=""))
    assert _base(TestClient(alone), "/") == "/"
    assert _base(TestClient(alone), "/x") == "/"


def test_a_prefix_cannot_write_html(queue: JobQueue) -> None:
    app = FastAPI()
    app.include_router(job_dashboard(queue))
    assert "<script>alert" not in TestClient(app, root_path='/"><script>alert(1)</script>').get("/jobs").text


def test_files_are_served_from_the_page_alone(client: TestClient) -> None:
    asset = client.get("/admin/jobs/assets/page.js")
    assert asset.text == "1"
    assert "immutable" in asset.headers["Cache-Control"]
    assert "javascript" in asset.headers["Content-Type"]
    assert client.get("/admin/jobs/favicon.svg").text == "<svg/>"
    assert client.get("/admin/jobs/assets/old.js").status_code == 404
    for way in ("../secret", "%2e%2e/secret", "assets/..%2f..%2fsecret"):
        assert "not part of the page" not in client.get(f"/admin/jobs/{way}").text


def test_the_page_may_only_load_its_own_and_be_shown_in_no_frame(client: TestClient) -> None:
    headers = client.get("/admin/jobs").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-cache"


def test_its_api_is_below_its_prefix_and_out_of_the_apps_own_document(client: TestClient) -> None:
    assert client.get("/admin/jobs/api/jobs").json()["jobs"] == []
    unknown = client.get("/admin/jobs/api/nothing")
    assert (unknown.status_code, unknown.headers["Content-Type"]) == (404, "application/problem+json")
    assert client.get("/openapi.json").json()["paths"] == {}


def test_it_stands_beside_the_job_api_of_the_same_queue(queue: JobQueue) -> None:
    app = FastAPI()
    app.include_router(job_router(queue))
    app.include_router(job_dashboard(queue, prefix="/admin"))
    with TestClient(app) as client:
        assert client.get("/api/jobs").json() == client.get("/admin/api/jobs").json()


def test_without_a_built_page_it_says_how_to_build_one(built: Path, queue: JobQueue) -> None:
    (built / "dashboard.html").unlink()
    app = FastAPI()
    app.include_router(job_dashboard(queue))
    assert "python3 dev run" in TestClient(app).get("/jobs").text
