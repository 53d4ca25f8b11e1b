"""One cell is cancelled, running or waiting; the others go on, and what came of its answer is kept."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from paying import FLASH, ledger, paying_server, upload
from servers import Server
from standin import StandIn
from waiting import eventually

from app.compare.cancelling import unless

PROMPTS = [f"Question {number}" for number in range(1, 13)]


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture
def server(tmp_path: Path, standin: StandIn) -> Iterator[Server]:
    with paying_server(tmp_path / "data", standin) as server:
        yield server


def batch(server: Server, prompts: list[str], *models: str) -> str:
    body = {"video_ids": [upload(server)], "prompts": prompts, "models": models}
    return str(server.post("/api/batch-compare-async", body)["job_id"])


def cells(job: Any) -> dict[str, Any]:
    return {cell["cell"]: cell for cell in job["result"]["cells"]}


def marks(server: Server) -> list[str]:
    return [path.name for path in (server.data / "cancels").glob("[!.]*")]


def endings(server: Server) -> list[str]:
    return sorted(line["ending"] for line in ledger(server) if line["line"] == "ended")


def live(server: Server, job_id: str) -> dict[str, Any]:
    return dict(server.get(f"/api/jobs/{job_id}/steps")["live"])


def test_a_running_cell_is_stopped_at_the_provider_and_keeps_what_it_said(server: Server, standin: StandIn) -> None:
    standin.control(hold_after=3)
    job_id = batch(server, PROMPTS[:2], FLASH)
    said = eventually(lambda: live(server, job_id).get("cell 1.1.1", {}).get("text"), 60)
    job, cell = server.job(job_id), live(server, job_id)["cell 1.1.1"]
    began, now = datetime.fromisoformat(job["started_at"]), datetime.now(UTC)
    assert began <= datetime.fromisoformat(cell["started_at"]) <= now
    assert server.post(f"/api/jobs/{job_id}/cells/1.1.1/cancel")["status"] == "running"
    eventually(lambda: [step for step in server.journal(job_id) if step["name"] == "cell 1.1.1"])
    assert server.job(job_id)["status"] == "running"
    eventually(lambda: standin.seen("interactions.cancel"))
    standin.control(hold_after=None)
    job = server.finished(job_id)
    assert job["status"] == "completed"
    first, second = cells(job).values()
    assert (first["state"], first["text"], first["cost_usd"]) == ("cancelled", said, None)
    assert second["state"] == "completed"
    assert job["result"]["totals"]["cancelled"] == 1
    eventually(lambda: endings(server) == ["answered", "stopped"])
    assert marks(server) == []


def test_a_waiting_cell_is_never_asked(server: Server, standin: StandIn) -> None:
    standin.control(hold_after=1)
    job_id = batch(server, PROMPTS, FLASH)
    eventually(standin.paid, 60)
    server.post(f"/api/jobs/{job_id}/cells/1.12.1/cancel")
    (step,) = eventually(lambda: [step for step in server.journal(job_id) if step["name"] == "cell 1.12.1"])
    assert (step["value"]["state"], step["value"]["attempts"], step["value"]["cost_usd"]) == ("cancelled", 0, 0.0)
    standin.control(hold_after=None)
    server.finished(job_id)
    assert standin.paid() == 11
    assert PROMPTS[11] not in str(standin.log()["paid"])


def test_a_cell_of_a_job_that_waits_is_cancelled_when_its_turn_comes(server: Server, standin: StandIn) -> None:
    body = {"video_id": upload(server), "prompt": "?", "models": [FLASH, "local/scenes"]}
    job_id = server.post("/api/compare-async", body | {"run_at": "2999-01-01T00:00:00Z"})["job_id"]
    assert server.post(f"/api/jobs/{job_id}/cells/1.1.1/cancel")["status"] == "pending"
    server.http.patch(f"/api/jobs/{job_id}", json={"run_at": None}).raise_for_status()
    states = {name: cell["state"] for name, cell in cells(server.finished(job_id)).items()}
    assert states == {"1.1.1": "cancelled", "1.1.2": "completed"}
    assert standin.paid() == 0


def test_a_cancelled_cell_stays_cancelled_when_its_worker_dies(server: Server, standin: StandIn) -> None:
    standin.control(hold_after=1)
    job_id = batch(server, PROMPTS[:2], FLASH)
    eventually(lambda: standin.paid() == 2, 60)
    os.kill(server.worker_pid(), signal.SIGSTOP)
    server.post(f"/api/jobs/{job_id}/cells/1.1.1/cancel")
    os.kill(server.worker_pid(), signal.SIGKILL)
    standin.control(hold_after=None)
    job = server.finished(job_id)
    assert [cell["state"] for cell in job["result"]["cells"]] == ["cancelled", "completed"]
    assert eventually(lambda: standin.seen("interactions.cancel"))


def test_a_cancelled_cell_can_be_asked_again(server: Server, standin: StandIn) -> None:
    standin.control(hold_after=1)
    job_id = batch(server, PROMPTS[:2], FLASH)
    eventually(lambda: standin.paid() == 2, 60)
    server.post(f"/api/jobs/{job_id}/cells/1.1.1/cancel")
    eventually(lambda: [step for step in server.journal(job_id) if step["name"] == "cell 1.1.1"])
    standin.control(hold_after=None)
    server.finished(job_id)
    server.post(f"/api/jobs/{job_id}/cells/1.1.1/retry")
    job = server.finished(job_id)
    assert [cell["state"] for cell in job["result"]["cells"]] == ["completed", "completed"]


def test_what_has_ended_cannot_be_cancelled(server: Server) -> None:
    body = {"video_id": upload(server), "prompt": "?", "models": ["local/scenes"]}
    job_id = server.post("/api/compare", body)["job_id"]
    answer = server.http.post(f"/api/jobs/{job_id}/cells/1.1.1/cancel")
    assert (answer.status_code, "completed" in answer.json()["detail"]) == (409, True)
    for path in ("9.9.9", "..%2f..%2fx", "x" * 3000):
        assert server.http.post(f"/api/jobs/{job_id}/cells/{path}/cancel").status_code == 404
    assert marks(server) == []


def test_work_ends_when_it_is_not_wanted_and_is_kept_when_it_is_done() -> None:
    async def scene() -> None:
        wish, ended = asyncio.Event(), asyncio.Event()

        async def endless() -> str:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()
            return "never"

        asyncio.get_running_loop().call_soon(wish.set)
        assert await unless(wish.wait(), endless()) is None
        assert ended.is_set()
        assert await unless(asyncio.Event().wait(), asyncio.sleep(0, "done")) == "done"
        with pytest.raises(ZeroDivisionError):
            await unless(asyncio.Event().wait(), fails())

    async def fails() -> None:
        raise ZeroDivisionError

    asyncio.run(scene())


def test_an_answer_that_came_in_the_moment_of_a_cancel_is_kept() -> None:
    async def scene() -> str | None:
        answered = asyncio.get_running_loop().create_future()

        async def ask() -> str:
            return str(await answered)

        asking = asyncio.ensure_future(unless(asyncio.Event().wait(), ask()))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        answered.set_result("paid for")
        await asyncio.sleep(0)
        asking.cancel()
        return await asking

    assert asyncio.run(scene()) == "paid for"
