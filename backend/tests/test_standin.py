"""The stand-in itself: a thing that tests rely on must be relied on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from standin import StandIn

TESTS = Path(__file__).parent
GOOGLE = {"x-goog-api-key": "k"}


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture
def http(standin: StandIn) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=standin.address, trust_env=False, timeout=5) as client:
        yield client


def generate(http: httpx2.Client, model: str = "gemini-x", version: str = "v1beta") -> httpx2.Response:
    body = {"contents": [{"parts": [{"text": "Hello?"}]}]}
    return http.post(f"/{version}/models/{model}:generateContent", json=body, headers=GOOGLE)


def create(http: httpx2.Client, **body: Any) -> httpx2.Response:
    asked = {"model": "gemini-x", "input": "Hello?", "background": True, **body}
    return http.post("/v1beta/interactions", json=asked, headers=GOOGLE)


def finished(http: httpx2.Client, interaction_id: str) -> dict[str, Any]:
    """Listen to its end, then look at it."""
    http.get(f"/v1beta/interactions/{interaction_id}", params={"stream": "true"}, headers=GOOGLE)
    return dict(http.get(f"/v1beta/interactions/{interaction_id}", headers=GOOGLE).json())


@pytest.mark.parametrize("version", ["v1", "v1beta"])
def test_it_answers_in_both_versions(http: httpx2.Client, version: str) -> None:
    answer = generate(http, version=version).json()
    assert answer["candidates"][0]["content"]["parts"][0]["text"].startswith("You asked: Hello?")
    count = http.post(f"/{version}/models/m:countTokens", json={"contents": []}, headers=GOOGLE)
    assert count.json() == {"totalTokens": 0}


def test_one_path_serves_the_models_of_both_providers(http: httpx2.Client) -> None:
    assert "models" in http.get("/v1/models", headers=GOOGLE).json()
    assert http.get("/v1/models").json()["object"] == "list"


def test_a_fault_is_ordered_by_the_name_of_the_model(http: httpx2.Client) -> None:
    assert generate(http, "gemini-fake-429").status_code == 429
    assert generate(http).status_code == 200


def test_a_fault_is_ordered_by_the_control_for_some_times(standin: StandIn, http: httpx2.Client) -> None:
    standin.control(fault="503", times=2)
    assert [generate(http).status_code for _ in range(3)] == [503, 503, 200]


@pytest.mark.parametrize("wish", [{"latencyy": 3}, {"fault": "4299"}])
def test_what_it_does_not_know_is_refused(standin: StandIn, wish: dict[str, Any]) -> None:
    with pytest.raises(httpx2.HTTPStatusError):
        standin.control(**wish)


def test_requests_a_minute_are_limited_by_model(standin: StandIn, http: httpx2.Client) -> None:
    standin.control(rpm=1)
    assert [generate(http, name).status_code for name in ("a", "a", "b")] == [200, 429, 200]


def test_only_what_was_answered_is_charged(standin: StandIn, http: httpx2.Client) -> None:
    generate(http, "gemini-fake-500")
    generate(http)
    create(http, labels={"call": "cell-7"})
    log = standin.log()
    assert [call["model"] for call in log["paid"]] == ["gemini-x", "gemini-x"]
    assert log["paid_by_label"] == {"None": 1, "cell-7": 1}
    assert len(log["requests"]) == 3


def test_an_interaction_goes_on_without_its_client(standin: StandIn, http: httpx2.Client) -> None:
    standin.control(latency=0.01)
    created = create(http).json()
    assert created["status"] == "in_progress"
    http.close()
    with httpx2.Client(base_url=standin.address, trust_env=False) as later:
        whole = finished(later, created["id"])
    assert whole["status"] == "completed"
    assert whole["steps"][0]["content"][0]["text"].endswith("The end.")


def test_a_stream_can_be_taken_up_after_an_event(http: httpx2.Client) -> None:
    interaction_id = create(http).json()["id"]
    finished(http, interaction_id)
    path = f"/v1/interactions/{interaction_id}"
    rest = http.get(path, params={"stream": "true", "last_event_id": "9"}, headers=GOOGLE).text
    assert "step.stop" in rest
    assert "step.delta" not in rest


def test_a_cancelled_interaction_stays_cancelled(standin: StandIn, http: httpx2.Client) -> None:
    standin.control(thinking=30.0)
    interaction_id = create(http).json()["id"]
    cancelled = http.post(f"/v1beta/interactions/{interaction_id}/cancel", headers=GOOGLE)
    assert cancelled.json()["status"] == "cancelled"
    assert finished(http, interaction_id)["status"] == "cancelled"
    assert http.delete(f"/v1beta/interactions/{interaction_id}", headers=GOOGLE).status_code == 200
    assert http.get(f"/v1beta/interactions/{interaction_id}", headers=GOOGLE).status_code == 404


def test_a_wrong_key_is_refused_in_the_words_of_each_api(standin: StandIn, http: httpx2.Client) -> None:
    standin.control(key="the-good-one")
    assert generate(http).status_code == 400
    assert create(http).json()["error"]["code"] == "authentication"
    chat = http.post("/v1/chat/completions", json={}, headers={"Authorization": "Bearer k"})
    assert chat.json()["error"]["code"] == "invalid_api_key"


def test_files_can_be_deleted(standin: StandIn, http: httpx2.Client) -> None:
    headers = {**GOOGLE, "X-Goog-Upload-Command": "start", "X-Goog-Upload-Header-Content-Length": "3"}
    url = http.post("/upload/v1/files", json={"file": {}}, headers=headers).headers["X-Goog-Upload-URL"]
    assert url.startswith(standin.address)
    sent = {"X-Goog-Upload-Command": "upload, finalize", "X-Goog-Upload-Offset": "0"}
    file = http.post(url, content=b"abc", headers=sent).json()["file"]
    assert file["state"] == "PROCESSING"
    assert len(standin.stored_hashes()) == 1
    http.delete(f"/v1/{file['name']}", headers=GOOGLE)
    assert standin.stored_hashes() == []


def test_it_runs_as_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "standin", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    with subprocess.Popen(command, cwd=TESTS, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().removeprefix("ready: ").strip()
        try:
            answer = httpx2.post(
                f"{address}/v1/chat/completions",
                json={"model": "m", "messages": [{"role": "user", "content": "Hello?"}]},
                trust_env=False,
            )
            assert answer.json()["choices"][0]["message"]["content"].startswith("You asked: Hello?")
        finally:
            process.terminate()
