"""Steps of a handler: recorded once, typed the same on replay, refused where they make no sense."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import handlers_plain as plain
import msgspec
import pytest
from pydantic import BaseModel
from stepping import NOW, run

from longtake import (
    JobContext,
    JobFailed,
    JobNotFound,
    JobQueue,
    NotJson,
    PermanentError,
    RetryAfter,
)
from longtake.testing import run_until_idle


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
