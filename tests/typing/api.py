"""Uses of the public API as a type checker must see them; checked by mypy, never run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, assert_type

from fastapi import APIRouter, FastAPI

from longtake import (
    Cleanup,
    Edit,
    Filter,
    Job,
    JobContext,
    JobKind,
    JobQueue,
    JobStatus,
    JobSummary,
    RetryAfter,
    RetryPolicy,
    Step,
    WorkerInfo,
    WorkerOptions,
)
from longtake.doctor import Check, examine
from longtake.fastapi import job_dashboard, job_router
from longtake.stores.memory import MemoryStore
from longtake.testing import START, FakeClock, StoreContract, run_until_idle

queue = JobQueue("./jobs")


async def ask(model: str, words: int) -> list[str]:
    """A step in the worker's loop."""
    return [model] * words


def cut(start: float, end: float = 0) -> bytes:
    """A step in a child process."""
    return bytes(round(start + end))


@queue.job("compare", retries=RetryPolicy(attempts=3), concurrency=2)
async def compare(job: JobContext, video_id: str, models: list[str], clip: float | None = None) -> dict[str, int]:
    """A handler."""
    await job.report(50, "half way")
    assert_type(await job.step("ask", ask, "a", 1), list[str])
    assert_type(await job.step("cut", cut, 1.5, timeout=10), bytes)
    assert_type(await job.step("ask again", ask, "a", 1, retries=RetryPolicy(attempts=2)), list[str])
    assert_type(await job.step("cut with a default", cut, 1.5), bytes)
    assert_type(await job.step("now", partial(ask, "a", words=2)), list[str])
    await job.step("ask", ask, "a")  # type: ignore[arg-type]
    await job.step("cut", cut, 1.5, 2, 3)  # type: ignore[call-arg, arg-type]
    await job.step("cut", cut, 1.5, retries=3)  # type: ignore[call-overload]
    assert_type(job.kept("upload"), Any)
    await job.report("half way")  # type: ignore[arg-type]
    job.progress = 3  # type: ignore[attr-defined]
    async with job.limit("gemini", 4):
        job.publish("text", "so far")
    async with job.aside() as place:
        assert_type(place, None)
        await job.keep("upload", {"id": 1})
    await job.aside()  # type: ignore[misc]
    job.aside("upload")  # type: ignore[call-arg]
    with job.aside():  # type: ignore[attr-defined]
        pass
    assert_type(job.attempt, int)
    assert_type(job.cancelled, bool)
    return {video_id: len(models)}


async def use(context: JobContext) -> None:
    """Right and wrong uses."""
    assert_type(await compare.submit(video_id="v", models=["m"]), Job)
    assert_type(await compare.submit(video_id="v", models=["m"], clip=1.5), Job)
    await compare.submit(video_id=1, models=["m"])  # type: ignore[arg-type]
    await compare.submit(video_id="v")  # type: ignore[call-arg]
    await compare.submit(video_id="v", models=["m"], speed=2)  # type: ignore[call-arg]
    assert_type(await compare.using(priority=5, run_at=datetime.now(UTC)).submit(video_id="v", models=[]), Job)
    assert_type(await compare.using(notify=["me"], tags=["t"], key="k", title="T").submit(video_id="v", models=[]), Job)
    await compare.using(priority="high").submit(video_id="v", models=[])  # type: ignore[arg-type]
    assert_type(await compare(context, "v", ["m"]), dict[str, int])
    assert_type((await queue.find(status="failed")).next, str | None)
    assert_type(await queue.steps("id"), list[Step])
    assert_type(await queue.kept("id"), dict[str, Any])
    async for state in queue.watch("id"):
        assert_type(state, Job)
    assert_type((await queue.find(about="m", status=["failed", JobStatus.CANCELLED])).jobs, Sequence[JobSummary])
    await queue.find(about=["m"])  # type: ignore[arg-type]
    assert_type(queue.matching(Filter(about="m"), limit=5), AsyncIterator[JobSummary])
    await queue.get(7)  # type: ignore[arg-type]
    assert_type(await queue.result("id", timeout=5), Any)
    assert_type(await queue.counts(), dict[JobStatus, int])
    assert_type(await queue.bulk("retry", Filter(status=(JobStatus.FAILED,))), int)
    await queue.bulk("explode", Filter())  # type: ignore[arg-type]
    assert_type(await queue.cleanup(older_than=timedelta(days=1), dry_run=True), Cleanup)
    assert_type(await queue.edit("id", Edit(title="T")), Job)
    assert_type(await queue.bulk_edit(Filter(tag="t"), Edit(priority=5)), int)
    Edit(priority="high")  # type: ignore[arg-type]
    Edit(run_at="now")  # type: ignore[arg-type]
    assert_type((await queue.get("id")).status, JobStatus)
    (await queue.get("id")).title = "frozen"  # type: ignore[misc]
    assert_type(queue.worker(), WorkerInfo | None)
    async with queue.working(WorkerOptions(concurrency=2)):
        pass
    RetryPolicy(5)  # type: ignore[call-arg]
    RetryPolicy(attempts=5, first_delay=1, max_delay=60)
    raise RetryAfter(1.5, "busy")


async def tools() -> None:
    """What tests use."""
    clock = FakeClock()
    clock.advance(60)
    clock.advance("an hour")  # type: ignore[arg-type]
    tested = JobQueue(mode="inline", store=MemoryStore(), clock=clock, notifications={"me": tell})
    JobQueue(mode="sometimes")  # type: ignore[arg-type]
    JobQueue(store={})  # type: ignore[arg-type]
    JobQueue(clock=START)  # type: ignore[arg-type]
    JobQueue(max_waiting=1000)
    JobQueue(max_waiting="1000")  # type: ignore[arg-type]
    clock.turn(-60)
    clock.sleep_computer(timedelta(hours=1))  # type: ignore[arg-type]
    assert_type(FakeClock(START + timedelta(days=1)).now(), datetime)
    assert_type(tested.store.holder("key"), str | None)
    await run_until_idle(tested)
    await run_until_idle("./jobs")  # type: ignore[arg-type]
    assert_type(await examine(tested), list[Check])
    assert_type(tested.schedule("daily", "0 6 * * *", "compare", missed="skip").cron, str)
    tested.schedule("daily", "0 6 * * *", "compare", missed="never")  # type: ignore[arg-type]


async def tell(job: Job) -> None:
    """A notification target."""


class Contract(StoreContract):
    """A store of somebody else."""

    def make_store(self, tmp_path: Path) -> MemoryStore:
        """Ours is one."""
        return MemoryStore()


class NotAContract(StoreContract):
    """What it tests must be a store."""

    def make_store(self, tmp_path: Path) -> dict[str, Job]:  # type: ignore[override]
        """Not one."""
        return {}


def serve(app: FastAPI) -> None:
    """What web servers use."""
    assert_type(job_router(queue, prefix="/api", origins=["https://jobs.example.com"]), APIRouter)
    assert_type(job_dashboard(queue, prefix="/jobs", origins=("*",)), APIRouter)
    job_router(queue, origins=8000)  # type: ignore[arg-type]
    job_router(queue, origins=[b"https://jobs.example.com"])  # type: ignore[list-item]
    job_router(queue, "/api")  # type: ignore[call-arg]
    job_dashboard("./jobs")  # type: ignore[arg-type]
    app.include_router(job_router(queue))


@queue.job("looking", about="films")
async def looking(job: JobContext, films: list[str]) -> None:
    """A kind that says what it is about."""


@queue.job("looking at two", about=["films", "shops"])  # type: ignore[arg-type]
async def looking_at_two(job: JobContext, films: list[str], shops: list[str]) -> None:
    """It names one argument."""


def keep(kind: JobKind[[str], int]) -> str:
    """A kind as an argument."""
    return kind.name


@queue.job("blocking")  # type: ignore[arg-type]
def blocking(job: JobContext) -> int:
    """A handler must be `async def`."""
    return 1
