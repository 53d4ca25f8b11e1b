"""What a job comes to when what it gives back, reports or raises is hard to keep: to one plain end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from support import job_is

from longtake import Job, JobContext, JobQueue, RetryPolicy
from longtake.worker import WorkerOptions

LARGE = 65 << 20


def end_of(handler: Callable[[JobContext], Awaitable[Any]], folder: Path, status: str = "failed") -> Job:
    """The job of this handler when it has ended."""
    queue = JobQueue(folder, mode="inline")

    @queue.job("it", retries=RetryPolicy(attempts=1))
    async def it(job: JobContext) -> Any:
        return await handler(job)

    async def main() -> Job:
        job = await queue.submit("it")
        async with queue.working(WorkerOptions(look_every=0.05)):
            done = await job_is(queue, job.id, status)
        assert len(done.attempts) == 1
        assert (await queue.find()).jobs[0].status == status
        return done

    return asyncio.run(main())


def test_a_result_that_is_too_large_fails_the_job_and_says_what_to_do(tmp_path: Path) -> None:
    async def large(job: JobContext) -> str:
        return "x" * LARGE

    error = str(end_of(large, tmp_path).error)
    assert "65 MiB" in error
    assert "Keep it in a file" in error


def test_a_result_that_is_no_json_fails_the_job(tmp_path: Path) -> None:
    async def thing(job: JobContext) -> object:
        return object()

    assert "object is not plain data" in str(end_of(thing, tmp_path).error)


def test_an_endless_error_is_kept_short(tmp_path: Path) -> None:
    async def endless(job: JobContext) -> None:
        raise ValueError("x" * LARGE)

    error = str(end_of(endless, tmp_path).error)
    assert error.startswith("ValueError: xxx")
    assert len(error) < 5000


def test_an_error_without_words_is_named(tmp_path: Path) -> None:
    async def wordless(job: JobContext) -> None:
        raise KeyError

    assert end_of(wordless, tmp_path).error == "KeyError"


def test_an_error_that_cannot_even_be_printed_fails_the_job_all_the_same(tmp_path: Path) -> None:
    class Unprintable(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no words")

    async def unprintable(job: JobContext) -> None:
        raise Unprintable

    assert end_of(unprintable, tmp_path).error == "Unprintable"


@pytest.mark.parametrize("report", [("half",), (None,), (50, 7)])
def test_a_report_that_is_none_is_an_error_where_it_is_made(report: tuple[Any, ...], tmp_path: Path) -> None:
    async def careless(job: JobContext) -> str:
        try:
            await job.report(*report)
        except (TypeError, ValueError):
            return "noticed"
        return "not noticed"

    assert end_of(careless, tmp_path, "completed").result == "noticed"
