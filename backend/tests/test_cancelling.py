"""A person cancels: the provider is told, and what came of the answers is kept. A worker that goes tells nobody."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from paying import FLASH, paying_server, upload
from servers import Server
from standin import StandIn
from waiting import eventually


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture
def server(tmp_path: Path, standin: StandIn) -> Iterator[Server]:
    with paying_server(tmp_path / "data", standin) as server:
        yield server


def half_answered(server: Server, standin: StandIn) -> str:
    """A comparison in which one model has answered, and another is in the middle of its answer."""
    standin.control(hold_after=3)
    body = {"video_id": upload(server), "prompt": "?", "models": ["local/scenes", FLASH]}
    job_id = str(server.post("/api/compare-async", body)["job_id"])
    eventually(lambda: "1.1.1" in cells(server, job_id))
    eventually(lambda: "You asked" in str(server.get(f"/api/jobs/{job_id}/steps")["live"]))
    return job_id


def cells(server: Server, job_id: str) -> dict[str, Any]:
    """The recorded cells by name."""
    steps = server.get(f"/api/jobs/{job_id}/steps")["steps"]
    return {step["value"]["cell"]: step["value"] for step in steps}


def test_cancelling_stops_the_answer_at_the_provider_and_keeps_its_beginning(server: Server, standin: StandIn) -> None:
    job_id = half_answered(server, standin)
    server.post(f"/api/jobs/{job_id}/cancel")
    assert server.finished(job_id)["status"] == "cancelled"
    assert eventually(lambda: standin.seen("interactions.cancel"))[0]["path"].endswith(
        "/interactions/interaction-1/cancel"
    )
    standing = cells(server, job_id)
    assert standing["1.1.1"]["state"] == "completed"
    assert standing["1.1.2"]["state"] == "cancelled"
    assert standing["1.1.2"]["text"].startswith("You asked")
    exported = server.http.get(f"/api/jobs/{job_id}/export", params={"format": "md"}).text
    assert standing["1.1.2"]["text"][:20] in exported


@pytest.mark.parametrize("again", ["retry", "cells/retry-failed", "cells/1.1.2/retry"])
def test_a_cancelled_cell_is_asked_again_when_the_job_is_retried(server: Server, standin: StandIn, again: str) -> None:
    job_id = half_answered(server, standin)
    server.post(f"/api/jobs/{job_id}/cancel")
    server.finished(job_id)
    eventually(lambda: standin.seen("interactions.cancel"))
    standin.control(hold_after=None)
    server.post(f"/api/jobs/{job_id}/{again}")
    job = server.finished(job_id)
    assert {cell["cell"]: cell["state"] for cell in job["result"]["cells"]} == {
        "1.1.1": "completed",
        "1.1.2": "completed",
    }
    assert cells(server, job_id)["1.1.2"]["state"] == "completed"
    assert standin.paid() == 2


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_worker_that_stops_or_dies_lets_the_answer_go_on(
    server: Server, standin: StandIn, how: signal.Signals
) -> None:
    job_id = half_answered(server, standin)
    pid = server.worker_pid()
    os.kill(pid, how)
    eventually(lambda: (now := server.get("/api/health")["worker"]["pid"]) and now != pid, 30)
    eventually(lambda: len(standin.seen("interactions.stream")) >= 1)
    standin.control(hold_after=None)
    assert server.finished(job_id)["status"] == "completed"
    assert standin.seen("interactions.cancel") == []
    assert standin.paid() == 1
