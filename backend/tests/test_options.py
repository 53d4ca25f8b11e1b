"""What is asked for besides the prompt reaches the models, or the cell says that it did not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from paying import FLASH, UNKNOWN, paying_server, upload
from servers import Server
from standin import StandIn

from app.models.answer_schema import why_no_schema, why_not_followed
from app.models.rerouting import is_rerouted

SCHEMA = {"type": "object", "required": ["cars"], "properties": {"cars": {"type": "integer"}}}
OPTIONS: dict[str, Any] = {
    "fps": 4,
    "clip_start": 0.2,
    "clip_end": 0.8,
    "resolution": "low",
    "thinking_level": "low",
    "temperature": 0.5,
    "system_instruction": "Be brief.",
    "response_schema": SCHEMA,
}


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, standin: StandIn) -> Iterator[Server]:
    with paying_server(tmp_path_factory.mktemp("options"), standin) as server:
        yield server


def body(server: Server, *models: str, **more: Any) -> dict[str, Any]:
    return {"video_id": upload(server), "prompt": "How many cars?", "models": models, **more}


def ask(server: Server, *models: str, **more: Any) -> list[Any]:
    """The cells of a comparison."""
    return list(server.post("/api/compare", body(server, *models, **more))["result"]["cells"])


def test_every_option_reaches_gemini_and_stands_in_the_cell(server: Server, standin: StandIn) -> None:
    standin.control(answer='{"cars": 2}')
    (cell,) = ask(server, FLASH, options=OPTIONS)
    sent = standin.seen("interactions.create")[-1]["body"]
    shown = sent["input"][0]["content"][0]
    assert shown["processing"] == {"type": "static", "fps": 4.0, "start_offset": "0.2s", "end_offset": "0.8s"}
    assert (shown["resolution"], sent["system_instruction"]) == ("low", "Be brief.")
    assert sent["generation_config"] == {"temperature": 0.5, "thinking_level": "low"}
    assert sent["response_format"]["schema"] == SCHEMA
    assert cell["options"] == OPTIONS
    assert (cell["state"], cell["schema_error"], cell["input"]["ignored"]) == ("completed", None, [])
    assert (cell["input"]["fps"], cell["input"]["clip"]) == (4.0, [0.2, 0.8])


def test_every_option_reaches_a_server_that_speaks_like_openai(server: Server, standin: StandIn) -> None:
    standin.control(answer='{"cars": 2}')
    (cell,) = ask(server, UNKNOWN, options=OPTIONS)
    sent = standin.seen("openai.chat")[-1]["body"]
    assert sent["messages"][0] == {"role": "system", "content": "Be brief."}
    assert (sent["temperature"], sent["reasoning_effort"]) == (0.5, "low")
    assert sent["response_format"]["json_schema"]["schema"] == SCHEMA
    pictures = [part for part in sent["messages"][1]["content"] if part["type"] == "image_url"]
    assert len(pictures) == cell["input"]["frames"] == 3
    assert (cell["input"]["clip"], cell["input"]["ignored"], cell["schema_error"]) == ([0.2, 0.8], [], None)


@pytest.mark.parametrize("model", ["local/scenes", "local/quality", "demo/stream"])
def test_a_model_that_cannot_follow_says_so(server: Server, model: str) -> None:
    (cell,) = ask(server, model, options=OPTIONS)
    assert cell["state"] == "completed"
    assert sorted(cell["input"]["ignored"]) == sorted(OPTIONS)
    assert cell["schema_error"] is None


@pytest.mark.parametrize(
    ("answer", "words"), [("Two cars.", "not JSON"), ('{"cars": "two"}', "cars"), ('["cars"]', "object")]
)
def test_an_answer_that_does_not_follow_the_schema_is_never_silently_fine(
    server: Server, standin: StandIn, answer: str, words: str
) -> None:
    standin.control(answer=answer)
    (cell,) = ask(server, FLASH, options={"response_schema": SCHEMA})
    assert (cell["text"], words in cell["schema_error"]) == (answer, True)


def test_a_model_that_answers_for_another_is_told(server: Server, standin: StandIn) -> None:
    standin.control(answer=None, answering_model="gemini-3.8-flash-lite")
    try:
        (cell,) = ask(server, FLASH)
    finally:
        standin.control(answering_model=None)
    assert (cell["answered_by"], cell["rerouted"]) == ("gemini-3.8-flash-lite", True)


@pytest.mark.parametrize(
    ("asked", "answered", "rerouted"),
    [
        ("gemini-3.8-flash", "models/gemini-3.8-flash", False),
        ("gemini-3.8-flash", "gemini-3.8-flash-001", False),
        ("gemini-3.1-pro-preview", "gemini-3.1-pro-preview-11-2026", False),
        ("gemini-flash-latest", "gemini-3.8-flash", False),
        ("openai/gpt-5", "gpt-5-2026-08-07", False),
        ("ollama/qwen3-vl:8b", "qwen3-vl:8b", False),
        ("router/meta/llama-4", "meta/llama-4", False),
        ("local/scenes", "local/scenes", False),
        ("gemini-3.8-flash", None, False),
        ("gemini-3.8-flash", "gemini-3.8-flash-lite", True),
        ("gemini-3.8-flash", "gemini-3.5-flash", True),
        ("openai/gpt-5", "gpt-5-mini-2026-08-07", True),
        ("ollama/qwen3-vl:8b", "qwen3-vl:4b", True),
    ],
)
def test_a_state_of_a_model_is_the_model_and_another_model_is_another(
    asked: str, answered: str | None, *, rerouted: bool
) -> None:
    assert is_rerouted(asked, answered) is rerouted


def test_repeats_are_cells_of_their_own(server: Server, standin: StandIn) -> None:
    standin.control(answer=None)
    paid = standin.paid()
    cells = ask(server, FLASH, "local/scenes", repeats=3)
    assert [cell["cell"] for cell in cells] == ["1.1.1", "1.1.1.2", "1.1.1.3", "1.1.2", "1.1.2.2", "1.1.2.3"]
    assert [cell["repeat"] for cell in cells] == [1, 2, 3, 1, 2, 3]
    assert standin.paid() - paid == 3


def test_how_the_job_is_run_can_be_said_too(server: Server) -> None:
    later = "2999-01-01T00:00:00Z"
    asked = body(server, "local/scenes", title="Cars", tags=["red"], priority=7, run_at=later)
    job = server.job(server.post("/api/compare-async", asked)["job_id"])
    assert (job["title"], job["tags"], job["priority"], job["run_at"]) == ("Cars", ["red"], 7, later)
    assert job["args"].keys() == {"video_id", "prompt", "models"}
    server.post(f"/api/jobs/{job['job_id']}/cancel")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"options": {"fps": 25}}, "fps"),
        ({"options": {"fps": 0}}, "fps"),
        ({"options": {"frames": 5}}, "frames"),
        ({"options": {"label": "x"}}, "label"),
        ({"options": {"clip_start": 0.5, "clip_end": 0.5}}, "before clip_end"),
        ({"options": {"clip_start": 2}}, "red.mp4 (1 s)"),
        ({"options": {"clip_end": 2}}, "red.mp4 (1 s)"),
        ({"options": {"temperature": 3}}, "temperature"),
        ({"options": {"resolution": "8k"}}, "resolution"),
        ({"options": {"response_schema": {"type": "nothing"}}}, "no JSON schema"),
        ({"options": {"response_schema": {"$ref": "http://127.0.0.1:9/x"}}}, "not fetched"),
        ({"options": {"response_schema": {"$ref": "file:///etc/passwd"}}}, "not fetched"),
        ({"options": {"response_schema": {"title": "x" * 60_000}}}, "longer"),
        ({"repeats": 0}, "repeats"),
        ({"repeats": 11}, "repeats"),
        ({"run_at": "2999-01-01T00:00:00"}, "run_at"),
        ({"priority": 1001}, "priority"),
        ({"notify": ["nobody"]}, "nobody"),
        ({"tags": [""]}, "tags"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_reason(server: Server, changes: dict[str, Any], words: str) -> None:
    before = server.get("/api/jobs")["counts"]
    answer = server.http.post("/api/compare-async", json=body(server, "local/scenes", **changes))
    assert answer.status_code == 422, answer.text
    assert words in answer.json()["detail"]
    assert server.get("/api/jobs")["counts"] == before


def test_repeats_count_towards_the_cells_of_one_job(server: Server) -> None:
    several = {"video_ids": [upload(server)], "prompts": [str(n) for n in range(51)], "models": ["local/scenes"]}
    answer = server.http.post("/api/batch-compare-async", json={**several, "repeats": 10})
    assert (answer.status_code, "510 cells" in answer.json()["detail"]) == (422, True)


def test_a_schema_is_checked_without_fetching_anything() -> None:
    assert why_no_schema(SCHEMA) is None
    assert why_no_schema({"$ref": "#/$defs/none"}) is not None
    assert why_not_followed(SCHEMA, json.dumps({"cars": 1})) is None
    assert "not JSON" in (why_not_followed(SCHEMA, "[" * 100_000) or "")
