"""What the job API and the dashboard refuse: pages of other sites, and names that are not the server's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from longtake import JobQueue
from longtake.fastapi import job_dashboard, job_router

OUTSIDE = "https://jobs.example.com"
Made = Callable[..., TestClient]


@pytest.fixture(params=[(job_router, "/api"), (job_dashboard, "/jobs/api")], ids=["router", "dashboard"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    """Makes a client of an app with the router or the dashboard; its paths begin below the job API."""
    maker: Callable[..., APIRouter]
    maker, below = request.param

    def make(*origins: str, name: str = "127.0.0.1:8000") -> TestClient:
        app = FastAPI()
        app.include_router(maker(JobQueue(tmp_path / "jobs", mode="external"), origins=origins))
        return TestClient(app, base_url=f"http://{name}{below}/")

    return make


def changes(client: TestClient, headers: dict[str, str]) -> set[int]:
    """How requests that change something are answered."""
    asked: list[tuple[str, str, Any]] = [
        ("POST", "jobs/cleanup?days=0", None),
        ("POST", "jobs/bulk", {"action": "delete"}),
        ("POST", "jobs/x/cancel", None),
        ("POST", "jobs/x/retry", None),
        ("PATCH", "jobs/x", {"title": "mine"}),
        ("DELETE", "jobs/x", None),
    ]
    return {client.request(method, path, json=body, headers=headers).status_code for method, path, body in asked}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8000"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:8000.evil.example"},
        {"Origin": "http://[evil"},
        {"Origin": "null"},
    ],
)
def test_what_another_sites_page_sends_is_refused(made: Made, headers: dict[str, str]) -> None:
    client = made()
    assert changes(client, headers) == {403}
    refusal = client.delete("jobs/x", headers=headers)
    assert refusal.headers["Content-Type"] == "application/problem+json"
    assert "another site" in refusal.json()["detail"]
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("jobs/x/ws", headers=headers):
        pass
    assert client.get("jobs", headers=headers).status_code == 200, "what reads no other page can see"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://behind.a.proxy"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://127.0.0.1:8000"},
        {"Origin": "https://127.0.0.1:8000"},
    ],
)
def test_its_own_page_and_programs_may(made: Made, headers: dict[str, str]) -> None:
    assert changes(made(), headers) == {200, 404}


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "a.b.", "[evil", ""])
def test_a_name_that_points_here_by_a_trick_is_refused_for_reading_too(made: Made, host: str) -> None:
    client, headers = made(), {"Host": host, "Sec-Fetch-Site": "same-origin", "Origin": f"http://{host}"}
    assert changes(client, headers) == {421}
    refusal = client.get("jobs", headers=headers)
    assert refusal.status_code == 421
    assert "origins=" in refusal.json()["detail"]
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("jobs/x/ws", headers=headers):
        pass


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "app.localhost:8000", "192.168.1.7:8000", "[::1]:8000", "nas", "testserver"]
)
def test_addresses_and_names_that_cannot_be_bought_are_answered_to(made: Made, host: str) -> None:
    assert made().get("jobs", headers={"Host": host}).status_code == 200


def test_an_origin_that_is_named_is_where_the_server_is_reached_and_whose_pages_may(made: Made) -> None:
    client = made(f"{OUTSIDE.upper()}/", "http://localhost:5173")
    assert changes(client, {"Host": "jobs.example.com", "Origin": OUTSIDE, "Sec-Fetch-Site": "same-origin"}) == {
        200,
        404,
    }
    assert changes(client, {"Origin": "http://localhost:5173", "Sec-Fetch-Site": "same-site"}) == {200, 404}
    assert changes(client, {"Origin": "http://localhost:5174", "Sec-Fetch-Site": "same-site"}) == {403}
    assert changes(client, {"Host": "example.com"}) == {421}


def test_an_app_that_sees_to_it_itself_lets_all_pass(made: Made) -> None:
    headers = {"Host": "evil.example", "Origin": "http://other.example", "Sec-Fetch-Site": "cross-site"}
    assert changes(made("*"), headers) == {200, 404}


def test_the_page_of_the_dashboard_is_not_shown_under_a_foreign_name(tmp_path: Path) -> None:
    app = FastAPI()
    app.include_router(job_dashboard(JobQueue(tmp_path / "jobs", mode="external")))
    refusal = TestClient(app).get("/jobs", headers={"Host": "evil.example"})
    assert (refusal.status_code, refusal.headers["Content-Type"]) == (421, "application/problem+json")


@pytest.mark.parametrize("origin", ["jobs.example.com", "https://", "https://jobs.example.com/page", "", "http://[x"])
def test_what_is_no_origin_is_told_at_once(made: Made, origin: str) -> None:
    with pytest.raises(ValueError, match="write it as https"):
        made(origin)
