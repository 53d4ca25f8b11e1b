"""Steps of a handler: recorded once, typed the same on replay, retried, limited in time, run in child processes."""

from __future__ import annotations

import asyncio
import math
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import handlers_plain as plain
import msgspec
import pytest
from pydantic import BaseModel
from support import QUICK, eventually, is_alive, job_is, soon

from longtake import (
    InvalidArgs,
    JobContext,
    JobFailed,
    JobNotFound,
    JobQueue,
    JobStatus,
    NotJson,
    PermanentError,
    RetryAfter,
    RetryPolicy,
)
from longtake.testing import run_until_idle

Body = Callable[[JobContext], Awaitable[Any]]
NOW = RetryPolicy(attempts=3, first_delay=0)


@dataclass(frozen=True)
class Point:
    """A dataclass."""

    x: int
    y: tuple[int, ...]


class Frame(msgspec.Struct, frozen=True):
    """A msgspec struct."""

    at: float
    words: str


class Answer(BaseModel):
    """A pydantic model."""

    text: str
    points: list[int]


def run(folder: Path, body: Body, **options: Any) -> Any:
    """The result of a job with this body."""
    return asyncio.run(_run(folder, body, options))


async def _run(folder: Path, body: Body, options: dict[str, Any]) -> Any:
    queue = JobQueue(folder / "jobs", mode="inline")

    @queue.job("body", **options)
    async def handler(job: JobContext) -> Any:
        return await body(job)

    async with queue.working(QUICK):
        job = await queue.submit("body")
        return await queue.result(job.id, timeout=20)


def test_steps_run_side_by_side_under_gather(tmp_path: Path) -> None:
    together = asyncio.Event()
    inside: list[int] = []

    async def step(number: int) -> int:
        inside.append(number)
        if len(inside) == 5:
            together.set()
        await together.wait()
        return number * number

    async def body(job: JobContext) -> Any:
        return await asyncio.gather(*(job.step(f"{n}", step, n) for n in range(5)))

    assert run(tmp_path, body) == [0, 1, 4, 9, 16]


def test_a_name_used_twice_is_a_clear_error(tmp_path: Path) -> None:
    async def one() -> int:
        return 1

    async def twice(job: JobContext) -> Any:
        await job.step("ask", one)
        return await job.step("ask", one)

    async def kept_too(job: JobContext) -> Any:
        await job.keep("ask", 1)
        return await job.step("ask", one)

    async def kept_after(job: JobContext) -> Any:
        await job.step("ask", one)
        await job.keep("ask", 1)

    for number, body in enumerate((twice, kept_too, kept_after)):
        with pytest.raises(JobFailed, match="'ask'"):
            run(tmp_path / str(number), body)


def test_arguments_that_are_no_json_are_refused_before_anything_runs(tmp_path: Path) -> None:
    called: list[object] = []

    async def step(value: object) -> None:
        called.append(value)

    for number, value in enumerate((object(), math.nan, math.inf, {1, object()}, lambda: 1)):

        async def body(job: JobContext, value: object = value) -> None:
            with pytest.raises(NotJson):
                await job.step("ask", step, value)

        run(tmp_path / str(number), body)
    assert called == []


def test_a_value_that_is_no_json_fails_the_job_and_says_which(tmp_path: Path) -> None:
    async def not_a_number() -> float:
        return math.nan

    async def body(job: JobContext) -> None:
        await job.step("measure", not_a_number)

    with pytest.raises(JobFailed, match=r"'measure'.*nan"):
        run(tmp_path, body)


async def point(x: int) -> Point:
    """A dataclass from arguments."""
    return Point(x, (x, x))


async def frame(at: float) -> Frame:
    """A struct with half a surrogate pair in it."""
    return Frame(at, "cut \ud83d off")


async def answer(text: str) -> Answer:
    """A model."""
    return Answer(text=text, points=[1, 2])


async def pair() -> tuple[int, str]:
    """A tuple."""
    return (1, "a")


async def untyped():  # type: ignore[no-untyped-def]  # noqa: ANN201 (that is what is tried)
    """A tuple without a promise."""
    return (1, "a")


def test_values_come_back_in_the_promised_type_the_same_on_replay(tmp_path: Path) -> None:
    seen: list[list[Any]] = []

    async def body(job: JobContext) -> None:
        seen.append(
            [
                await job.step("point", point, 3),
                await job.step("frame", frame, 1.5),
                await job.step("answer", answer, "yes"),
                await job.step("pair", pair),
                await job.step("untyped", untyped),
                await job.step("child", plain.doubled, plain.Size(3, 4)),
            ]
        )
        if job.attempt == 1:
            raise RetryAfter(0)

    run(tmp_path, body, retries=NOW)
    assert seen[0] == seen[1] == [
        Point(3, (3, 3)), Frame(1.5, "cut \ufffd off"), Answer(text="yes", points=[1, 2]), (1, "a"), [1, "a"],
        plain.Size(6, 8),
    ]  # fmt: skip
    assert [type(value) for value in seen[0]] == [type(value) for value in seen[1]]


def test_a_recorded_step_is_not_run_again_but_with_other_arguments_it_is(tmp_path: Path) -> None:
    calls: list[str] = []

    async def ask(model: str) -> str:
        calls.append(model)
        return model

    async def body(job: JobContext) -> list[str]:
        found = [await job.step("same", ask, "a"), await job.step("other", ask, f"attempt {job.attempt}")]
        if job.attempt < 3:
            raise RetryAfter(0)
        return found

    assert run(tmp_path, body, retries=NOW) == ["a", "attempt 3"]
    assert calls == ["a", "attempt 1", "attempt 2", "attempt 3"]


def test_kept_values_are_there_for_the_next_attempt(tmp_path: Path) -> None:
    seen: list[Any] = []

    async def body(job: JobContext) -> Any:
        seen.append(job.kept("upload"))
        await job.keep("upload", {"id": 1})
        await job.keep("upload", {"id": 2})
        seen.append(job.kept("upload"))
        if job.attempt == 1:
            raise RetryAfter(0)
        return job.kept("upload")

    assert run(tmp_path, body, retries=NOW) == {"id": 2}
    assert seen == [None, {"id": 2}, {"id": 2}, {"id": 2}]


def test_what_a_job_keeps_can_be_read_from_outside_but_not_what_was_forgotten(tmp_path: Path) -> None:
    async def ask() -> int:
        return 1

    async def body(job: JobContext) -> None:
        if job.attempt == 1:
            await job.keep("ask id", 7)
            await job.keep("upload", {"id": 1})
            await job.keep("upload", {"id": 2})
            await job.step("ask", ask)
            raise PermanentError("later")

    queue = JobQueue(tmp_path / "jobs", mode="inline")
    queue.job("kept")(body)

    async def story() -> None:
        job = await queue.submit("kept")
        await run_until_idle(queue)
        assert await queue.kept(job.id) == {"ask id": 7, "upload": {"id": 2}}
        await queue.retry(job.id, forget=["ask"])
        assert await queue.kept(job.id) == {"upload": {"id": 2}}
        with pytest.raises(JobNotFound):
            await queue.kept("01ARZ3NDEKTSV4RRFFQ69G5FAV")

    asyncio.run(story())


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


def test_a_big_value_comes_back_whole_from_a_child_and_from_the_journal(tmp_path: Path) -> None:
    async def body(job: JobContext) -> int:
        value = await job.step("big", plain.big, 5_000_000)
        if job.attempt == 1:
            raise RetryAfter(0)
        return len(value)

    assert run(tmp_path, body, retries=NOW) == 5_000_000


def test_a_child_may_print_and_take_any_number_of_arguments(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async def body(job: JobContext) -> Any:
        return [await job.step("print", plain.printing, "word"), await job.step("sum", plain.total, 1, 2, 3)]

    assert run(tmp_path, body) == ["WORD", 6]
    assert "word" in capfd.readouterr().out


def test_a_child_that_dies_is_told_with_its_exit_code(tmp_path: Path) -> None:
    async def body(job: JobContext) -> None:
        await job.step("die", plain.dies)

    with pytest.raises(JobFailed, match=r"dies died \(exit code 7\)"):
        run(tmp_path, body)


def test_functions_that_another_process_cannot_find_are_refused_with_the_way_out(tmp_path: Path) -> None:
    class Here:
        def method(self) -> int:
            return 1

    async def body(job: JobContext) -> None:
        for name, function in {"lambda": lambda: 1, "local": lambda_like, "method": Here().method}.items():
            with pytest.raises(InvalidArgs, match="at the top of a module"):
                await job.step(name, function)

    def lambda_like() -> int:
        return 1

    run(tmp_path, body)


def test_what_a_child_has_started_ends_with_it(tmp_path: Path) -> None:
    pids = tmp_path / "pids"

    async def scenario() -> None:
        queue = JobQueue(tmp_path / "jobs", mode="inline")

        @queue.job("family")
        async def family(job: JobContext) -> None:
            await job.step("wait", plain.parent_of_another, str(pids))

        async with queue.working(QUICK):
            job = await queue.submit("family")
            await soon(pids.exists)
            await queue.cancel(job.id)
            await job_is(queue, job.id, "cancelled")

    asyncio.run(scenario())
    eventually(lambda: not is_alive(int(pids.read_text())))


def test_a_function_of_the_program_itself_runs_in_a_child(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(
        "import asyncio, os\n"
        "from longtake import JobContext, JobQueue\n"
        f"queue = JobQueue({str(tmp_path / 'jobs')!r}, mode='inline')\n"
        "def pid() -> int:\n    return os.getpid()\n"
        "@queue.job('pids')\n"
        "async def pids(job: JobContext) -> list[int]:\n    return [os.getpid(), await job.step('pid', pid)]\n"
        "async def main() -> None:\n"
        "    async with queue.working():\n"
        "        print(*await queue.result((await pids.submit()).id))\n"
        "if __name__ == '__main__':\n    asyncio.run(main())\n"
    )
    mine, childs = subprocess.check_output([sys.executable, script], text=True, timeout=20).split()
    assert mine != childs
    assert int(childs) != os.getpid()


def test_a_handler_that_wants_to_end_the_process_only_fails_its_job(tmp_path: Path) -> None:
    async def scenario() -> None:
        queue = JobQueue(tmp_path / "jobs", mode="inline")

        async def leaves() -> None:
            raise SystemExit(3)

        @queue.job("leaves")
        async def handler(job: JobContext) -> None:
            raise SystemExit(3)

        @queue.job("step leaves")
        async def handler_of_step(job: JobContext) -> None:
            await job.step("leave", leaves)

        async with queue.working(QUICK):
            for kind in ("leaves", "step leaves"):
                job = await queue.submit(kind)
                failed = await job_is(queue, job.id, "failed")
                assert "wanted to end the whole worker" in (failed.error or "")
                assert failed.status is JobStatus.FAILED

    asyncio.run(scenario())
