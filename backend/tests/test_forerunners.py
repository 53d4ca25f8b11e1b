"""A comparison finds those before it that asked some of the same, and no others."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.compare import forerunners, kinds
from app.compare.cells import Cell, CellState
from app.compare.forerunners import Forerunner, Forerunners
from app.compare.results import summed_up
from app.compare.standing import NotAComparison
from longtake import JobContext, JobQueue
from longtake.testing import run_until_idle

DONE = CellState.COMPLETED
ASKED: dict[str, Any] = {"video_ids": ["v"], "prompts": ["What?", "When?"], "models": ["a", "b"]}


@pytest.fixture
def queue(tmp_path: Path) -> JobQueue:
    return JobQueue(tmp_path / "jobs", mode="external")


def submit(queue: JobQueue, **other: Any) -> str:
    return asyncio.run(queue.submit(kinds.BATCH, title=f"{other}", **{**ASKED, **other})).id


def found(finder: Forerunners, job_id: str) -> list[Forerunner]:
    return asyncio.run(finder.of(job_id))


def test_only_earlier_comparisons_with_a_cell_in_common_are_found_newest_first(queue: JobQueue) -> None:
    finder = Forerunners(queue)
    same = submit(queue)
    submit(queue, video_ids=["another"])
    submit(queue, models=["c"])
    one = asyncio.run(queue.submit(kinds.SINGLE, video_id="v", prompt="When?", models=["b"])).id
    asyncio.run(queue.submit("another-kind", **ASKED))
    asyncio.run(queue.submit(kinds.BATCH, video_ids="no list"))
    now = submit(queue)
    later = submit(queue)
    assert [(each.job_id, each.shared) for each in found(finder, now)] == [(one, 1), (same, 4)]
    assert [each.job_id for each in found(finder, later)] == [now, one, same]
    asyncio.run(queue.delete(one))
    assert [each.job_id for each in found(finder, now)] == [same]


def test_it_reads_each_job_once_and_never_too_many(queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forerunners, "_PAGE", 2)
    monkeypatch.setattr(forerunners, "MOST_READ", 3)
    jobs = [submit(queue) for _ in range(6)]
    reads: list[str] = []
    get = queue.get

    async def counted(job_id: str) -> Any:
        reads.append(job_id)
        return await get(job_id)

    monkeypatch.setattr(queue, "get", counted)
    finder = Forerunners(queue)
    assert [each.job_id for each in found(finder, jobs[5])] == [jobs[4], jobs[3], jobs[2]]
    before = len(reads)
    assert set(reads) == set(jobs[2:])
    found(finder, jobs[5])
    assert set(reads[before:]) == {jobs[5]}
    monkeypatch.setattr(forerunners, "MOST_SHOWN", 1)
    assert len(found(finder, jobs[5])) == 1


def test_a_video_that_was_uploaded_meanwhile_is_known_from_the_answers(tmp_path: Path) -> None:
    queue = JobQueue(tmp_path / "jobs", mode="inline")

    @queue.job(kinds.BATCH)
    async def answer(_: JobContext, video_ids: list[str], prompts: list[str], models: list[str]) -> Any:
        cells = [
            Cell(cell="1.1.1", video_id=each.removeprefix("upload-of-"), prompt=prompts[0], model=models[0], state=DONE)
            for each in video_ids
        ]
        return msgspec.to_builtins(summed_up(cells))

    first, second = submit(queue, video_ids=["upload-of-v"]), submit(queue)
    assert found(Forerunners(queue), second) == []
    asyncio.run(run_until_idle(queue))
    assert [(each.job_id, each.shared) for each in found(Forerunners(queue), second)] == [(first, 1)]


def test_a_job_of_another_kind_has_none(queue: JobQueue) -> None:
    job = asyncio.run(queue.submit("another-kind"))
    with pytest.raises(NotAComparison):
        found(Forerunners(queue), job.id)
