"""What was asked exactly so before is not asked again, and says so; what differs in anything is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from paying import FLASH, LITE, UNKNOWN, paying_server, upload
from servers import Server
from standin import StandIn

from app.compare.answer_index import AnswerIndex, Origin
from longtake import JobQueue


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, standin: StandIn) -> Iterator[Server]:
    with paying_server(tmp_path_factory.mktemp("reuse"), standin) as server:
        yield server


class Asking:
    """Compares, and counts what was paid for it."""

    def __init__(self, server: Server, standin: StandIn) -> None:
        self.server = server
        self.standin = standin
        self.paid = 0

    def __call__(self, prompt: str | list[str], *models: str, **more: Any) -> Any:
        """A finished comparison."""
        prompts = prompt if isinstance(prompt, list) else [prompt]
        before = self.standin.paid()
        body = {"video_ids": [upload(self.server)], "prompts": prompts, "models": models, **more}
        job = self.server.post("/api/batch-compare", body)
        self.paid = self.standin.paid() - before
        return job

    def cell(self, prompt: str, **more: Any) -> Any:
        """The only cell of a finished comparison."""
        (cell,) = self(prompt, FLASH, **more)["result"]["cells"]
        return cell


@pytest.fixture
def ask(server: Server, standin: StandIn) -> Asking:
    return Asking(server, standin)


def test_the_same_question_is_paid_once(ask: Asking) -> None:
    first = ask("Same?", FLASH)
    (before,) = first["result"]["cells"]
    assert (ask.paid, before["reused_from"], before["saved_usd"]) == (1, None, None)
    again = ask("Same?", FLASH)
    (cell,) = again["result"]["cells"]
    assert ask.paid == 0
    assert cell["reused_from"] == {"job_id": first["job_id"], "cell": "1.1.1"}
    assert (cell["state"], cell["text"], cell["attempts"]) == ("completed", before["text"], 0)
    assert (cell["cost_usd"], cell["saved_usd"]) == (0.0, before["cost_usd"])
    totals = again["result"]["totals"]
    assert (totals["cost_usd"], totals["reused"], totals["saved_usd"]) == (0.0, 1, before["cost_usd"])
    assert ask.server.get(f"/api/jobs/{again['job_id']}/spending")["calls"] == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"options": {"fps": 2}},
        {"options": {"clip_end": 0.5}},
        {"options": {"temperature": 0.1}},
        {"options": {"system_instruction": "Be brief."}},
        {"options": {"thinking_level": "low"}},
        {"options": {"resolution": "low"}},
        {"options": {"response_schema": {"type": "string"}}},
    ],
)
def test_another_option_is_another_question(ask: Asking, changes: dict[str, Any]) -> None:
    ask.standin.control(answer='"yes"')
    ask("Options?", FLASH)
    assert ask.cell("Options?", **changes)["reused_from"] is None
    assert ask.paid == 1
    assert ask.cell("Options?", **changes)["reused_from"] is not None
    assert ask.paid == 0
    ask.standin.control(answer=None)


def test_another_video_is_another_question(ask: Asking) -> None:
    ask("Video?", FLASH)
    body = {"video_id": upload(ask.server, "blue"), "prompt": "Video?", "models": [FLASH]}
    (cell,) = ask.server.post("/api/compare", body)["result"]["cells"]
    assert cell["reused_from"] is None


def test_a_changed_prompt_and_an_added_model_ask_only_the_new_cells(ask: Asking) -> None:
    ask(["One?", "Two?", "Three?"], FLASH)
    assert ask.paid == 3
    job = ask(["One?", "Two, changed?", "Three?"], FLASH, LITE)
    assert ask.paid == 4
    reused = [cell["cell"] for cell in job["result"]["cells"] if cell["reused_from"]]
    assert reused == ["1.1.1", "1.3.1"]


def test_fresh_asks_everything(ask: Asking) -> None:
    ask("Fresh?", FLASH)
    assert ask.cell("Fresh?", fresh=True)["reused_from"] is None
    assert ask.paid == 1


def test_each_repeat_is_a_question_of_its_own(ask: Asking) -> None:
    ask("Repeats?", FLASH, repeats=2)
    assert ask.paid == 2
    cells = ask("Repeats?", FLASH, repeats=3)["result"]["cells"]
    assert ask.paid == 1
    assert [(cell["reused_from"] or {}).get("cell") for cell in cells] == ["1.1.1", "1.1.1.2", None]


def test_local_answers_are_reused_and_simulations_never(ask: Asking) -> None:
    ask("Local?", "local/scenes", "demo/stream")
    local, demo = ask("Local?", "local/scenes", "demo/stream")["result"]["cells"]
    assert local["reused_from"] is not None
    assert demo["reused_from"] is None


def test_what_is_no_whole_answer_is_not_reused(ask: Asking) -> None:
    for fault in ("max-tokens-text", "safety", "empty"):
        ask.standin.control(fault=fault, on="ask", times=1)
        assert ask.cell(f"{fault}?")["state"] != "completed"
        assert ask.cell(f"{fault}?")["reused_from"] is None
    ask.standin.control(answering_model=LITE)
    assert ask.cell("Rerouted?")["rerouted"]
    ask.standin.control(answering_model=None)
    assert ask.cell("Rerouted?")["reused_from"] is None
    schema: dict[str, Any] = {"options": {"response_schema": {"type": "object"}}}
    assert ask.cell("Schema?", **schema)["schema_error"]
    assert ask.cell("Schema?", **schema)["reused_from"] is None


def test_a_cell_that_a_person_retries_is_asked_anew(ask: Asking) -> None:
    first = ask("Retry?", FLASH)
    reusing = ask("Retry?", FLASH)
    for number, job_id in enumerate((first["job_id"], reusing["job_id"]), 1):
        paid = ask.standin.paid()
        ask.server.post(f"/api/jobs/{job_id}/cells/1.1.1/retry")
        (cell,) = ask.server.finished(job_id)["result"]["cells"]
        assert (cell["reused_from"], ask.standin.paid() - paid) == (None, 1), number


def test_a_job_that_a_person_starts_afresh_asks_anew(ask: Asking) -> None:
    ask("Afresh?", FLASH)
    reusing = ask("Afresh?", FLASH)
    paid = ask.standin.paid()
    ask.server.post(f"/api/jobs/{reusing['job_id']}/retry?fresh=true")
    (cell,) = ask.server.finished(reusing["job_id"])["result"]["cells"]
    assert (cell["reused_from"], ask.standin.paid() - paid) == (None, 1)


def test_the_answers_of_a_deleted_job_are_gone(ask: Asking) -> None:
    first = ask("Deleted?", FLASH)
    ask.server.http.delete(f"/api/jobs/{first['job_id']}").raise_for_status()
    assert ask.cell("Deleted?")["reused_from"] is None
    assert ask.paid == 1


def test_the_estimate_tells_what_will_be_reused(ask: Asking) -> None:
    ask(["Estimate?", "More?"], FLASH)
    body = {"video_ids": [upload(ask.server)], "prompts": ["Estimate?", "Other?", "More?"], "models": [FLASH, LITE]}
    told = ask.server.post("/api/estimate", body)
    whole = ask.server.post("/api/estimate", body | {"fresh": True})
    assert (told["cells"], told["reused"], whole["reused"]) == (6, 2, 0)
    assert [each["reused"] for each in told["by_model"]] == [2, 0]
    assert told["by_model"][0]["cost_usd"] == pytest.approx(whole["by_model"][0]["cost_usd"] / 3, rel=0.01)
    assert told["by_model"][1]["cost_usd"] == whole["by_model"][1]["cost_usd"]


def test_the_estimate_tells_how_budgets_stand(ask: Asking) -> None:
    body = {"video_ids": [upload(ask.server)], "prompts": ["Budget?"], "models": [FLASH]}
    told = ask.server.post("/api/estimate", body)
    assert (told["over_budget"], told["budget_usd"], told["day_cap_usd"], told["not_asked"]) == (False, None, None, [])
    assert told["spent_today_usd"] == ask.server.get("/api/spending")["today_usd"]
    for factor, is_over in ((0.5, True), (1.5, False)):
        budget = body | {"budget_usd": told["cost_usd"] * factor}
        assert ask.server.post("/api/estimate", budget)["over_budget"] is is_over
    unknown = ask.server.post("/api/estimate", body | {"models": [FLASH, UNKNOWN], "budget_usd": 9})
    assert unknown["not_asked"] == [UNKNOWN]
    assert "UNKNOWN_PRICES" in unknown["why_not_asked"]


def test_answers_are_known_after_a_restart_and_without_the_index_asked_anew(tmp_path: Path, standin: StandIn) -> None:
    for expected in (1, 0):
        with paying_server(tmp_path, standin) as server:
            ask = Asking(server, standin)
            ask("Restart?", FLASH)
            assert ask.paid == expected
    index = tmp_path / "answers.sqlite"
    assert index.stat().st_mode & 0o777 == 0o600
    for spoil in (index.unlink, lambda: index.write_bytes(b"no database at all" * 1000)):
        spoil()
        with paying_server(tmp_path, standin) as server:
            ask = Asking(server, standin)
            ask("Restart?", FLASH)
            ask("Restart?", FLASH)
            assert ask.paid == 0


def test_the_index_is_quick_with_the_answers_of_ten_thousand_jobs(tmp_path: Path) -> None:
    index = AnswerIndex(tmp_path / "answers.sqlite")

    def fill(db: Any) -> None:
        rows = ((f"q{n}-{job}", f"job{job:05}", f"1.1.{n}", 0) for job in range(10_000) for n in range(20))
        db.executemany("insert into answers values (?, ?, ?, ?)", rows)

    index._try(fill, None)
    plan = "\n".join(
        str(row)
        for row in index._work(
            lambda db: db.execute(
                "explain query plan select job_id, cell, is_reused from answers where question = ?", ("x",)
            ).fetchall()
        )
    )
    assert "SEARCH" in plan, "never a walk through the whole table"
    found = asyncio.run(index.find("q7-9999", for_job=""))
    assert found == [Origin(job_id="job09999", cell="1.1.7")]


def test_an_index_that_cannot_be_written_stands_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "answers.sqlite").mkdir()
    index = AnswerIndex(tmp_path / "answers.sqlite")
    asyncio.run(index.note("q", Origin(job_id="j", cell="1.1.1"), is_reused=False))
    assert asyncio.run(index.find("q", for_job="")) == []


def test_nothing_of_the_question_can_be_read_in_the_index(ask: Asking) -> None:
    ask("A secret question?", FLASH)
    content = (ask.server.data / "answers.sqlite").read_bytes()
    assert b"secret" not in content
    job_id = asyncio.run(JobQueue(ask.server.jobs, mode="external").find(limit=1)).jobs[0].id
    assert job_id.encode() in content
