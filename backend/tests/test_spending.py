"""Paid calls: each is in the ledger, none is made beyond a cap, and what a crash may have cost is told."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from paying import FLASH, LITE, UNKNOWN, ledger, paying_server, upload
from servers import Server
from standin import StandIn
from waiting import eventually

PROMPTS = [f"Question {number}" for number in range(1, 9)]


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture
def server(tmp_path: Path, standin: StandIn) -> Iterator[Server]:
    with paying_server(tmp_path / "data", standin, LIMITS='{"gemini": {"at_once": 4}}') as server:
        yield server


def batch(server: Server, *models: str, **more: Any) -> str:
    """Submit eight prompts about a film."""
    body = {"video_ids": [upload(server)], "prompts": PROMPTS, "models": models, **more}
    return str(server.post("/api/batch-compare-async", body)["job_id"])


def cost_of_a_call(server: Server) -> float:
    """What one of the eight is expected to cost with FLASH."""
    body = {"video_ids": [upload(server)], "prompts": PROMPTS, "models": [FLASH]}
    return float(server.post("/api/estimate", body)["cost_usd"]) / len(PROMPTS)


def errors(job: Any) -> list[str]:
    return [cell["error"]["kind"] for cell in job["result"]["cells"] if cell["error"]]


def test_every_paid_call_has_its_two_lines_and_the_sums_agree(server: Server, standin: StandIn) -> None:
    job = server.finished(batch(server, FLASH, "local/scenes", "demo/stream"))
    lines = ledger(server)
    asked = [line for line in lines if line["line"] == "asked"]
    ended = {line["call"]: line for line in lines if line["line"] == "ended"}
    assert standin.paid() == len(asked) == len(ended) == 8
    cells = {cell["cell"]: cell for cell in job["result"]["cells"]}
    for line in asked:
        cell, end = cells[line["cell"]], ended[line["call"]]
        assert (line["job_id"], line["model"]) == (job["job_id"], FLASH)
        assert line["estimated_usd"] > 0
        assert (end["ending"], end["cost_usd"]) == ("answered", cell["cost_usd"])
        assert end["provider_id"] == cell["provider_id"]
        assert end["provider_id"].startswith("interaction-")
    total = sum(cell["cost_usd"] for cell in cells.values())
    today = server.get("/api/spending")
    assert today["today_usd"] == pytest.approx(total)
    assert (today["calls"], today["open_calls"], today["unknown_calls"], today["day_cap_usd"]) == (8, 0, 0, None)
    assert server.get(f"/api/jobs/{job['job_id']}/spending")["usd"] == pytest.approx(total)


def test_a_refused_call_costs_nothing_and_the_next_attempt_is_another_call(server: Server, standin: StandIn) -> None:
    standin.control(fault="503", on="ask", times=1)
    body = {"video_id": upload(server), "prompt": "?", "models": [FLASH]}
    (cell,) = server.post("/api/compare", body)["result"]["cells"]
    ends = [(line["ending"], line["cost_usd"]) for line in ledger(server) if line["line"] == "ended"]
    assert ends == [("refused", 0.0), ("answered", cell["cost_usd"])]


def test_calls_that_were_let_in_before_the_file_was_lost_count_each(server: Server, standin: StandIn) -> None:
    body = {"video_id": upload(server), "prompt": "?", "models": [FLASH]}
    standin.control(fault="file-lost-inside", on="ask", times=3)
    (cell,) = server.post("/api/compare", body)["result"]["cells"]
    assert (standin.paid(), cell["state"], cell["paid_twice_possible"]) == (4, "completed", True)
    lines = ledger(server)
    ends = [line["ending"] for line in lines if line["line"] == "ended"]
    assert ends == ["failed", "failed", "failed", "answered"], "the second is made at once, the third after a pause"
    estimates = [line["estimated_usd"] for line in lines if line["line"] == "asked"]
    spent = server.get("/api/spending")["today_usd"]
    assert spent == pytest.approx(sum(estimates[:3]) + cell["cost_usd"])


def test_a_file_that_is_lost_before_the_call_is_let_in_costs_nothing(server: Server, standin: StandIn) -> None:
    body = {"video_id": upload(server), "prompt": "?", "models": [FLASH]}
    standin.control(fault="file-lost", on="ask", times=1)
    (cell,) = server.post("/api/compare", body)["result"]["cells"]
    assert [line.get("ending") for line in ledger(server)] == [None, "answered"]
    assert (standin.paid(), cell["paid_twice_possible"]) == (1, False)


def test_a_budget_stops_the_cells_that_would_exceed_it(server: Server, standin: StandIn) -> None:
    budget = 3.5 * cost_of_a_call(server)
    job = server.finished(batch(server, FLASH, "local/scenes", budget_usd=budget))
    assert standin.paid() < 8
    assert errors(job) == ["budget"] * (8 - standin.paid())
    assert server.get(f"/api/jobs/{job['job_id']}/spending")["usd"] <= budget
    refused = next(cell["error"] for cell in job["result"]["cells"] if cell["error"])
    assert "budget of this job" in refused["message"]
    assert "higher budget" in refused["what_to_do"]
    assert not refused["retryable"]


def test_a_budget_of_nothing_lets_local_models_work(server: Server, standin: StandIn) -> None:
    job = server.finished(batch(server, FLASH, "local/scenes", budget_usd=0))
    assert errors(job) == ["budget"] * 8
    assert standin.paid() == 0
    assert job["result"]["totals"]["completed"] == 8


def test_a_model_of_unknown_price_is_not_asked_under_a_budget(server: Server, standin: StandIn) -> None:
    job = server.finished(batch(server, UNKNOWN, budget_usd=100))
    assert (job["status"], standin.paid()) == ("failed", 0)
    assert "not known" in job["error"]
    assert "LONGTAKE_COMPARE_UNKNOWN_PRICES" in job["error"]


def test_a_model_of_unknown_price_is_asked_where_nothing_forbids_it(server: Server, standin: StandIn) -> None:
    job = server.finished(batch(server, UNKNOWN))
    assert (job["status"], standin.paid()) == ("completed", 8)
    today = server.get("/api/spending")
    assert (today["today_usd"], today["calls"], today["unknown_calls"]) == (0.0, 8, 8)


def test_the_cap_of_the_day_holds_for_all_jobs_together(tmp_path: Path, standin: StandIn) -> None:
    with paying_server(tmp_path / "data", standin) as server:
        cap = 4.5 * cost_of_a_call(server)
    options = {"DAY_CAP_USD": str(cap), "UNKNOWN_PRICES": "allow"}
    with paying_server(tmp_path / "data", standin, **options) as server:
        jobs = [
            server.finished(job_id)
            for job_id in [batch(server, FLASH, fresh=True), batch(server, FLASH, UNKNOWN, fresh=True)]
        ]
        spending = server.get("/api/spending")
        assert 0 < spending["today_usd"] <= spending["day_cap_usd"] == pytest.approx(cap)
        asked = [line for line in ledger(server) if line["line"] == "asked" and line["model"] == FLASH]
        assert 4 <= len(asked) < 16
        assert sum(errors(job).count("budget") for job in jobs if job["result"]) + (
            8 if jobs[0]["status"] == "failed" else 0
        ) == 16 - len(asked)
        assert "cap of the day" in str(jobs[1])


def test_a_call_whose_process_died_before_it_had_a_name_is_made_again_and_told(
    server: Server, standin: StandIn
) -> None:
    standin.control(fault="hang", on="ask", times=1)
    body = {"video_id": upload(server), "prompt": "?", "models": [FLASH]}
    job_id = server.post("/api/compare-async", body)["job_id"]
    eventually(standin.paid)
    os.kill(server.worker_pid(), signal.SIGKILL)
    (cell,) = server.finished(job_id)["result"]["cells"]
    assert (cell["state"], cell["paid_twice_possible"], cell["reattached"]) == ("completed", True, False)
    assert standin.paid() == 2
    lines = ledger(server)
    assert [line.get("ending") for line in lines] == [None, "lost", None, "answered"]
    spent = server.get(f"/api/jobs/{job_id}/spending")
    assert spent["usd"] == pytest.approx(lines[0]["estimated_usd"] + cell["cost_usd"])
    assert spent["calls"] == 2


def test_a_call_that_went_on_while_its_process_was_dead_is_paid_once(server: Server, standin: StandIn) -> None:
    standin.control(hold_after=3)
    body = {"video_id": upload(server), "prompt": "?", "models": [FLASH]}
    job_id = server.post("/api/compare-async", body)["job_id"]
    eventually(lambda: "interaction-1" in str(server.journal(job_id)))
    os.kill(server.worker_pid(), signal.SIGKILL)
    standin.control(hold_after=None)
    (cell,) = server.finished(job_id)["result"]["cells"]
    assert (cell["state"], cell["paid_twice_possible"], cell["reattached"]) == ("completed", False, True)
    assert standin.paid() == 1
    assert [line.get("ending") for line in ledger(server)] == [None, "answered"]
    spent = server.get(f"/api/jobs/{job_id}/spending")
    assert spent["reattached"] == {"calls": 1, "usd": cell["cost_usd"]}


def test_the_job_tells_what_a_resume_did_not_pay_again(server: Server, standin: StandIn) -> None:
    standin.control(latency=0.1)
    job_id = batch(server, FLASH)
    eventually(lambda: sum(line["line"] == "ended" for line in ledger(server)) >= 3)
    os.kill(server.worker_pid(), signal.SIGKILL)
    job = server.finished(job_id)
    assert job["status"] == "completed"
    kept = server.get(f"/api/jobs/{job_id}/spending")["kept"]
    assert 2 <= kept["calls"] < 8
    assert kept["usd"] > 0
    twice = sum(cell["paid_twice_possible"] for cell in job["result"]["cells"])
    assert 8 <= standin.paid() <= 8 + twice


def test_one_button_stops_everything(server: Server, standin: StandIn) -> None:
    standin.control(hold_after=1)
    running, later = batch(server, FLASH, LITE), batch(server, FLASH, run_at="2999-01-01T00:00:00Z")
    eventually(standin.paid)
    assert server.post("/api/stop-all") == {"jobs": 2}
    assert {server.finished(job_id)["status"] for job_id in (running, later)} == {"cancelled"}
    paid = standin.paid()
    standin.control(hold_after=None)
    assert server.post("/api/stop-all") == {"jobs": 0}
    assert standin.paid() == paid < 16
