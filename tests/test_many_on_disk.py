"""Thousands of finished jobs on the disk: neither a start nor a list reads their files; `dev bench` has the figures."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from making import NOW, inspected, job_id, make_job
from support import HANDLERS, TESTS, Place

from longtake import JobQueue
from longtake.codec import encode_job
from longtake.job import JobStatus
from longtake.stores.files import FilesStore
from longtake.stores.portions import PORTION

MANY = 3000
FEW = 10
"""Files of jobs that a look may read, however many there are."""
_opened: list[str] | None = None


def _note(event: str, args: tuple[Any, ...]) -> None:
    if event == "open" and _opened is not None and isinstance(args[0], (str, bytes, os.PathLike)):
        _opened.append(os.fsdecode(args[0]))


sys.addaudithook(_note)


@contextmanager
def files_of_jobs() -> Iterator[list[str]]:
    """The files of jobs that this process opens while inside."""
    global _opened  # noqa: PLW0603 (an audit hook cannot be taken away again)
    opened: list[str] = []
    _opened = opened
    try:
        yield opened
    finally:
        _opened = None
        opened[:] = [path for path in opened if is_of_a_job(path)]


def is_of_a_job(path: str) -> bool:
    return path.endswith((".json", ".jsonl")) and len(Path(path).name.partition(".")[0]) == 26


@pytest.fixture
def full(place: Place) -> Place:
    """A folder with many finished jobs of three kinds, as an older program left it: no index."""
    place.jobs.mkdir(mode=0o700)
    for number in range(MANY):
        status = JobStatus.FAILED if number % 10 == 0 else JobStatus.COMPLETED
        created = NOW + timedelta(seconds=number)
        job = make_job(
            number + 1,
            kind=("a", "b", "c")[number % 3],
            status=status,
            created_at=created,
            finished_at=created + timedelta(seconds=1),
            title=f"Number {number}",
            tags=("odd",) if number % 2 else (),
        )
        (place.jobs / f"{job.id}.json").write_bytes(encode_job(job))
    return place


LOOKS: dict[str, Callable[[JobQueue], Any]] = {
    "the latest": lambda queue: queue.find(limit=50),
    "of a status": lambda queue: queue.find(status="failed", limit=50),
    "of a kind": lambda queue: queue.find(kind="b", limit=50),
    "with a tag": lambda queue: queue.find(tag="odd", limit=50),
    "with a word": lambda queue: queue.find(text="number 17", limit=50),
    "a later page": lambda queue: queue.find(limit=50, after=job_id(MANY // 2)),
    "counts": lambda queue: queue.counts(),
}


def answers(queue: JobQueue) -> dict[str, Any]:
    return {name: asyncio.run(look(queue)) for name, look in LOOKS.items()}


def test_a_list_reads_no_job_file_and_an_index_that_is_deleted_comes_back_with_the_same_answers(full: Place) -> None:
    first = full.queue()
    with files_of_jobs() as opened:
        before = answers(first)
    assert len(opened) >= MANY, "the first look of all has to read every file, or this test counts nothing"
    with files_of_jobs() as opened:
        assert answers(first) == before
        assert answers(full.queue()) == before
    assert opened == []
    assert before["counts"][JobStatus.COMPLETED] == MANY * 9 // 10
    assert [job.title for job in before["the latest"].jobs[:2]] == [f"Number {MANY - 1}", f"Number {MANY - 2}"]
    assert len(before["of a status"].jobs) == 50
    for index in (full.jobs / "run").glob("index*"):
        index.unlink()
    assert answers(full.queue()) == before


def test_what_changed_came_or_went_is_found_among_many(full: Place) -> None:
    store = FilesStore(full.jobs)
    store.counts()
    assert inspected(store) == []
    changed, gone, new = ([n + k for n in (1, PORTION, MANY // 2, MANY - 9)] for k in (0, 1, MANY))
    for number in changed + new:
        (full.jobs / f"{job_id(number)}.json").write_bytes(encode_job(make_job(number, title="by hand")))
    for number in gone:
        (full.jobs / f"{job_id(number)}.json").unlink()
    found = [one for job_ids in store.differences() for one in job_ids]
    assert sorted(found) == sorted(map(job_id, changed + gone + new))
    store._catalogue.doubts = True
    assert [job.id for job in inspected(store)] == [one for one in found if one not in map(job_id, gone)]
    assert sum(store.counts().values()) == MANY
    assert inspected(store) == []


def test_the_memory_that_a_comparison_takes_does_not_grow_with_the_files(full: Place) -> None:
    store = FilesStore(full.jobs)
    store.counts()
    found = sum(map(len, store.differences()))  # once before, so that nothing is loaded while it is measured
    store._catalogue.doubts = True
    tracemalloc.start()
    try:
        portions = [len(portion) for portion in store.differences()]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == sum(portions) == 0
    assert len(portions) >= 2 * MANY // PORTION
    assert peak < 80 * MANY, "less than the names alone would take"


@pytest.mark.skipif(shutil.which("strace") is None and "CI" not in os.environ, reason="needs strace")
def test_a_worker_starts_without_reading_the_files_of_finished_jobs(full: Place, tmp_path: Path) -> None:
    assert len(opened_by_a_worker(full, tmp_path)) >= MANY, "without an index it has to read every file"
    asyncio.run(full.queue().submit("marks", name="new", count=1))
    opened = opened_by_a_worker(full, tmp_path)
    assert full.ledger() == ["begin new.0", "end new.0"]
    assert len(opened) <= FEW, opened[:FEW]


def opened_by_a_worker(place: Place, folder: Path) -> list[str]:
    """The files of jobs that a worker opens from its start to its end, when nothing is left to do."""
    log = folder / "opened"
    work = [sys.executable, "-m", "longtake", "work", HANDLERS, "--until-idle", "--idle", "0.1"]
    command = ["strace", "-f", "-qq", "-e", "trace=openat", "-o", str(log), *work]
    environment = os.environ | place.environment
    subprocess.run(command, cwd=TESTS, env=environment, check=True, capture_output=True, timeout=100)
    paths = [line.partition('"')[2].partition('"')[0] for line in log.read_text().splitlines()]
    return [path for path in paths if is_of_a_job(path)]
