"""What the index says of a folder of jobs, and what the folder itself says: the folder is right."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

import msgspec

from longtake.codec import MAX_JOB_BYTES
from longtake.errors import JobDamaged, JobNotFound, LongtakeError, StorageProblem
from longtake.job import Job, JobStatus, JobSummary, summarise
from longtake.store import Changes, Filter, Page
from longtake.stores import trouble
from longtake.stores.folder import JobFolder
from longtake.stores.index import Index, IndexTrouble
from longtake.stores.portions import PORTION, portions
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
        self.doubts = True

    def forget(self, job_id: str) -> None:
        """Note that a job is gone."""
        try:
            self._index.remove(job_id)
        except StorageProblem as error:
            self._lag(error)

    def differences(self) -> Iterator[list[str]]:
        """The jobs whose files are not as the index knows them, or gone, after each portion that was compared."""
        try:
            with trouble.reading(self._folder.path):
                changed = self._folder.path.stat().st_mtime_ns
        except FileNotFoundError:
            return
        if changed == self._compared and not self.doubts:
            return
        self._compared, self.doubts = -1, False
        yield from self._changed()
        yield from self._unknown()
        self._compared = changed

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def _changed(self) -> Iterator[list[str]]:
        """Jobs in the index whose files have changed since, or are gone."""
        nothing: list[tuple[str, Known]] = []
        last = ""
        while known := self._ask(partial(self._index.known, last, PORTION), nothing):
            with trouble.reading(self._folder.path):
                changed = [job_id for job_id, state in known if self._state(job_id) != state]
            yield changed
            last = known[-1][0]

    def _unknown(self) -> Iterator[list[str]]:
        """Jobs that have a file and are not in the index."""
        for job_ids in portions(job_id for job_id, _ in self._folder.jobs()):
            yield self._ask(partial(self._index.unknown, job_ids), [])

    def _state(self, job_id: str) -> Known | None:
        try:
            return stat_of(self._folder.place(job_id))
        except FileNotFoundError:
            return None

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
