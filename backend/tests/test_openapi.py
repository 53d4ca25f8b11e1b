"""The OpenAPI document is whole and true: every route tells its errors, and keeps to them whatever it is sent."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from servers import Server, running_server

from app.openapi import openapi_document

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
STREAMS = ("/api/events", "/api/jobs/{job_id}/events")
"""They do not end, and tell in an event that there is no such job."""
SLOW = "/api/videos/sample"
"""It makes a film."""
HOSTILE_WORDS = ["x", "..%2f..%2fetc%2fpasswd", "%00%ff", "'%22%3Cscript%3E" + "a" * 3000]
HOSTILE_BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"{}",
    b"\xff\xfe",
    b"[" * 50_000,
    b'{"stars": NaN}',
    b'{"prompt": 1e999}',
    json.dumps({"video_id": {}, "prompt": [], "models": {}, "stars": "x", "action": "x"}).encode(),
    json.dumps({"video_ids": ["../x"], "prompts": ["\ud83d"], "models": ["x"], "title": "\ud83d"}).encode(),
]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi_document()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def test_the_document_is_printed_and_nothing_else_happens(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "app.openapi"],
        cwd=Path(__file__).parents[1],
        env={"PATH": "", "LONGTAKE_COMPARE_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(said.stdout)["info"]["title"] == "Longtake Compare"
    assert said.stderr == ""
    assert not (tmp_path / "data").exists()


def test_every_operation_has_its_name_its_words_and_its_errors(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    for method, path, operation in operations(document):
        place = f"{method} {path}"
        assert operation.get("description"), f"{place} says nothing"
        statuses = {int(status) for status in operation["responses"]}
        assert {400, 401, 403, 413, 421, 422, 500} <= statuses, place
        if "{" in path and path not in STREAMS:
            assert 404 in statuses, place
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert set(response["content"]) == {"application/problem+json"}, f"{place} {status}"


def test_the_additions_of_the_app_are_there(document: dict[str, Any]) -> None:
    there = {(method, path) for method, path, _ in operations(document)}
    assert {
        ("post", "/api/uploads"),
        ("head", "/api/uploads/{upload_id}"),
        ("patch", "/api/uploads/{upload_id}"),
        ("get", "/api/jobs/{job_id}/export"),
        ("put", "/api/jobs/{job_id}/cells/{cell}/rating"),
        ("post", "/api/jobs/{job_id}/votes"),
        ("post", "/api/jobs/{job_id}/cells/{cell}/retry"),
        ("post", "/api/jobs/{job_id}/cells/retry-failed"),
        ("post", "/api/jobs/{job_id}/cells/{cell}/cancel"),
        ("get", "/api/spending"),
        ("get", "/api/jobs/{job_id}/spending"),
        ("post", "/api/stop-all"),
        ("post", "/api/estimate"),
        ("get", "/api/doctor"),
    } <= there


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("openapi")) as server:
        yield server


def test_whatever_is_sent_is_answered_as_documented(server: Server, document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        if path in STREAMS or path == SLOW:
            continue
        for number, word in enumerate(HOSTILE_WORDS if "{" in path else ["x"]):
            place = path
            for parameter in operation.get("parameters", []):
                place = place.replace(f"{{{parameter['name']}}}", word)
            query = "&".join(f"{p['name']}={word}" for p in operation.get("parameters", []) if p["in"] == "query")
            bodies = HOSTILE_BODIES if "requestBody" in operation and number == 0 else [b""]
            for body in bodies:
                _send(server, method, place, body, operation)
            if query:
                _send(server, method, f"{place}?{query}", bodies[-1], operation)


def _send(server: Server, method: str, place: str, body: bytes, operation: dict[str, Any]) -> None:
    headers = {"content-type": "application/json", "tus-resumable": "1.0.0"}
    answer = server.http.request(method, place, content=body or None, headers=headers)
    what = f"{method} {place[:200]} {body[:100]!r}: {answer.status_code} {answer.text[:300]}"
    assert answer.status_code < 500, what
    documented = {int(status) for status in operation["responses"]}
    assert answer.status_code in documented | {404}, what
    if answer.status_code >= 400 and method != "head":
        assert answer.headers["content-type"] == "application/problem+json", what
        problem = answer.json()
        assert problem["status"] == answer.status_code, what
        assert len(problem["detail"]) > 10, what


def test_the_server_is_well_after_all_that(server: Server) -> None:
    assert server.get("/api/health")["status"] == "ok"
    assert "Traceback" not in server.worker_log()
