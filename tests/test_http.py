"""The job API over HTTP, at a real server: every route and its errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from serving import UNKNOWN, Server, problem, serving
from support import eventually

from longtake import JobQueue
from longtake.fastapi import job_router


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server and a worker for all tests here."""
    with serving(tmp_path_factory.mktemp("http")) as server:
        yield server


def test_a_job_is_seen_through_its_life(server: Server) -> None:
    job_id = server.submit("gates", names=["life 1", "life 2"], title="A life", tags=["t"], priority=3)
    running = server.is_now(job_id, "running")
    assert (running["title"], running["tags"], running["priority"]) == ("A life", ["t"], 3)
    assert running["args"] == {"names": ["life 1", "life 2"]}
    assert running["attempts"][0]["ended_at"] is None
    early = problem(server.http.get(f"/api/jobs/{job_id}/result"), 409)
    assert early["job_status"] == "running"
    server.place.open("life 1")
    steps = eventually(lambda: server.http.get(f"/api/jobs/{job_id}/steps").json()["steps"])
    assert [(s["number"], s["name"], s["value"]) for s in steps] == [(1, "life 1", "life 1")]
    server.place.open("life 2")
    done = server.is_now(job_id, "completed")
    assert (done["progress"], done["result"], done["steps"]) == (100.0, ["life 1", "life 2"], 2)
    assert server.http.get(f"/api/jobs/{job_id}/result").json() == ["life 1", "life 2"]


def test_jobs_are_listed_filtered_and_paged(server: Server) -> None:
    ids = [server.submit("marks", name=f"list{n}", count=1, tags=["listed"]) for n in range(5)]
    for job_id in ids:
        server.is_now(job_id, "completed")
    page = server.http.get("/api/jobs", params={"tag": "listed", "limit": 3}).json()
    assert [job["job_id"] for job in page["jobs"]] == ids[:1:-1]
    assert set(page["counts"]) == {"pending", "running", "completed", "failed", "cancelled"}
    assert not {"args", "result", "attempts"} & page["jobs"][0].keys()
    rest = server.http.get("/api/jobs", params={"tag": "listed", "after": page["next"]}).json()
    assert [job["job_id"] for job in rest["jobs"]] == ids[1::-1]
    assert rest["next"] is None
    found = server.http.get("/api/jobs", params={"status": ["failed", "completed"], "q": ids[0], "kind": "marks"})
    assert [job["job_id"] for job in found.json()["jobs"]] == [ids[0]]
    assert server.http.get("/api/jobs", params={"limit": 0}).status_code == 422
    middle = server.http.get(f"/api/jobs/{ids[2]}").json()["created_at"]
    since = server.http.get("/api/jobs", params={"tag": "listed", "since": middle}).json()
    assert [job["job_id"] for job in since["jobs"]][:2] == ids[:2:-1]
    assert all(job["created_at"] >= middle for job in since["jobs"])
    assert server.http.get("/api/jobs", params={"since": "9999-12-31T23:59:59Z"}).json()["jobs"] == []
    assert len(server.http.get("/api/jobs", params={"tag": "listed", "since": "0001-01-01T00:00Z"}).json()["jobs"]) == 5


def test_a_job_is_cancelled_retried_edited_and_deleted(server: Server) -> None:
    job_id = server.submit("gates", names=["never"])
    server.is_now(job_id, "running")
    assert problem(server.http.delete(f"/api/jobs/{job_id}"), 409)["job_status"] == "running"
    assert problem(server.http.post(f"/api/jobs/{job_id}/retry"), 409)["job_status"] == "running"
    assert problem(server.http.patch(f"/api/jobs/{job_id}", json={"priority": 1}), 409)
    assert server.http.patch(f"/api/jobs/{job_id}", json={"title": "New", "keep": True}).json()["title"] == "New"
    assert server.http.post(f"/api/jobs/{job_id}/cancel").is_success
    server.is_now(job_id, "cancelled")
    assert problem(server.http.post(f"/api/jobs/{job_id}/cancel"), 409)["job_status"] == "cancelled"
    assert server.http.post(f"/api/jobs/{job_id}/retry").json()["status"] in {"pending", "running"}
    server.is_now(job_id, "running")
    server.http.post(f"/api/jobs/{job_id}/cancel")
    server.is_now(job_id, "cancelled")
    assert server.http.delete(f"/api/jobs/{job_id}").status_code == 204
    problem(server.http.get(f"/api/jobs/{job_id}"), 404)


def test_what_is_not_there_is_a_problem_that_says_so(server: Server) -> None:
    for method, path in [
        ("GET", ""), ("GET", "/result"), ("GET", "/steps"), ("POST", "/cancel"), ("POST", "/retry"), ("DELETE", ""),
    ]:  # fmt: skip
        assert UNKNOWN in problem(server.http.request(method, f"/api/jobs/{UNKNOWN}{path}"), 404)["detail"]
    problem(server.http.patch(f"/api/jobs/{UNKNOWN}", json={"title": "x"}), 404)
    assert server.http.get("/api/jobs/..%2f..%2fpasswd").status_code == 404


def test_a_damaged_job_is_a_problem_of_its_own(server: Server) -> None:
    job_id = server.submit("marks", name="damaged", count=1)
    server.is_now(job_id, "completed")
    (server.place.jobs / f"{job_id}.json").write_bytes(b'{"id": "')
    assert "damaged" in problem(server.http.get(f"/api/jobs/{job_id}"), 410)["detail"]


def test_a_cleanup_and_a_bulk_action_say_how_many_it_were(server: Server) -> None:
    ids = [server.submit("no such kind", tags=["bulk"]) for _ in range(3)]
    filter_ = {"tag": "bulk"}
    answer = server.http.post("/api/jobs/bulk", json={"action": "cancel", "filter": filter_})
    assert answer.json() == {"jobs": 3}
    planned = server.http.post("/api/jobs/cleanup", params={"days": 0, "dry_run": True}).json()
    assert planned["dry_run"] is True
    assert planned["jobs"] >= 3
    assert server.http.get(f"/api/jobs/{ids[0]}").json()["status"] == "cancelled"
    kept = {"action": "edit", "filter": filter_, "changes": {"keep": True}}
    assert server.http.post("/api/jobs/bulk", json=kept | {"dry_run": True}).json() == {"jobs": 3}
    assert server.http.get(f"/api/jobs/{ids[0]}").json()["keep"] is False
    assert server.http.post("/api/jobs/bulk", json=kept).json() == {"jobs": 3}
    assert server.http.get(f"/api/jobs/{ids[0]}").json()["keep"] is True
    raised = {"action": "edit", "filter": filter_, "changes": {"priority": 5}}
    assert server.http.post("/api/jobs/bulk", json=raised).json() == {"jobs": 0}, "none waits any more"
    later = filter_ | {"since": "9999-01-01T00:00:00Z"}
    assert server.http.post("/api/jobs/bulk", json={"action": "delete", "filter": later}).json() == {"jobs": 0}
    delete = {"action": "delete", "filter": filter_}
    assert server.http.post("/api/jobs/bulk", json=delete | {"dry_run": True}).json() == {"jobs": 3}
    assert server.http.post("/api/jobs/bulk", json=delete).json() == {"jobs": 3}
    assert server.http.post("/api/jobs/bulk", json={"action": "explode", "filter": filter_}).status_code == 422
    assert server.http.post("/api/jobs/cleanup", params={"days": -1}).status_code == 422


def test_a_request_that_does_not_fit_is_a_problem_that_names_the_place_and_not_the_value(server: Server) -> None:
    job_id = server.submit("gates", names=["never"])
    asked: list[tuple[str, str, Any, str]] = [
        ("GET", "?limit=0", None, "query.limit"),
        ("GET", "?status=odd", None, "query.status.0"),
        ("GET", "?since=2026-01-01T00:00:00", None, "query.since"),
        ("GET", "?since=yesterday", None, "query.since"),
        ("POST", "/bulk", {"action": "delete", "filter": {"since": "yesterday"}}, "body.filter.since"),
        ("POST", "/bulk", {"action": "explode-secret"}, "body.action"),
        ("POST", "/bulk", {"action": "edit", "filter": {"tag": "x"}}, "body"),
        ("POST", "/bulk", {"action": "delete", "changes": {"priority": 1}}, "body"),
        ("POST", "/bulk", {"action": "edit", "changes": {"priority": 10**9}}, "body.changes.priority"),
        ("POST", "/bulk", {"action": "delete", "filter": {"colour": "red-secret"}}, "body.filter.colour"),
        ("POST", "/cleanup?days=-1", None, "query.days"),
        ("PATCH", f"/{job_id}", {"priority": "high-secret"}, "body.priority"),
        ("PATCH", f"/{job_id}", {"run_at": "2026-01-01T00:00:00"}, "body.run_at"),
        ("PATCH", f"/{job_id}", {"status": "completed"}, "body.status"),
        ("PATCH", f"/{job_id}", [], "body"),
    ]
    for method, path, body, where in asked:
        document = problem(server.http.request(method, f"/api/jobs{path}", json=body), 422)
        assert where in document["detail"], document
        assert document["errors"][0]["where"] == where
        assert "secret" not in str(document)
    server.http.post(f"/api/jobs/{job_id}/cancel")


def test_a_waiting_job_is_given_another_priority_and_time(server: Server) -> None:
    job_id = server.submit("no such kind")
    changes = {"priority": 7, "run_at": "2999-01-01T00:00:00+01:00", "tags": ["a"], "keep": True}
    changed = server.http.patch(f"/api/jobs/{job_id}", json=changes).json()
    assert (changed["priority"], changed["run_at"]) == (7, changes["run_at"])
    assert (changed["tags"], changed["keep"], changed["title"]) == (["a"], True, "")
    assert server.http.patch(f"/api/jobs/{job_id}", json={"run_at": None}).json()["run_at"] is None
    server.http.post(f"/api/jobs/{job_id}/cancel")


def test_every_route_is_documented_with_its_errors(tmp_path: Path) -> None:
    app = FastAPI()
    app.include_router(job_router(JobQueue(tmp_path / "jobs", mode="external")))
    for path, methods in app.openapi()["paths"].items():
        for method, described in methods.items():
            assert described.get("description"), f"{method} {path} says nothing"
            answers = set(described["responses"])
            if "{job_id}" in path and not path.endswith("/events"):
                assert {"404", "410"} <= answers, f"{method} {path}"
            if method in {"post", "patch", "delete"} and "{job_id}" in path:
                assert "409" in answers, f"{method} {path}"
            for status in answers & {"404", "409", "410"}:
                assert "application/problem+json" in described["responses"][status]["content"]
