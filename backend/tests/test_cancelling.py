"""A person cancels: the provider is told, and what came of the answers is kept. A worker that goes tells nobody."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from paying import FLASH, ledger, paying_server, upload
from servers import Server
from standin import StandIn
from waiting import eventually

from longtake import JobQueue


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


def test_a_job_cancelled_after_its_worker_died_is_stopped_at_the_provider_too(server: Server, standin: StandIn) -> None:
    job_id = half_answered(server, standin)
    os.kill(server.worker_pid(), signal.SIGSTOP)  # as good as dead, and no other takes its place
    cancelling = threading.Thread(target=server.http.post, args=(f"/api/jobs/{job_id}/cancel",))
    cancelling.start()
    eventually(lambda: list((server.jobs / "requests").glob("*")))
    os.kill(server.worker_pid(), signal.SIGKILL)
    cancelling.join()
    assert server.finished(job_id)["status"] == "cancelled"
    seen = eventually(lambda: standin.seen("interactions.cancel"), 60)
    assert seen[0]["path"].endswith("/interactions/interaction-1/cancel")
    eventually(lambda: [line["ending"] for line in ledger(server) if line["line"] == "ended"] == ["stopped"])
    assert standin.paid() == 1


def test_what_is_cancelled_while_nothing_runs_is_stopped_when_the_server_starts(
    server: Server, standin: StandIn
) -> None:
    job_id = half_answered(server, standin)
    server.kill()
    os.kill(json.loads((server.jobs / "run" / "worker.json").read_bytes())["pid"], signal.SIGKILL)
    queue = JobQueue(storage_dir=server.jobs)
    asyncio.run(queue.cancel(job_id))
    assert server.file(job_id)["status"] == "cancelled"
    assert standin.seen("interactions.cancel") == []
    server.restart()
    eventually(lambda: standin.seen("interactions.cancel"), 60)


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
