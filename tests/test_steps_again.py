"""Steps that are tried again, and how long a step or an attempt may take."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import handlers_plain as plain
import pytest
from stepping import NOW, run
from support import is_alive

from longtake import (
    JobContext,
    JobFailed,
    PermanentError,
    RetryAfter,
    RetryPolicy,
)


def test_a_step_is_tried_again_as_its_policy_says(tmp_path: Path) -> None:
    calls: list[str] = []

    async def flaky() -> str:
        calls.append("flaky")
        if len(calls) < 3:
            raise ConnectionError("reset")
        return "done"

    async def hopeless() -> None:
        calls.append("hopeless")
        raise PermanentError("no such model")

    async def body(job: JobContext) -> Any:
        assert await job.step("flaky", flaky, retries=NOW) == "done"
        await job.step("hopeless", hopeless, retries=NOW)

    with pytest.raises(JobFailed, match="no such model"):
        run(tmp_path, body, retries=NOW)
    assert calls == ["flaky"] * 3 + ["hopeless"]


def test_the_delay_that_an_error_asks_for_is_obeyed(tmp_path: Path) -> None:
    times: list[float] = []

    async def busy() -> int:
        times.append(asyncio.get_running_loop().time())
        if len(times) == 1:
            raise RetryAfter(0.3, "busy")
        return len(times)

    async def body(job: JobContext) -> Any:
        return await job.step("busy", busy, retries=RetryPolicy(attempts=2, first_delay=3600, max_delay=3600))

    assert run(tmp_path, body) == 2
    assert times[1] - times[0] >= 0.29


def test_retries_and_permanent_errors_cross_the_border_of_a_child_process(tmp_path: Path) -> None:
    tried = tmp_path / "tried"

    async def again(job: JobContext) -> Any:
        return await job.step("busy", plain.fails_until, str(tried), 2, retries=RetryPolicy(attempts=3, first_delay=60))

    async def hopeless(job: JobContext) -> Any:
        await job.step("hopeless", plain.permanently_wrong, retries=RetryPolicy(attempts=3, first_delay=60))

    assert run(tmp_path / "1", again) == 2
    with pytest.raises(JobFailed, match="PermanentError: no such model"):
        run(tmp_path / "2", hopeless, retries=RetryPolicy(attempts=3, first_delay=60))


def test_a_step_that_takes_too_long_is_ended_and_may_be_tried_again(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    calls: list[int] = []

    async def slow_once() -> str:
        calls.append(1)
        await asyncio.sleep(3600 if len(calls) == 1 else 0)
        return "done"

    async def body(job: JobContext) -> Any:
        assert await job.step("slow", slow_once, timeout=0.05, retries=NOW) == "done"
        await job.step("child", plain.blocking_child, str(pids), timeout=3)

    with pytest.raises(JobFailed, match=r"longer than its limit of 3 s"):
        run(tmp_path, body, timeout=60)
    assert len(calls) == 2
    assert not is_alive(int(pids.read_text()))


def test_an_attempt_that_takes_too_long_fails_with_its_limit(tmp_path: Path) -> None:
    async def body(job: JobContext) -> None:
        await asyncio.sleep(3600)

    with pytest.raises(JobFailed, match=r"^It took longer than its limit of 0\.1 s\.$"):
        run(tmp_path, body, timeout=0.1)
