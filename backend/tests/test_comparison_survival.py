"""A batch against the stand-in, with real processes: killed, stopped and cut off, it loses and repeats nothing."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from paying import FLASH, paying_server, upload
from servers import Server
from standin import StandIn
from standin.proxy import Proxy
from waiting import eventually

KILLS = int(os.environ.get("LONGTAKE_TEST_KILLS", "5"))
"""The promise is 50; benchmarks/COMPARE.md has what came of it."""
STOPPED = float(os.environ.get("LONGTAKE_TEST_STOPPED", "20"))
"""Seconds; the promise is 90."""
CELLS = 40
NOTICED = 15.0


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@contextmanager
def behind_a_proxy(data: Path, standin: StandIn) -> Iterator[tuple[Server, Proxy]]:
    """A server whose way to the stand-in can be cut."""
    with Proxy(standin) as proxy, pytest.MonkeyPatch.context() as patch:
        patch.setattr(standin, "address", proxy.address)
        with paying_server(data, standin) as server:
            yield server, proxy


def start(server: Server, cells: int) -> str:
    """A batch of so many questions."""
    prompts = [f"Question {number}" for number in range(1, cells + 1)]
    body = {"video_ids": [upload(server)], "prompts": prompts, "models": [FLASH]}
    return str(server.post("/api/batch-compare-async", body)["job_id"])


def answered(job: Any) -> int:
    """How many cells of a finished job are answered."""
    assert job["status"] == "completed", job["error"]
    return sum(cell["state"] == "completed" for cell in job["result"]["cells"])


def worker_of(server: Server, other_than: int | None = None) -> int:
    """The process that runs the jobs, another one than before."""

    def look() -> int:
        pid = server.get("/api/health")["worker"]["pid"]
        return 0 if pid == other_than else int(pid or 0)

    return eventually(look, 60)


def grown(server: Server, job_id: str, written: int) -> bool:
    """Whether the journal has more lines now."""
    return len(server.journal(job_id)) > written


@pytest.mark.timeout(900)
def test_a_batch_whose_worker_is_killed_again_and_again_is_answered_and_paid_once(
    tmp_path: Path, standin: StandIn, record_property: Any
) -> None:
    chance = random.Random(20261125)
    standin.control(latency=4.0)  # a call outlives several workers
    with paying_server(tmp_path / "data", standin, LIMITS='{"gemini": {"at_once": 2}}') as server:
        job_id = start(server, CELLS)
        kills = 0
        while kills < KILLS and server.job(job_id)["status"] != "completed":
            pid, written = worker_of(server), len(server.journal(job_id))
            # A job whose workers die three times before they have written anything is given up, and rightly.
            eventually(partial(grown, server, job_id, written), 120)
            time.sleep(chance.uniform(0.0, 2.0))  # the moment is the point
            os.kill(pid, signal.SIGKILL)
            kills += 1
            print(f"{kills} kills, {standin.paid()} calls", flush=True)
            worker_of(server, other_than=pid)
        standin.control(latency=0.0)
        job = server.finished(job_id, 600)
    assert answered(job) == CELLS
    paid = Counter(call["prompt"] for call in standin.log()["paid"])
    owned_up = {cell["prompt"] for cell in job["result"]["cells"] if cell["paid_twice_possible"]}
    twice = {prompt for prompt, times in paid.items() if times > 1}
    record_property("kills", kills)
    record_property("paid_twice", sum(paid.values()) - CELLS)
    print(f"{kills} kills, {sum(paid.values()) - CELLS} calls repeated whose id was not known yet")
    assert len(paid) == CELLS
    assert twice <= owned_up, "only what was under way without an id, and each is owned up to"
    assert kills >= min(KILLS, 3)


@pytest.mark.timeout(300)
def test_a_way_that_swallows_everything_is_noticed_and_the_answer_taken_up_again(
    tmp_path: Path, standin: StandIn
) -> None:
    standin.control(hold_after=3)
    with behind_a_proxy(tmp_path / "data", standin) as (server, proxy):
        job_id = start(server, 4)
        eventually(lambda: standin.paid() == 4, 60)
        eventually(lambda: str(server.get(f"/api/jobs/{job_id}/steps")["live"]).count("You asked") == 4, 60)
        proxy.swallow()
        standin.control(hold_after=None)
        before = proxy.connections
        cut = time.monotonic()
        eventually(lambda: proxy.connections > before, 60)
        noticed = time.monotonic() - cut
        print(f"noticed after {noticed:.1f} s")
        assert noticed <= NOTICED
        proxy.forward()
        job = server.finished(job_id, 120)
    assert answered(job) == 4
    assert {cell["attempts"] for cell in job["result"]["cells"]} == {1}
    assert standin.paid() == 4


@pytest.mark.timeout(300)
def test_offline_is_shown_waited_for_and_uses_up_no_retry(tmp_path: Path, standin: StandIn) -> None:
    with behind_a_proxy(tmp_path / "data", standin) as (server, proxy):
        proxy.refuse()
        job_id = start(server, 6)
        eventually(lambda: "cannot be reached" in str(server.get(f"/api/jobs/{job_id}/steps")["live"]), 60)
        eventually(lambda: "Going on in 15 s" in str(server.get(f"/api/jobs/{job_id}/steps")["live"]), 120)
        assert server.job(job_id)["status"] == "running"
        proxy.forward()
        job = server.finished(job_id, 120)
    assert answered(job) == 6
    assert {cell["attempts"] for cell in job["result"]["cells"]} == {1}
    assert standin.paid() == 6


@pytest.mark.timeout(300)
def test_a_worker_that_stood_still_goes_on_with_the_answers_it_was_in_the_middle_of(
    tmp_path: Path, standin: StandIn
) -> None:
    """SIGSTOP is what sleep looks like; meanwhile every connection it had has broken."""
    standin.control(hold_after=3)
    with behind_a_proxy(tmp_path / "data", standin) as (server, proxy):
        job_id = start(server, 4)
        eventually(lambda: str(server.get(f"/api/jobs/{job_id}/steps")["live"]).count("You asked") == 4, 60)
        pid = worker_of(server)
        os.kill(pid, signal.SIGSTOP)
        try:
            proxy.swallow()
            standin.control(hold_after=None)
            time.sleep(STOPPED)  # that it lasts is the point
            proxy.forward()
        finally:
            os.kill(pid, signal.SIGCONT)
        woke = time.monotonic()
        job = server.finished(job_id, 120)
        print(f"done {time.monotonic() - woke:.1f} s after waking")
    assert answered(job) == 4
    assert {cell["attempts"] for cell in job["result"]["cells"]} == {1}
    assert standin.paid() == 4
