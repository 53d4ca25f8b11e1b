"""Handlers that know a key and are careless with it."""

from __future__ import annotations

import asyncio
import os

from longtake import JobContext, JobQueue, RetryPolicy

queue = JobQueue(os.environ["LONGTAKE_TEST_JOBS"], mode="external")
key = os.environ["CANARY_API_KEY"]


async def ask() -> None:
    """Fail as an HTTP client does, which quotes the address."""
    raise ConnectionError(f"401 Unauthorized for https://api.example/v1?key={key}")


def ask_in_a_child() -> None:
    """The same, with a header."""
    raise PermissionError(f"Bearer {key}")


@queue.job("quotes")
async def quotes(job: JobContext) -> None:
    """Let the error go to the job."""
    await job.step("ask", ask)


@queue.job("quotes and tries again", retries=RetryPolicy(attempts=2, first_delay=0.0, max_delay=0.0))
async def quotes_again(job: JobContext) -> None:
    """Let two attempts fail."""
    await job.step("ask", ask)


@queue.job("quotes in a child")
async def quotes_in_a_child(job: JobContext) -> None:
    """Let the error of a child process go to the job."""
    await job.step("ask", ask_in_a_child)


@queue.job("holds")
async def holds(job: JobContext) -> None:
    """Fail while local variables hold the key."""
    headers = {"Authorization": f"Bearer {key}"}
    await job.report(50, "Asking")
    await asyncio.sleep(0)
    raise ValueError(len(headers))
