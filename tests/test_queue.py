"""The front door: submitting, finding, editing, retrying, deleting, waiting for results."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support import QUICK, Place, job_is, soon

from longtake import (
    Edit,
    Filter,
    InvalidArgs,
    InvalidTransition,
    JobCancelled,
    JobContext,
    JobFailed,
    JobNotFound,
    JobQueue,
    JobStatus,
    LongtakeError,
    NotJson,
    NotPossibleNow,
    RetryAfter,
    RetryPolicy,
    UnknownKind,
)

SUBMIT_WITH_KEY = """
import asyncio, sys
from longtake import JobQueue

print(asyncio.run(JobQueue(sys.argv[1], mode="external").submit("marks", key="the key", name="k", count=1)).id)
"""


class Jobs(JobQueue):
    """A queue that works in this process, with handlers that most tests here need."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "jobs", mode="inline")
        self.order: list[str] = []
        self.gate = asyncio.Event()
        self.calls = 0

        @self.job("echo")
        async def echo(job: JobContext, value: str = "") -> str:
            self.order.append(value)
            return value

        @self.job("gated")
        async def gated(job: JobContext, value: str = "") -> str:
            self.order.append(value)
            await self.gate.wait()
            return value

        @self.job("failing")
        async def failing(job: JobContext, value: str = "") -> None:
            await job.step("count", self.count)
            raise ValueError("no luck")

    async def count(self) -> int:
        """Count the calls."""
        self.calls += 1
        return self.calls


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


def test_jobs_are_found_by_status_kind_tag_and_words_page_by_page(queue: Jobs) -> None:
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
            await soon(lambda: len(queue.order) == 6)
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
        nothing = await watch.submit()
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
