"""The front door: finding jobs, editing and deleting them, one or many."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from queueing import Jobs
from support import QUICK, job_is, soon

from longtake import (
    Edit,
    Filter,
    InvalidTransition,
    JobContext,
    JobNotFound,
    JobStatus,
    LongtakeError,
    NotPossibleNow,
    looking,
)


@pytest.fixture
def queue(tmp_path: Path) -> Jobs:
    """The queue."""
    return Jobs(tmp_path)


def test_jobs_are_found_by_status_kind_tag_and_words_page_by_page(queue: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        ids = [
            (await queue.submit("echo", title=f"Film {n}", tags=["odd" if n % 2 else "even", "all"], value=f"{n}")).id
            for n in range(7)
        ]
        await queue.submit("gated", title="100 % café_")
        await queue.cancel(ids[0])
        assert [job.id for job in (await queue.find(kind="echo")).jobs] == ids[::-1]
        assert [job.id for job in (await queue.find(status="cancelled")).jobs] == [ids[0]]
        assert [job.id for job in (await queue.find(tag="odd")).jobs] == [ids[5], ids[3], ids[1]]
        assert [job.id for job in (await queue.find(text="fILM 3")).jobs] == [ids[3]]
        assert len((await queue.find(text="100 %")).jobs) == 1
        assert len((await queue.find(text="%")).jobs) == 1
        assert (await queue.find(text="nothing such")).jobs == []
        assert (await queue.counts())[JobStatus.PENDING] == 7
        seen: list[str] = []
        cursor: str | None = None
        while True:
            page = await queue.find(kind="echo", limit=3, after=cursor)
            seen += [job.id for job in page.jobs]
            cursor = page.next
            if cursor is None:
                break
        assert seen == ids[::-1]
        for limit in (0, 1, 3, 7, 100):
            assert [job.id async for job in queue.matching(Filter(kind="echo"), limit=limit)] == seen[:limit]
        monkeypatch.setattr(looking, "_AT_ONCE", 3)
        for most in (1, 3, 4, 6, 7, None):
            assert [job.id async for job in queue.matching(Filter(kind="echo"), limit=most)] == seen[:most]

    asyncio.run(scenario())


def test_a_job_is_edited_as_its_status_allows(queue: Jobs) -> None:
    async def scenario() -> None:
        later = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
        job = await queue.submit("gated", value="x")
        assert (await queue.edit(job.id, Edit(run_at=later, title="T", tags=("a",), priority=3))).run_at == later
        async with queue.working(QUICK):
            await queue.edit(job.id, Edit(run_at=None))
            await job_is(queue, job.id, "running")
            assert (await queue.edit(job.id, Edit(title="while it runs", keep=True))).title == "while it runs"
            with pytest.raises(InvalidTransition):
                await queue.edit(job.id, Edit(priority=1))
            queue.gate.set()
            await queue.result(job.id, timeout=5)
            finished = await queue.edit(job.id, Edit(title="done"))
            assert (finished.title, finished.keep, finished.priority) == ("done", True, 3)
            with pytest.raises(InvalidTransition):
                await queue.edit(job.id, Edit(run_at=later))

    asyncio.run(scenario())


def test_a_cleanup_deletes_old_finished_jobs_but_those_to_keep(queue: Jobs) -> None:
    async def scenario() -> None:
        async with queue.working(QUICK):
            old, kept = [await queue.submit("failing") for _ in range(2)]
            for job in (old, kept):
                await job_is(queue, job.id, "failed")
        waiting = await queue.submit("echo")
        await queue.edit(kept.id, Edit(keep=True))
        assert (await queue.cleanup()).jobs == 0
        planned = await queue.cleanup(older_than=timedelta(0), dry_run=True)
        assert planned.jobs == 1
        assert planned.bytes > 0
        assert (await queue.get(old.id)).status is JobStatus.FAILED
        assert await queue.cleanup(older_than=timedelta(0)) == planned
        assert {job.id for job in (await queue.find()).jobs} == {kept.id, waiting.id}
        assert not [path for path in queue.storage_dir.iterdir() if path.name.startswith(old.id)]

    asyncio.run(scenario())


def test_many_jobs_are_cancelled_retried_and_deleted_at_once(queue: Jobs) -> None:
    async def scenario() -> None:
        ids = [(await queue.submit("gated", tags=["batch"])).id for _ in range(5)]
        other = await queue.submit("gated")
        batch = Filter(tag="batch")
        assert await queue.bulk("cancel", batch) == 5
        assert await queue.bulk("cancel", batch) == 0
        assert await queue.bulk("retry", batch) == 5
        async with queue.working(QUICK):
            await soon(lambda: queue.store.counts()[JobStatus.RUNNING] == 6)
            assert await queue.bulk("delete", batch) == 0
            assert await queue.bulk("cancel", batch) == 5
            for job_id in ids:
                await job_is(queue, job_id, "cancelled")
            while len((await queue.find(status="cancelled", tag="batch")).jobs) < len(ids):
                await asyncio.sleep(0)  # the index follows the files
            assert await queue.bulk("delete", batch) == 5
            assert [job.id for job in (await queue.find()).jobs] == [other.id]

    asyncio.run(scenario())


def test_a_job_is_found_by_what_its_kind_says_it_is_about(queue: Jobs) -> None:
    @queue.job("review", about="films")
    async def review(_: JobContext, films: list[str], critic: str = "") -> None:
        raise NotImplementedError

    @queue.job("watch", about="film")
    async def watch(_: JobContext, film: str = "") -> None:
        raise NotImplementedError

    async def scenario() -> None:
        both = await review.submit(films=["Greed", "Sunrise", "Greed"])
        one = await watch.submit(film="Greed")
        nothing = await watch.submit(film="")
        other = await queue.submit("echo", value="Greed")
        assert [job.about for job in (both, one, nothing, other)] == [("Greed", "Sunrise"), ("Greed",), (), ()]
        assert [job.id for job in (await queue.find(about="Greed")).jobs] == [one.id, both.id]
        assert [job.id async for job in queue.matching(Filter(about="Sunrise"))] == [both.id]
        assert (await queue.find(about="Sun")).jobs == []
        assert await queue.bulk("cancel", Filter(about="Sunrise")) == 1
        assert (await queue.get(both.id)).about == ("Greed", "Sunrise")

    asyncio.run(scenario())
    with pytest.raises(TypeError, match="no parameter 'actors'"):
        queue.job("act", about="actors")(watch.__wrapped__)


def test_many_waiting_jobs_are_given_another_priority_and_others_are_left_as_they_are(queue: Jobs) -> None:
    async def scenario() -> None:
        over = await queue.submit("gated", tags=["batch"])
        await queue.cancel(over.id)
        waiting = [await queue.submit("gated", tags=["batch"]) for _ in range(3)]
        other = await queue.submit("gated")
        assert await queue.bulk_edit(Filter(tag="batch"), Edit(priority=7)) == 3
        assert [(await queue.get(job.id)).priority for job in (*waiting, over, other)] == [7, 7, 7, 0, 0]
        assert await queue.bulk_edit(Filter(tag="batch", status=(JobStatus.RUNNING,)), Edit(priority=8)) == 0
        assert await queue.bulk_edit(Filter(tag="batch"), Edit(keep=True, title="Kept")) == 4
        assert (await queue.get(over.id)).title == "Kept"

    asyncio.run(scenario())


def test_a_running_job_is_not_deleted(queue: Jobs) -> None:
    async def scenario() -> None:
        async with queue.working(QUICK):
            job = await queue.submit("gated")
            await job_is(queue, job.id, "running")
            with pytest.raises(InvalidTransition, match="cancel it first"):
                await queue.delete(job.id)
            await queue.cancel(job.id)
            await job_is(queue, job.id, "cancelled")
            await queue.delete(job.id)
            with pytest.raises(JobNotFound):
                await queue.get(job.id)

    asyncio.run(scenario())


def test_asking_of_a_job_that_is_not_there_says_so(queue: Jobs) -> None:
    async def scenario() -> None:
        for unknown in ("0" * 26, "../../etc/passwd", "", "x" * 1000):
            for ask in (queue.get, queue.cancel, queue.retry, queue.delete, queue.steps):
                with pytest.raises(JobNotFound):
                    await ask(unknown)

    asyncio.run(scenario())


def test_tags_may_be_given_as_any_sequence_when_a_job_is_edited(queue: Jobs) -> None:
    sequence: Any = ["a", "b"]
    job = asyncio.run(queue.submit("echo"))
    assert asyncio.run(queue.edit(job.id, Edit(tags=sequence))).tags == ("a", "b")
    with pytest.raises(NotPossibleNow, match="cannot be made"):
        asyncio.run(queue.edit(job.id, Edit(priority=10**9)))


def test_edits_at_the_same_moment_are_done_or_refused_never_lost(queue: Jobs) -> None:
    async def scenario() -> None:
        async with queue.working(QUICK):
            job = await queue.submit("gated")
            await job_is(queue, job.id, "running")
            told = await asyncio.gather(
                queue.edit(job.id, Edit(title="mine")), queue.edit(job.id, Edit(tags=("yours",))),
                return_exceptions=True,
            )  # fmt: skip
            now = await queue.get(job.id)
            assert isinstance(told[0], LongtakeError) or now.title == "mine"
            assert isinstance(told[1], LongtakeError) or now.tags == ("yours",)
            await queue.cancel(job.id)

    asyncio.run(scenario())
