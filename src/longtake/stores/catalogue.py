"""What the index says of a folder of jobs, and what the folder itself says: the folder is right."""

from __future__ import annotations

import gc
import logging
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from longtake.ids import is_id
from longtake.job import JobStatus, JobSummary
from longtake.store import Changes, Filter, Page
from longtake.stores.index import Index, Known, stat_of

T = TypeVar("T")

log = logging.getLogger("longtake")


class Catalogue:
    """Lists the jobs of a folder; trouble with its index costs a rebuild, never a commit or an answer."""

    def __init__(self, folder: Path, index: Path) -> None:
        self._folder = folder
        self._index = Index(index, self._all_jobs)
        self._compared = -1

    def note(self, job: JobSummary, known: Known) -> None:
        """Note a job as just committed."""
        with self._forgiven():
            self._index.put(job, known)

    def remove(self, job_id: str) -> None:
        """Note that a job is gone."""
        with self._forgiven():
            self._index.remove(job_id)

    def find(self, where: Filter, limit: int, after: str | None) -> Page:
        """A page, newest first."""
        return self._ask(lambda: self._index.find(where, limit, after), Page([], None))

    def counts(self) -> dict[JobStatus, int]:
        """Jobs of each status."""
        return self._ask(self._index.counts, dict.fromkeys(JobStatus, 0))

    def changes(self, since: int) -> Changes:
        """What came after a position."""
        return self._ask(lambda: self._index.changes(since), Changes(0, [], []))

    def active(self) -> list[str]:
        """Ids of pending and running jobs, oldest first."""
        return self._ask(self._index.active, [])

    def differences(self) -> Iterator[tuple[str, Known | None]]:
        """Jobs whose file is not as the index knows it (with its present state), and those that are gone (None).

        Looks at the files only when a name in the folder has changed since the last time.
        """
        folder_time = self._folder.stat().st_mtime_ns
        if folder_time == self._compared:
            return
        nothing: dict[str, Known] = {}
        known = self._ask(self._index.known, nothing)
        for job_id, path in self._job_files():
            try:
                state = stat_of(path)
            except FileNotFoundError:
                continue
            if known.pop(job_id, None) != state:
                yield job_id, state
        for job_id in known:
            if not (self._folder / f"{job_id}.json").exists():
                yield job_id, None
        self._compared = folder_time

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def _job_files(self) -> Iterator[tuple[str, str]]:
        try:
            entries = os.scandir(self._folder)
        except FileNotFoundError:
            return
        with entries:
            for entry in entries:
                job_id, dot, ending = entry.name.partition(".")
                if dot and ending == "json" and is_id(job_id):
                    yield job_id, entry.path

    def _all_jobs(self) -> Iterable[tuple[JobSummary, Known]]:
        """Every readable job, for a new index; a light look, which leaves damaged files to the owner."""
        decode = msgspec.json.Decoder(JobSummary).decode
        collecting = gc.isenabled()
        gc.disable()  # a hundred thousand small objects make it several times slower, and none is garbage
        try:
            for job_id, path in self._job_files():
                try:
                    summary = decode(Path(path).read_bytes())
                    if summary.id == job_id:
                        yield summary, stat_of(path)
                except (OSError, ValueError, RecursionError) as error:
                    log.warning("Job %s is not listed: %s", job_id, error)
        finally:
            if collecting:
                gc.enable()

    def _ask(self, question: Callable[[], T], otherwise: T) -> T:
        """Ask the index; when its file turns out to be broken it is rebuilt and asked once more."""
        if not self._folder.exists():
            return otherwise
        try:
            return question()
        except sqlite3.DatabaseError as error:
            log.warning("The index is rebuilt: %s", error)
            return question()

    @contextmanager
    def _forgiven(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.DatabaseError, OSError) as error:
            log.warning("The index will be rebuilt: %s", error)
