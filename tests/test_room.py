"""A flood of waiting jobs is refused, by whichever door it comes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from longtake import Filter, JobQueue, JobStatus
from longtake.errors import QueueFull
from longtake.fastapi import job_router
from longtake.ids import new_id
from longtake.stores.files import FilesStore


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


def test_what_was_submitted_before_with_the_same_key_needs_no_room(tmp_path: Path) -> None:
    queue = JobQueue(tmp_path, mode="external", max_waiting=1)
    first = asyncio.run(queue.submit("any", key="k"))
    assert asyncio.run(queue.submit("any", key="k")) == first
    for _ in range(2):
        with pytest.raises(QueueFull):
            asyncio.run(queue.submit("any", key="another"))
    assert queue.store.holder("another") is None, "what is refused binds no key"
    asyncio.run(queue.cancel(first.id))
    asyncio.run(queue.submit("any"))
    assert asyncio.run(queue.submit("any", key="k")).status is JobStatus.CANCELLED, "a finished job holds its key too"
    asyncio.run(queue.delete(first.id))
    with pytest.raises(QueueFull):
        asyncio.run(queue.submit("any", key="k"))
    assert waiting(queue) == 1


def test_a_key_whose_job_never_reached_the_disk_needs_room(tmp_path: Path) -> None:
    queue, _ = full_queue(tmp_path)
    lost = new_id(datetime.now(UTC))
    assert queue.store.reserve("k", lost) == lost  # and was killed then
    with pytest.raises(QueueFull):
        asyncio.run(queue.submit("any", key="k"))
    assert asyncio.run(JobQueue(tmp_path, mode="external", max_waiting=3).submit("any", key="k")).id == lost


def test_all_who_submit_at_once_with_one_key_get_the_one_job_that_had_room(tmp_path: Path) -> None:
    queue = JobQueue(tmp_path, mode="external", max_waiting=1)

    async def flood() -> set[str]:
        return {job.id for job in await asyncio.gather(*(queue.submit("any", key="k") for _ in range(20)))}

    assert len(asyncio.run(flood())) == 1
    assert waiting(queue) == 1


def test_one_who_finds_the_last_place_taken_by_its_own_job_gets_that(tmp_path: Path) -> None:
    """Between the look at the key and that at the room another process submitted the same."""

    class Late(FilesStore):
        def counts(self) -> dict[JobStatus, int]:
            asyncio.run(JobQueue(tmp_path, mode="external").submit("any", key="k"))
            return super().counts()

    late = JobQueue(tmp_path, mode="external", max_waiting=1, store=Late(tmp_path))
    got = asyncio.run(late.submit("any", key="k"))
    assert [job.id for job in FilesStore(tmp_path).find(Filter(), limit=9).jobs] == [got.id]


def test_over_http_it_is_told_when_to_come_back(tmp_path: Path) -> None:
    queue, (done,) = full_queue(tmp_path, cancelled=1)
    app = FastAPI()
    app.include_router(job_router(queue))
    client = TestClient(app)
    for path, body in ((f"/api/jobs/{done}/retry", None), ("/api/jobs/bulk", {"action": "retry"})):
        answer = client.post(path, json=body)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
        assert "2 jobs wait" in answer.json()["detail"]


def test_over_http_a_second_submit_with_the_same_key_answers_the_first_job(tmp_path: Path) -> None:
    queue = JobQueue(tmp_path, mode="external", max_waiting=1)
    router = job_router(queue)

    @router.post("/submit")
    async def submit(key: str) -> str:
        return (await queue.submit("any", key=key)).id

    app = FastAPI()
    app.include_router(router)
    client = TestClient(app)
    first, again, other = (client.post("/api/submit", params={"key": key}) for key in ("k", "k", "other"))
    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 429)
    assert first.json() == again.json()
    assert other.headers["Retry-After"] == "60"
