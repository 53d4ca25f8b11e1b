"""The job API over HTTP, at a real server: every route, its errors, and the event streams."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from support import TESTS, Place, eventually

from longtake import JobQueue
from longtake.fastapi import job_router

UNKNOWN = "0" * 26


class Server:
    """The server process and a client for it."""

    def __init__(self, place: Place, folder: Path) -> None:
        port_file = folder / "port"
        command = [sys.executable, str(TESTS / "handlers_server.py"), str(port_file)]
        self.process = subprocess.Popen(command, env=os.environ | place.environment)
        port = eventually(lambda: port_file.exists() and port_file.read_text())
        self.http = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=10)
        self.place = place
        self.queue = place.queue()

    def submit(self, kind: str, **args: Any) -> str:
        """Submit a job, as a program would."""
        return asyncio.run(self.queue.submit(kind, **args)).id

    def is_now(self, job_id: str, status: str) -> Any:
        """The job's view when it has this status."""
        return eventually(lambda: (v := self.http.get(f"/api/jobs/{job_id}").json())["status"] == status and v)

    def close(self) -> None:
        """End it."""
        self.http.close()
        self.process.kill()
        self.process.wait()


class Events:
    """An open event stream."""

    def __init__(self, answer: httpx2.Response) -> None:
        self._lines = answer.iter_lines()

    def next(self, *names: str) -> dict[str, Any]:
        """The next event of one of these names (any, when none is named), as {"event", "id", "data"}."""
        while True:
            event: dict[str, Any] = {}
            for line in self._lines:
                if not line and event:
                    break
                field, _, value = line.partition(": ")
                if field:
                    event[field] = json.loads(value) if field == "data" else value
            if not names or event["event"] in names:
                return event


@contextmanager
def stream(server: Server, path: str, **headers: str) -> Iterator[Events]:
    """An event stream; the connection is cut at the end."""
    with server.http.stream("GET", path, headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Events(answer)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server and a worker for all tests here."""
    folder = tmp_path_factory.mktemp("http")
    place = Place(folder)
    with place.worker():
        server = Server(place, folder)
        try:
            eventually(place.worker_pid)
            yield server
        finally:
            server.close()


def problem(answer: httpx2.Response, status: int) -> dict[str, Any]:
    """The problem document of an answer."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail"} <= document.keys()
    assert document["status"] == status
    assert len(document["detail"]) > 10
    return document


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
    assert server.http.post("/api/jobs/bulk", json={"action": "delete", "filter": filter_}).json() == {"jobs": 3}
    assert server.http.post("/api/jobs/bulk", json={"action": "explode", "filter": filter_}).status_code == 422
    assert server.http.post("/api/jobs/cleanup", params={"days": -1}).status_code == 422


def test_the_stream_of_all_jobs_tells_each_change_and_that_it_lives(server: Server) -> None:
    with stream(server, "/api/events") as events:
        assert events.next()["event"] == "reset"
        assert "at" in events.next("heartbeat")["data"]
        job_id = server.submit("marks", name="streamed", count=3)
        while True:
            data = events.next("job")["data"]
            assert not {"args", "result", "attempts"} & data.keys()
            if data["job_id"] == job_id and data["status"] == "completed":
                break
        server.http.delete(f"/api/jobs/{job_id}")
        assert events.next("deleted")["data"] == {"job_id": job_id}


def test_a_client_that_comes_back_gets_what_it_missed_and_no_reset(server: Server) -> None:
    with stream(server, "/api/events") as events:
        last = events.next("reset")["id"]
    missed = server.submit("marks", name="missed", count=1)
    gone = server.submit("no such kind")
    server.is_now(missed, "completed")
    server.http.post(f"/api/jobs/{gone}/cancel")
    server.http.delete(f"/api/jobs/{gone}")
    with stream(server, "/api/events", **{"Last-Event-ID": last}) as events:
        told = [events.next("job", "deleted", "reset") for _ in range(2)]
    assert "reset" not in [event["event"] for event in told]
    assert {event["data"]["job_id"] for event in told} == {missed, gone}
    for unknown in ("other:1", "nonsense", last.partition(":")[0] + ":" + "9" * 25, ":"):
        with stream(server, "/api/events", **{"Last-Event-ID": unknown}) as events:
            assert events.next()["event"] == "reset"


def test_the_stream_of_one_job_shows_it_whole_to_its_end(server: Server) -> None:
    job_id = server.submit("gates", names=["one stream"])
    with stream(server, f"/api/jobs/{job_id}/events") as events:
        assert events.next("job")["data"]["args"] == {"names": ["one stream"]}
        server.place.open("one stream")
        while (data := events.next("job")["data"])["status"] != "completed":
            pass
        assert data["result"] == ["one stream"]
        server.http.delete(f"/api/jobs/{job_id}")
        assert events.next("deleted")["data"] == {"job_id": job_id}
    with stream(server, f"/api/jobs/{UNKNOWN}/events") as events:
        assert events.next()["event"] == "deleted"


def test_a_client_that_vanishes_leaves_no_subscription(server: Server) -> None:
    eventually(lambda: server.http.get("/subscriptions").json() == 0)
    job_id = server.submit("gates", names=["never"])
    with stream(server, "/api/events") as one, stream(server, f"/api/jobs/{job_id}/events") as two:
        one.next()
        two.next()
        assert server.http.get("/subscriptions").json() == 2
    eventually(lambda: server.http.get("/subscriptions").json() == 0)
    server.http.post(f"/api/jobs/{job_id}/cancel")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_with_open_streams_ends_at_once(place: Place, tmp_path: Path, number: signal.Signals) -> None:
    server = Server(place, tmp_path)
    try:
        with ExitStack() as streams:
            opened = [streams.enter_context(stream(server, "/api/events")) for _ in range(5)]
            for events in opened:
                events.next("reset")
            server.process.send_signal(number)
            told = time.monotonic()
            server.process.wait(timeout=10)
            assert time.monotonic() - told < 1.5
    finally:
        server.close()


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
