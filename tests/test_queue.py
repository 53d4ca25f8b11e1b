"""The front door: submitting, the order of starts, retrying, waiting for results."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from queueing import Jobs
from support import QUICK, Place, job_is, soon

from longtake import (
    Edit,
    InvalidArgs,
    JobCancelled,
    JobContext,
    JobFailed,
    JobNotFound,
    JobQueue,
    JobStatus,
    LongtakeError,
    NotJson,
    RetryAfter,
    RetryPolicy,
    UnknownKind,
)

SUBMIT_WITH_KEY = """
import asyncio, sys
from longtake import JobQueue

print(asyncio.run(JobQueue(sys.argv[1], mode="external").submit("marks", key="the key", name="k", count=1)).id)
"""


@pytest.fixture
def queue(tmp_path: Path) -> Jobs:
    """The queue."""
    return Jobs(tmp_path)


def test_a_submit_that_the_handler_would_not_take_is_refused_at_once(queue: Jobs) -> None:
    @queue.job("typed")
    async def typed(job: JobContext, count: int, names: list[str]) -> None:
        raise AssertionError

    async def scenario() -> None:
        bad: list[tuple[type[Exception], str, dict[str, Any]]] = [
            (UnknownKind, "nothing", {}),
            (InvalidArgs, "typed", {}),
            (InvalidArgs, "typed", {"count": "many", "names": []}),
            (InvalidArgs, "typed", {"count": 1, "names": [2]}),
            (InvalidArgs, "typed", {"count": 1, "names": [], "more": 1}),
            (NotJson, "typed", {"count": 1, "names": [object()]}),
            (LongtakeError, "echo", {"run_at": datetime(2026, 1, 1)}),  # noqa: DTZ001 (that is what is tried)
        ]
        for error, kind, args in bad:
            with pytest.raises(error):
                await queue.submit(kind, **args)
        assert (await queue.find()).jobs == []

    asyncio.run(scenario())


def test_a_key_makes_one_job_of_two_submits(queue: Jobs) -> None:
    async def scenario() -> None:
        one = await queue.submit("echo", key="k", value="first")
        two = await queue.submit("echo", key="k", value="second")
        assert one == two
        assert two.args == {"value": "first"}
        await queue.cancel(one.id)
        await queue.delete(one.id)
        assert (await queue.submit("echo", key="k", value="third")).id != one.id

    asyncio.run(scenario())


def test_eight_processes_with_one_key_make_one_job(place: Place) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", SUBMIT_WITH_KEY, str(place.jobs)], stdout=subprocess.PIPE, text=True)
        for _ in range(8)
    ]
    ids = {process.communicate(timeout=30)[0].strip() for process in processes}
    assert len(ids) == 1
    assert [job.id for job in asyncio.run(place.queue().find()).jobs] == list(ids)


def test_a_job_does_not_start_before_its_time(queue: Jobs) -> None:
    async def scenario() -> None:
        due = datetime.now(UTC) + timedelta(seconds=0.4)
        async with queue.working(QUICK):
            later = await queue.submit("echo", run_at=due, value="later")
            much_later = await queue.submit("echo", run_at=due + timedelta(days=1), value="never")
            await queue.submit("echo", value="now")
            await queue.result(later.id, timeout=5)
            assert queue.order == ["now", "later"]
            job = await queue.get(later.id)
            assert job.started_at is not None
            assert job.started_at >= due
            assert (await queue.get(much_later.id)).status is JobStatus.PENDING

    asyncio.run(scenario())


def test_higher_priority_goes_first_then_the_older_one(queue: Jobs) -> None:
    async def scenario() -> None:
        for value, priority in (("a", 0), ("b", 5), ("c", 5), ("d", 9)):
            await queue.submit("gated", value=value, priority=priority)
        changed = await queue.submit("gated", value="e")
        await queue.edit(changed.id, Edit(priority=7))
        queue.gate.set()
        one_at_a_time = type(QUICK)(concurrency=1, look_every=0.1)
        async with queue.working(one_at_a_time):
            await soon(lambda: len(queue.order) == 5)

    asyncio.run(scenario())
    assert queue.order == ["d", "e", "b", "c", "a"]


def test_an_unknown_kind_waits_and_hinders_nobody(queue: Jobs, tmp_path: Path) -> None:
    async def scenario() -> None:
        stranger = await JobQueue(tmp_path / "jobs", mode="external").submit("not here", anything=1)
        async with queue.working(QUICK):
            echo = await queue.submit("echo", value="x")
            assert await queue.result(echo.id, timeout=5) == "x"
            assert (await queue.get(stranger.id)).status is JobStatus.PENDING

    asyncio.run(scenario())


def test_a_retry_keeps_the_recorded_steps_and_a_fresh_one_forgets_them(queue: Jobs) -> None:
    async def scenario() -> None:
        async with queue.working(QUICK):
            job = await queue.submit("failing")
            await job_is(queue, job.id, "failed")
            for fresh, calls in ((False, 1), (True, 2)):
                attempts = len((await queue.get(job.id)).attempts)
                again = await queue.retry(job.id, fresh=fresh)
                assert again.error is None or again.status is not JobStatus.PENDING
                while len((await job_is(queue, job.id, "failed")).attempts) == attempts:
                    await asyncio.sleep(0)
                assert queue.calls == calls

    asyncio.run(scenario())


def test_a_result_is_waited_for_and_its_absence_is_told(queue: Jobs) -> None:
    async def scenario() -> None:
        async with queue.working(QUICK):
            failed = await queue.submit("failing")
            with pytest.raises(JobFailed, match="ValueError: no luck"):
                await queue.result(failed.id, timeout=5)
            waiting = await queue.submit("gated")
            with pytest.raises(TimeoutError):
                await queue.result(waiting.id, timeout=0.1)
            result = asyncio.ensure_future(queue.result(waiting.id))
            await job_is(queue, waiting.id, "running")
            await queue.cancel(waiting.id)
            with pytest.raises(JobCancelled):
                await result
            with pytest.raises(JobNotFound):
                await queue.result("0" * 26)

    asyncio.run(scenario())


def test_a_result_is_not_made_up_when_the_program_ends(queue: Jobs) -> None:
    async def scenario() -> None:
        async with queue.working(QUICK):
            waiting = await queue.submit("gated")
            result = asyncio.ensure_future(queue.result(waiting.id))
            await job_is(queue, waiting.id, "running")
            await soon(lambda: queue.feed._subscriptions)
            queue.feed.close()
            with pytest.raises(LongtakeError, match="goes on"):
                await result
            await queue.cancel(waiting.id)

    asyncio.run(scenario())


def test_watching_shows_the_way_to_the_final_state(queue: Jobs) -> None:
    async def scenario() -> None:
        async with queue.working(QUICK):
            job = await queue.submit("gated", value="x")
            seen = []
            async for state in queue.watch(job.id):
                seen.append(state)
                if state.status is JobStatus.RUNNING:
                    queue.gate.set()
            assert seen[-1].status is JobStatus.COMPLETED
            assert seen[-1].result == "x"
            assert [s.revision for s in seen] == sorted({s.revision for s in seen})
            assert [s async for s in queue.watch(job.id)] == [seen[-1]]

    asyncio.run(scenario())


def test_a_failed_attempt_is_followed_by_another_as_the_policy_says(queue: Jobs) -> None:
    tried: list[int] = []

    @queue.job("stubborn", retries=RetryPolicy(attempts=3, first_delay=3600, max_delay=3600))
    async def stubborn(job: JobContext) -> int:
        tried.append(job.attempt)
        if job.attempt < 3:
            raise RetryAfter(0.05, "busy")
        return job.attempt

    async def scenario() -> None:
        async with queue.working(QUICK):
            job = await queue.submit("stubborn")
            assert await queue.result(job.id, timeout=5) == 3
            done = await queue.get(job.id)
            assert [a.outcome for a in done.attempts] == ["retried", "retried", "completed"]
            assert done.failures == 2
            assert done.error is None

    asyncio.run(scenario())
    assert tried == [1, 2, 3]


def test_a_submit_while_the_module_of_the_queue_is_loaded_by_a_worker_is_refused(place: Place, tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(
        "import asyncio, os\n"
        "from longtake import JobContext, JobQueue\n"
        "queue = JobQueue(os.environ['LONGTAKE_TEST_JOBS'])\n"
        "@queue.job('hello')\n"
        "async def hello(job: JobContext) -> str:\n    return 'hello'\n"
        "asyncio.run(queue.submit('hello'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "longtake", "work", f"{script}:queue", "--until-idle", "--idle", "0"],
        capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert 'if __name__ == "__main__"' in done.stderr
    assert asyncio.run(place.queue().find()).jobs == []
