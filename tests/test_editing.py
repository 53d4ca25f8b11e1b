"""What is answered to an edit of a job that begins, ends or is edited in the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from making import LATER, NOW, make_job, make_running
from msgspec.structs import replace
from queueing import Jobs
from support import PAUSE, QUICK, job_is

from longtake import Edit, Job, JobContext, JobQueue, NotPossibleNow, RetryPolicy, asking, lifecycle
from longtake.clock import Clock
from longtake.fastapi import job_router
from longtake.store import Request, Store

WAITING = make_job(run_at=LATER + timedelta(days=1), priority=1)
EDITED = lifecycle.edit(WAITING, {"run_at": LATER, "title": "T"})
BEGUN = lifecycle.start(EDITED, "w", LATER)
AGAIN = replace(make_running(), status=lifecycle.PENDING)


@pytest.fixture
def queue(tmp_path: Path) -> Jobs:
    """The queue."""
    return Jobs(tmp_path)


@pytest.mark.parametrize(
    "job",
    [
        EDITED,
        BEGUN,
        lifecycle.complete(BEGUN, 1, LATER, None),
        lifecycle.retry(BEGUN, 1, LATER, "broke", LATER + timedelta(hours=1)),
        lifecycle.interrupt(BEGUN, 1, LATER, "worker stopped", 0),
        lifecycle.cancel(EDITED, LATER),
    ],
    ids=lambda job: f"{job.status} {job.run_at}",
)
def test_a_job_that_was_edited_was_whatever_came_then(job: Job) -> None:
    assert lifecycle.was_edited(job, WAITING, {"run_at": LATER, "title": "T"})
    assert lifecycle.was_edited(job, WAITING, {"title": "T"})


@pytest.mark.parametrize(
    ("job", "changes"),
    [
        (WAITING, {"run_at": LATER}),
        (lifecycle.cancel(WAITING, LATER), {"run_at": LATER}),
        (lifecycle.start(WAITING, "w", NOW), {"run_at": LATER}),
        (lifecycle.start(WAITING, "w", LATER), {"run_at": LATER, "priority": 2}),
        (lifecycle.start(WAITING, "w", LATER), {"run_at": None, "title": "T"}),
        (lifecycle.edit(WAITING, {"run_at": NOW}), {"run_at": LATER}),
    ],
)
def test_a_job_to_which_something_else_came_first_was_not(job: Job, changes: dict[str, Any]) -> None:
    assert not lifecycle.was_edited(job, WAITING, changes)


def test_a_start_before_the_edit_says_nothing_of_it() -> None:
    assert not lifecycle.was_edited(replace(AGAIN, run_at=LATER), replace(AGAIN, run_at=LATER), {"run_at": None})
    assert lifecycle.was_edited(lifecycle.start(AGAIN, "w", LATER), replace(AGAIN, run_at=LATER), {"run_at": None})


Meanwhile = Callable[[], Awaitable[object]]


def in_the_same_moment(
    monkeypatch: pytest.MonkeyPatch, *, first: Meanwhile | None = None, then: Meanwhile | None = None
) -> None:
    """Have something happen after an edit was looked into and before it is asked for, or after it was done."""
    until_done = asking.until_done

    async def disturbed(store: Store, wanted: Sequence[Request], clock: Clock) -> None:
        monkeypatch.setattr(asking, "until_done", until_done)
        if first is not None:
            await first()
        await until_done(store, wanted, clock)
        if then is not None:
            await then()

    monkeypatch.setattr(asking, "until_done", disturbed)


@pytest.mark.parametrize("run_at", [None, datetime.now(UTC), datetime.now(UTC) - timedelta(days=1)])
@pytest.mark.parametrize("status", ["running", "completed"])
def test_start_it_now_is_answered_with_the_job_that_has_begun(
    run_at: datetime | None, status: str, queue: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        kind = "gated" if status == "running" else "echo"
        job = await queue.submit(kind, run_at=datetime.now(UTC) + timedelta(hours=1))
        async with queue.working(QUICK):
            in_the_same_moment(monkeypatch, then=lambda: job_is(queue, job.id, status))
            edited = await queue.edit(job.id, Edit(run_at=run_at, priority=3, title="now"))
            assert (edited.status, edited.priority, edited.title) == (status, 3, "now")
            queue.gate.set()

    asyncio.run(scenario())


def test_start_it_now_over_http_answers_the_job_that_has_begun(queue: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    app = FastAPI()
    app.include_router(job_router(queue))

    async def scenario() -> None:
        job = await queue.submit("echo", run_at=datetime.now(UTC) + timedelta(hours=1))
        client = AsyncClient(transport=ASGITransport(app), base_url="http://localhost")
        async with queue.working(QUICK), client:
            in_the_same_moment(monkeypatch, then=lambda: job_is(queue, job.id, "completed"))
            answer = await client.patch(f"/api/jobs/{job.id}", json={"run_at": datetime.now(UTC).isoformat()})
            assert (answer.status_code, answer.json()["status"]) == (200, "completed"), answer.text

    asyncio.run(scenario())


def test_a_job_that_waits_for_its_next_try_since_then_was_started_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = JobQueue(tmp_path / "jobs", mode="inline")

    @queue.job("broken", retries=RetryPolicy(attempts=2, first_delay=3600))
    async def broken(job: JobContext) -> None:
        raise ValueError("no luck")

    async def tried(job_id: str) -> None:
        while not (await queue.get(job_id)).failures:
            await asyncio.sleep(PAUSE)

    async def scenario() -> None:
        job = await queue.submit("broken", run_at=datetime.now(UTC) + timedelta(hours=1))
        async with queue.working(QUICK):
            in_the_same_moment(monkeypatch, then=lambda: tried(job.id))
            assert (await queue.edit(job.id, Edit(run_at=None))).failures == 1

    asyncio.run(scenario())


@pytest.mark.parametrize("changes", [Edit(run_at=datetime(2100, 1, 1, tzinfo=UTC)), Edit(run_at=None, priority=3)])
def test_an_edit_that_came_after_the_start_is_refused(
    changes: Edit, queue: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        job = await queue.submit("gated", run_at=datetime.now(UTC) + timedelta(hours=1))

        async def begun() -> None:
            await queue.edit(job.id, Edit(run_at=None))
            await job_is(queue, job.id, "running")

        async with queue.working(QUICK):
            in_the_same_moment(monkeypatch, first=begun)
            with pytest.raises(NotPossibleNow, match="in the same moment"):
                await queue.edit(job.id, changes)
            queue.gate.set()

    asyncio.run(scenario())
