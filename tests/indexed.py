"""A folder of jobs and what its index says of it; for the tests of the index."""

from __future__ import annotations

from pathlib import Path

from making import LATER, job_id, make_job

from longtake import lifecycle
from longtake.job import summarise
from longtake.store import Filter
from longtake.stores.files import FilesStore


def four_jobs(folder: Path) -> FilesStore:
    """Three that wait, and one that was cancelled; another is gone."""
    store = FilesStore(folder)
    for number in range(1, 6):
        store.create(make_job(number, title=f"job {number}"))
    store.commit(lifecycle.cancel(store.read(job_id(2)), LATER))
    store.remove(job_id(3))
    return store


def index_of(store: FilesStore) -> Path:
    return store.folder / "run" / "index.sqlite"


def seen(store: FilesStore) -> tuple[object, object]:
    """The list and the counts."""
    return store.find(Filter(), limit=100).jobs, {s.value: n for s, n in store.counts().items() if n}


EXPECTED_COUNTS = {"pending": 3, "cancelled": 1}


def truth(store: FilesStore) -> tuple[object, object]:
    """The same, from the files alone."""
    ids = sorted((path.name[:26] for path in store.folder.glob("*.json")), reverse=True)
    jobs = [store.read(job_id) for job_id in ids]
    return [summarise(job) for job in jobs], EXPECTED_COUNTS
