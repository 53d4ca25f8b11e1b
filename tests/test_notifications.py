"""Telling people that a job is finished: each end once, whatever the targets do, and never at the job's expense."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from support import job_is, soon

from longtake import Job, JobContext, JobQueue, LongtakeError
from longtake.notifications import subject
from longtake.store import Request
from longtake.worker import WorkerOptions

QUICK = WorkerOptions(look_every=0.02, grace=0.1)


class Target:
    """Somebody who is told, as slowly as a test wants."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def __call__(self, job: Job) -> None:
        self.told.append((job.id, str(job.status)))
        await self.may_answer.wait()


async def broken(job: Job) -> None:
    raise ConnectionError("no route to secret-host?token=123")


def queue_with(folder: Path, target: Target) -> JobQueue:
    queue = JobQueue(folder, mode="inline", notifications={"me": target, "broken": broken, "typo": "no-such://x"})

    @queue.job("work", notify=["me"])
    async def work(job: JobContext, *, fails: bool = False) -> str:
        if fails:
            raise ValueError("no")
        return "done"

    return queue


async def until_told(queue: JobQueue, job_id: str) -> Job:
    def told() -> Job | None:
        job = queue.store.read(job_id)
        return job if job.notified and not queue.store.is_open(Request(job_id, "notify")) else None

    job = await soon(told)
    assert job is not None
    return job


@pytest.mark.parametrize("fails", [False, True])
def test_the_targets_of_kind_and_job_are_told_of_the_end_and_what_came_of_it_is_kept(
    tmp_path: Path, *, fails: bool
) -> None:
    target = Target()
    queue = queue_with(tmp_path, target)

    async def main() -> None:
        async with queue.working(QUICK):
            job = await queue.submit("work", fails=fails, notify=["broken"])
            done = await until_told(queue, job.id)
        status = "failed" if fails else "completed"
        assert done.status == status
        assert target.told == [(job.id, status)]
        assert done.notified == {"me": "sent", "broken": "not sent: ConnectionError"}

    asyncio.run(main())


def test_a_cancelled_job_is_told_too_with_a_worker_or_without(tmp_path: Path) -> None:
    target = Target()
    queue = queue_with(tmp_path, target)

    async def main() -> None:
        job = await queue.submit("work")
        await queue.cancel(job.id)
        async with queue.working(QUICK):
            await until_told(queue, job.id)
        assert target.told == [(job.id, "cancelled")]

    asyncio.run(main())


def test_a_job_that_is_retried_while_its_end_is_told_is_not_touched_and_its_second_end_is_told(tmp_path: Path) -> None:
    target = Target()
    queue = queue_with(tmp_path, target)

    async def main() -> None:
        async with queue.working(QUICK):
            job = await queue.submit("work", fails=True)
            target.may_answer.clear()
            await soon(lambda: len(target.told) == 1)
            await queue.retry(job.id)
            await soon(lambda: ends(queue, job.id) == 2)
            target.may_answer.set()
            done = await until_told(queue, job.id)
        assert len(done.attempts) == 2
        assert target.told == [(job.id, "failed")] * 2

    asyncio.run(main())


def ends(queue: JobQueue, job_id: str) -> int:
    """How many attempts have ended."""
    return sum(attempt.ended_at is not None for attempt in queue.store.read(job_id).attempts)


def test_a_worker_that_stops_leaves_the_message_to_the_next_one(tmp_path: Path) -> None:
    target = Target()
    queue = queue_with(tmp_path, target)

    async def main() -> None:
        target.may_answer.clear()
        async with queue.working(QUICK):
            job = await queue.submit("work")
            await soon(lambda: len(target.told) == 1)
        assert queue.store.is_open(Request(job.id, "notify"))
        target.may_answer.set()
        async with queue.working(QUICK):
            assert (await until_told(queue, job.id)).notified == {"me": "sent"}

    asyncio.run(main())


def test_a_message_that_hangs_keeps_no_other_job_waiting(tmp_path: Path) -> None:
    target = Target()
    queue = queue_with(tmp_path, target)

    async def main() -> None:
        target.may_answer.clear()
        async with queue.working(QUICK):
            for _ in range(3):
                job = await queue.submit("work")
                await job_is(queue, job.id, "completed")
            await soon(lambda: len(target.told) == 3)

    asyncio.run(main())


def test_a_job_that_was_deleted_or_told_before_is_told_nobody(tmp_path: Path) -> None:
    target = Target()
    queue = queue_with(tmp_path, target)

    async def main() -> None:
        async with queue.working(QUICK):
            job = await queue.submit("work")
            await until_told(queue, job.id)
            for request in (Request(job.id, "notify"), Request("0" * 26, "notify")):
                await asyncio.to_thread(queue.store.ask, request)
                await soon(lambda: not queue.store.requests())
        assert len(target.told) == 1

    asyncio.run(main())


def test_an_address_that_cannot_be_used_is_visible_and_stays_out_of_the_job(tmp_path: Path) -> None:
    queue = queue_with(tmp_path, Target())

    async def main() -> None:
        async with queue.working(QUICK):
            job = await queue.submit("work", notify=["typo"])
            done = await until_told(queue, job.id)
        assert done.status == "completed"
        assert done.notified["typo"].startswith("not sent: ")
        assert "no-such" not in (tmp_path / f"{job.id}.json").read_text()

    asyncio.run(main())


def test_a_target_that_nobody_registered_is_refused_at_once(tmp_path: Path) -> None:
    queue = queue_with(tmp_path, Target())
    with pytest.raises(LongtakeError, match=r"no notification target 'nobody'\. Known: broken, me, typo"):
        asyncio.run(queue.submit("work", notify=["nobody"]))
    assert not list(tmp_path.glob("*.json"))


def test_the_subject_says_what_became_of_which_job_and_no_result(tmp_path: Path) -> None:
    queue = queue_with(tmp_path, Target())

    async def main() -> None:
        async with queue.working(QUICK):
            job = await queue.submit("work", title="Two films")
            done = await job_is(queue, job.id, "completed")
            assert subject(done) == "Done: Two films"

    asyncio.run(main())
