"""Every error of the API is a problem document, and none repeats what must not be seen."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from fastapi import FastAPI, Header, HTTPException
from fastapi.testclient import TestClient
from pydantic import BaseModel

from app.api.problems import Problem, install_problems, problem_responses
from app.media.errors import MediaError, MediaErrorKind


class Asked(BaseModel):
    prompt: str
    count: int = 1


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    install_problems(app)

    @app.post("/ask", responses=problem_responses(409))
    async def ask(asked: Asked) -> str:
        raise Problem(409, "Wait for the job.", headers={"Retry-After": "3"}, job_status=asked.prompt)

    @app.get("/teapot")
    async def teapot() -> None:
        raise HTTPException(418, "Use the kettle.")

    @app.get("/defect")
    async def defect(key: Annotated[str, Header()]) -> None:
        raise RuntimeError(f"the key is {key}")

    @app.get("/media/{kind}")
    async def media(kind: MediaErrorKind) -> None:
        raise MediaError(kind, "Convert it first.")

    return TestClient(app, raise_server_exceptions=False)


def document(response: Any) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == response.status_code
    return problem


def test_a_raised_problem_keeps_its_members_and_headers(client: TestClient) -> None:
    response = client.post("/ask", json={"prompt": "Grüße"})
    assert response.headers["retry-after"] == "3"
    assert document(response) == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "Wait for the job.",
        "job_status": "Grüße",
    }


def test_a_problem_may_hold_what_is_no_proper_text() -> None:
    assert b"\\ud83d" in Problem(409, "No.", name="\ud83d").response().body


def test_a_request_that_does_not_fit_is_told_where_and_its_values_are_not_repeated(client: TestClient) -> None:
    problem = document(client.post("/ask", json={"count": "secret-value"}))
    assert problem["status"] == 422
    assert "body.prompt: Field required" in problem["detail"]
    assert [error["where"] for error in problem["errors"]] == ["body.prompt", "body.count"]
    assert "secret-value" not in str(problem)


@pytest.mark.parametrize("body", [b"{", b"\xff", b"", b"[" * 100_000, b'{"prompt": NaN}'])
def test_a_body_that_is_no_json_is_refused(body: bytes, client: TestClient) -> None:
    response = client.post("/ask", content=body, headers={"content-type": "application/json"})
    assert document(response)["status"] in {400, 422}


def test_routing_errors_say_what_to_do(client: TestClient) -> None:
    assert document(client.get("/nothing"))["detail"] == "There is nothing at /nothing: check the address."
    wrong = client.delete("/ask")
    assert document(wrong)["detail"] == "DELETE is not possible at /ask: use POST."
    assert wrong.headers["allow"] == "POST"
    assert document(client.get("/teapot"))["detail"] == "Use the kettle."


def test_a_defect_keeps_its_words_to_the_log(client: TestClient) -> None:
    problem = document(client.get("/defect", headers={"key": "AIza-canary"}))
    assert problem["status"] == 500
    assert "GET /defect failed" in problem["detail"]
    assert "AIza-canary" not in str(problem)


@pytest.mark.parametrize("kind", MediaErrorKind)
def test_every_media_error_has_its_status(kind: MediaErrorKind, client: TestClient) -> None:
    problem = document(client.get(f"/media/{kind}"))
    statuses = {"missing": 404, "no_video": 415, "internal": 500}
    assert (problem["status"], problem["detail"]) == (statuses.get(kind, 422), "Convert it first.")
