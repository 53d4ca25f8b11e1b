"""What the index says of a folder of jobs, and what the folder itself says: the folder is right."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from longtake.codec import MAX_JOB_BYTES
from longtake.errors import JobDamaged, JobNotFound, LongtakeError, StorageProblem
from longtake.job import Job, JobStatus, JobSummary, summarise
from longtake.store import Changes, Filter, Page
from longtake.stores.folder import JobFolder
from longtake.stores.index import Index, IndexTrouble
from longtake.stores.reading import read_plain_file
from longtake.stores.rows import Known, stat_of

T = TypeVar("T")

log = logging.getLogger("longtake")


class Catalogue:
    """Lists, filters and counts of the jobs of a folder."""

    def __init__(self, folder: JobFolder) -> None:
        self._folder = folder
        self._index = Index(folder.run / "index.sqlite", self._all_jobs)
        self._compared = -1
        self.doubts = False
        """Whether the files have to be looked at again soon."""

    def find(self, where: Filter, limit: int, after: str | None) -> Page:
        """A page, newest first."""
        return self._ask(lambda: self._index.find(where, limit, after), Page([], None))

    def counts(self) -> dict[JobStatus, int]:
        """Jobs of each status."""
        return self._ask(self._index.counts, dict.fromkeys(JobStatus, 0))

    def changes(self, since: int) -> Changes:
        """What came after a position."""
        return self._ask(lambda: self._index.changes(since), Changes(0, [], []))

    def arrivals(self, since: int) -> Changes:
        """Pending jobs that came or changed after a position."""
        return self._ask(lambda: self._index.arrivals(since), Changes(0, [], []))

    def active(self) -> list[str]:
        """Ids of pending and running jobs, oldest first."""
        return self._ask(self._index.active, [])

    def note(self, job: Job, known: Known) -> bool:
        """Note a job as just committed; whether that worked."""
        try:
            self._index.put(summarise(job), known)
        except StorageProblem as error:
            self._lag(error)
            return False
        return True

    def look_again(self, job_id: str) -> None:
        """Note a job as its file has it, also when that is older than what was noted: somebody put it back."""
        path = self._folder.job(job_id)
        try:
            known = stat_of(path)
            job = _summary_in(self._folder.read(job_id))
            if not self._index.put(job, known) and stat_of(path) == known:
                self._index.remove(job_id)
                self._index.put(job, known)
        except (FileNotFoundError, JobNotFound, JobDamaged, ValueError, RecursionError):
            self.forget(job_id)
        except StorageProblem as error:
            self._lag(error)

    def doubt(self, job_id: str) -> None:
        """Have the next comparison find this job, whatever its file is like then."""
        try:
            self._index.doubt(job_id)
        except StorageProblem as error:
            self._lag(error)
        self._compared = -1
        self.doubts = True

    def forget(self, job_id: str) -> None:
        """Note that a job is gone."""
        try:
            self._index.remove(job_id)
        except StorageProblem as error:
            self._lag(error)

    def differences(self) -> list[str]:
        """The job files that are not as the index knows them; what has no file any more is forgotten."""
        try:
            changed = self._folder.path.stat().st_mtime_ns
        except FileNotFoundError:
            return []
        if changed == self._compared:
            return []
        self.doubts = False
        nothing: dict[str, Known] = {}
        known = self._ask(self._index.known, nothing)
        differing: list[str] = []
        for job_id, path in self._folder.jobs():
            try:
                state = stat_of(path)
            except FileNotFoundError:
                continue
            if known.pop(job_id, None) != state:
                differing.append(job_id)
        for job_id in known:
            if not self._folder.job(job_id).exists():
                self.forget(job_id)
        self._compared = changed
        return differing

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def _ask(self, question: Callable[[], T], otherwise: T) -> T:
        """Ask the index; when its file turns out to be broken it is made anew and asked once more."""
        if not self._folder.path.exists():
            return otherwise
        try:
            return question()
        except IndexTrouble as error:
            log.warning("%s It is made anew.", error)
            return question()

    def _lag(self, error: StorageProblem) -> None:
        """The index is a cache: trouble with it costs another comparison with the files, never a commit."""
        log.warning("The list of jobs lags behind the files for a while: %s", error)
        self._compared = -1
        self.doubts = True

    def _all_jobs(self) -> Iterable[tuple[JobSummary, Known]]:
        """Every readable job, for a new index; a light look, which leaves damaged files to the owner."""
        collecting = gc.isenabled()
        gc.disable()  # a hundred thousand small objects make it several times slower, and none is garbage
        try:
            for job_id, path in sorted(self._folder.jobs()):
                try:
                    known = stat_of(path)
                    summary = _summary_in(read_plain_file(path, MAX_JOB_BYTES))
                except (LongtakeError, OSError, ValueError, RecursionError) as error:
                    log.warning("Job %s is not listed: %s", job_id, error)
                    continue
                if summary.id == job_id:
                    yield summary, known
        finally:
            if collecting:
                gc.enable()


_summary_in = msgspec.json.Decoder(JobSummary).decode
