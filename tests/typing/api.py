"""Uses of the public API as a type checker must see them; checked by mypy, never run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import assert_type

from longtake import Job, JobContext, JobKind, JobQueue, RetryPolicy, Step

queue = JobQueue("./jobs")


async def ask(model: str, words: int) -> list[str]:
    """A step in the worker's loop."""
    return [model] * words


def cut(start: float) -> bytes:
    """A step in a child process."""
    return bytes(round(start))


@queue.job("compare", retries=RetryPolicy(attempts=3), concurrency=2)
async def compare(job: JobContext, video_id: str, models: list[str], clip: float | None = None) -> dict[str, int]:
    """A handler."""
    await job.report(50, "half way")
    assert_type(await job.step("ask", ask, "a", 1), list[str])
    assert_type(await job.step("cut", cut, 1.5, timeout=10), bytes)
    async with job.limit("gemini", 4):
        job.publish("text", "so far")
    await job.keep("upload", {"id": 1})
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
    await compare.using(priority="high").submit(video_id="v", models=[])  # type: ignore[arg-type]
    assert_type(await compare(context, "v", ["m"]), dict[str, int])
    assert_type((await queue.find(status="failed")).next, str | None)
    assert_type(await queue.steps("id"), list[Step])
    async for state in queue.watch("id"):
        assert_type(state, Job)
    await queue.get(7)  # type: ignore[arg-type]


def keep(kind: JobKind[[str], int]) -> str:
    """A kind as an argument."""
    return kind.name


@queue.job("blocking")  # type: ignore[arg-type]
def blocking(job: JobContext) -> int:
    """A handler must be `async def`."""
    return 1
