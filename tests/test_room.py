"""A flood of waiting jobs is refused, by whichever door it comes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from longtake import Filter, JobQueue, JobStatus
from longtake.errors import QueueFull
from longtake.fastapi import job_router


def full_queue(folder: Path, *, cancelled: int = 0) -> tuple[JobQueue, list[str]]:
    """A queue in which two jobs wait, as many as may, and ids of some that were cancelled."""

    async def filled() -> list[str]:
        ids = [(await JobQueue(folder, mode="external").submit("any")).id for _ in range(cancelled)]
        for job_id in ids:
            await queue.cancel(job_id)
        for _ in range(2):
            await queue.submit("any")
        return ids

    queue = JobQueue(folder, mode="external", max_waiting=2)
    return queue, asyncio.run(filled())


def waiting(queue: JobQueue) -> int:
    return queue.store.counts()[JobStatus.PENDING]


def test_no_job_is_submitted_or_retried_beyond_as_many_as_may_wait(tmp_path: Path) -> None:
    queue, (done, _) = full_queue(tmp_path, cancelled=2)
    with pytest.raises(QueueFull, match="2 jobs wait, and at most 2 may"):
        asyncio.run(queue.submit("any"))
    with pytest.raises(QueueFull):
        asyncio.run(queue.retry(done))
    assert waiting(queue) == 2
    asyncio.run(queue.cancel(queue.store.find(Filter(status=(JobStatus.PENDING,)), limit=1).jobs[0].id))
    assert asyncio.run(queue.retry(done)).status is JobStatus.PENDING


def test_many_are_retried_only_if_all_of_them_have_room(tmp_path: Path) -> None:
    queue, _ = full_queue(tmp_path, cancelled=2)
    asyncio.run(queue.bulk("cancel", Filter(status=(JobStatus.PENDING,))))
    with pytest.raises(QueueFull, match="0 jobs wait, and at most 2 may"):
        asyncio.run(queue.bulk("retry", Filter()))
    assert waiting(queue) == 0
    roomy = JobQueue(tmp_path, mode="external", max_waiting=4)
    assert asyncio.run(roomy.bulk("retry", Filter())) == 4


def test_over_http_it_is_told_when_to_come_back(tmp_path: Path) -> None:
    queue, (done,) = full_queue(tmp_path, cancelled=1)
    app = FastAPI()
    app.include_router(job_router(queue))
    client = TestClient(app)
    for path, body in ((f"/api/jobs/{done}/retry", None), ("/api/jobs/bulk", {"action": "retry"})):
        answer = client.post(path, json=body)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
        assert "2 jobs wait" in answer.json()["detail"]
