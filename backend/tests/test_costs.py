"""What comparisons cost, and which models they asked: for lists of many."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from films import tiny_film
from servers import Server

from app.compare.cells import Cell, CellState, plan_cells
from app.compare.costs import Cost, cost_of
from app.compare.results import summed_up
from longtake import Job, Step

NOW = datetime(2026, 11, 25, tzinfo=UTC)
MODELS = ["a", "b", "c"]


def _job() -> Job:
    args = {"video_id": "v", "prompt": "p", "models": MODELS}
    return Job(id="0" * 26, kind="compare", created_at=NOW, args=args)


def _cells(*costs: float | None, state: CellState = CellState.COMPLETED) -> list[Cell]:
    plans = plan_cells(["v"], ["p"], MODELS)
    return [
        Cell(cell=plan.cell, video_id="v", prompt="p", model=plan.model, state=state, cost_usd=cost)
        for plan, cost in zip(plans, costs, strict=False)
    ]


def _steps(cells: list[Cell]) -> list[Step]:
    return [
        Step(number=n, name=f"cell {cell.cell}", args="", value=msgspec.to_builtins(cell), finished_at=NOW)
        for n, cell in enumerate(cells, 1)
    ]


def test_the_answers_so_far_are_summed_and_those_without_a_price_are_told() -> None:
    assert cost_of(_job(), []) is None
    assert cost_of(_job(), _steps(_cells(0.5, 0.25))) == Cost(usd=0.75)
    assert cost_of(_job(), _steps(_cells(0.5, None, 0.0))) == Cost(usd=0.5, unknown=1)
    assert cost_of(_job(), _steps(_cells(None, state=CellState.FAILED))) is None


def test_a_finished_comparison_needs_no_journal() -> None:
    result = msgspec.to_builtins(summed_up(_cells(0.5, 0.25, 0.25)))
    assert cost_of(msgspec.structs.replace(_job(), result=result), []) == Cost(usd=1.0)


def test_the_costs_of_many_come_at_once_and_what_has_none_is_left_out(server: Server) -> None:
    video = server.http.post("/api/videos", files={"file": ("a.mp4", tiny_film())}).json()["video_id"]
    asked = {"video_id": video, "prompt": "What?", "models": ["local/scenes", "local/quality"]}
    done = server.post("/api/compare-async", asked)["job_id"]
    later = server.post("/api/compare-async", asked | {"run_at": "2100-01-01T00:00:00Z"})["job_id"]
    assert server.finished(done)["about"] == ["local/scenes", "local/quality"]
    answer = server.get(f"/api/costs?job={done}&job={later}&job=nonsense&job={done}")
    assert answer == {"costs": {done: {"usd": 0.0, "unknown": 0}}}
    refused = server.http.get("/api/costs", params={"job": ["x"] * 101})
    assert refused.status_code == 422


def test_all_comparisons_that_asked_a_model_are_found(server: Server) -> None:
    video = server.http.post("/api/videos", files={"file": ("a.mp4", tiny_film())}).json()["video_id"]
    single = {"video_id": video, "prompt": "What?", "models": ["local/scenes"]}
    batch = {"video_ids": [video], "prompts": ["What?"], "models": ["local/quality", "local/scenes"]}
    first = server.post("/api/compare-async", single)["job_id"]
    second = server.post("/api/batch-compare-async", batch)["job_id"]
    found = server.get("/api/jobs?about=local/scenes")["jobs"]
    assert [job["job_id"] for job in found] == [second, first]
    assert [job["job_id"] for job in server.get("/api/jobs?about=local/quality")["jobs"]] == [second]
    bulk = {"action": "delete", "filter": {"about": "local/quality"}, "dry_run": True}
    server.finished(second)
    assert server.post("/api/jobs/bulk", bulk) == {"jobs": 1}
