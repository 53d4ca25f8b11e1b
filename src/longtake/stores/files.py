"""Jobs as JSON files in a folder: one readable file a job, one journal beside it.

    <id>.json            the job, replaced whole         <id>.steps.jsonl     its journal, appended to
    requests/            what others ask of the worker   quarantine/          damaged files and the reasons
    placing/             files on their way to their place
    run/                 lock, bells, live values, begun attempts, index: may be deleted when nothing runs

The owner of `run/worker.lock` alone changes existing jobs; everybody else only makes new files.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from longtake.codec import decode_job, encode_job, encode_new_job
from longtake.errors import JobExists, StorageProblem
from longtake.job import Job, JobStatus, Step
from longtake.store import Changes, Filter, Page, Report, Request, WorkerInfo
from longtake.stores import atomic, journal, notes, trouble
from longtake.stores.begun import Begun, as_begun
from longtake.stores.bells import Bells
from longtake.stores.catalogue import Catalogue
from longtake.stores.folder import JobFolder
from longtake.stores.keys import Keys
from longtake.stores.mailbox import Mailbox
from longtake.stores.overview import Overview
from longtake.stores.ownership import Ownership
from longtake.stores.quarantine import Quarantine

log = logging.getLogger("longtake")


class FilesStore:
    """A folder of jobs; made when first written to."""

    def __init__(self, folder: str | Path) -> None:
        self._folder = JobFolder(folder)
        self.folder = self._folder.path
        self._mailbox = Mailbox(self._folder.requests)
        self._keys = Keys(self._folder.keys)
        self._quarantine = Quarantine(self._folder.quarantine)
        self._catalogue = Catalogue(self._folder)
        self._overview = Overview(self._folder, self._catalogue, self._quarantine)
        self._ownership = Ownership(self._folder.run)
        self._bells = Bells(self._folder.run)
        self._begun = Begun(self._folder.run / "begun")
        self._owes_sync = False
        self._is_troubled = False

    # Jobs ------------------------------------------------------------------------------------------------------

    def create(self, job: Job) -> None:
        """Keep a new job, durably."""
        path, data = self._folder.job(job.id), encode_new_job(job)
        self._folder.set_up()
        try:
            with trouble.writing(path):
                stat = self._folder.placing.create(path, data)
        except FileExistsError as error:
            raise JobExists(f"There is a job {job.id} already.") from error
        if not self._catalogue.note(job, (stat.st_mtime_ns, stat.st_size)):
            self._announce(job.id)

    def read(self, job_id: str) -> Job:
        """The job as last committed."""
        return decode_job(self._folder.read(job_id), job_id)

    def commit(self, job: Job, *, durable: bool = True) -> None:
        """Replace a job, all or nothing."""
        data = encode_job(job)
        with self._changing(job.id) as path:
            stat = self._folder.placing.replace(path, data, durable=durable)
        self._is_troubled = False
        self._begun.is_written(job.id)
        self._catalogue.note(job, (stat.st_mtime_ns, stat.st_size))

    def begin(self, job: Job) -> None:
        """Note that a job has started; while the disk makes trouble in the job file, so that nothing runs in vain."""
        if self._is_troubled:
            self.commit(job, durable=False)
            return
        with trouble.writing(self._folder.run):
            self._begun.note(job)

    def remove(self, job_id: str) -> None:
        """Delete job and journal."""
        with self._changing(job_id) as path:
            path.unlink(missing_ok=True)
            self._folder.journal(job_id).unlink(missing_ok=True)
            self._folder.live(job_id).unlink(missing_ok=True)
            self._folder.placing.forget()
            atomic.sync_folder(self.folder)
        self._catalogue.forget(job_id)

    def find(self, where: Filter, *, limit: int, after: str | None = None) -> Page:
        """A page of the jobs that match."""
        return self._catalogue.find(where, limit, after)

    def counts(self) -> dict[JobStatus, int]:
        """How many jobs there are of each status."""
        return self._catalogue.counts()

    def changes(self, since: int) -> Changes:
        """All changes after a position."""
        return self._catalogue.changes(since)

    def arrivals(self, since: int) -> Changes:
        """Pending jobs that came or changed after a position."""
        return self._catalogue.arrivals(since)

    def size(self, job_id: str) -> int:
        """Bytes that job and journal take."""
        paths = (self._folder.job(job_id), self._folder.journal(job_id))
        return sum(path.stat().st_size for path in paths if path.exists())

    def reserve(self, key: str, job_id: str) -> str:
        """Bind an idempotency key to a job, durably, unless it is bound."""
        self._folder.set_up()
        return self._keys.reserve(key, job_id)

    def holder(self, key: str) -> str | None:
        """The id of the job that an idempotency key is bound to."""
        return self._keys.holder(key)

    def release(self, key: str) -> None:
        """Make an idempotency key free again."""
        self._keys.release(key)

    # Journal ---------------------------------------------------------------------------------------------------

    def steps(self, job_id: str) -> list[Step]:
        """The recorded steps that are whole."""
        path = self._folder.journal(job_id)
        with trouble.reading(path):
            return journal.read(path).steps

    def append(self, job_id: str, step: Step) -> None:
        """Record a step, durably."""
        path = self._folder.journal(job_id)
        with trouble.writing(path):
            journal.append(path, step)

    def repair(self, job: Job) -> list[Step]:
        """Cut a torn end off the journal, set a damaged one aside, and return the good steps."""
        with self._changing(job.id):
            return journal.repair(self._folder.journal(job.id), job.steps, self._quarantine, datetime.now(UTC))

    def forget_steps(self, job_id: str) -> None:
        """Empty the journal."""
        path = self._folder.journal(job_id)
        with trouble.writing(path):
            path.unlink(missing_ok=True)
            atomic.sync_folder(self.folder)

    # Values worth seeing at once and not worth keeping -----------------------------------------------------------

    def publish(self, job_id: str, values: Mapping[str, Any]) -> None:
        """Show values of a running job; an empty mapping takes them away."""
        if values:
            notes.write(self._folder.live(job_id), values, durable=False)
        else:
            notes.remove(self._folder.live(job_id))

    def published(self, job_id: str) -> dict[str, Any]:
        """The values shown last."""
        values = notes.read(self._folder.live(job_id))
        return values if isinstance(values, dict) else {}

    # Small notes ------------------------------------------------------------------------------------------------

    def remember(self, name: str, value: Any) -> None:
        """Keep a value in `notes/<name>.json`."""
        notes.write(self._folder.note(name), value, durable=True)

    def recall(self, name: str) -> Any:
        """The value of `notes/<name>.json`; a damaged note is as good as none."""
        return notes.read(self._folder.note(name))

    # Requests --------------------------------------------------------------------------------------------------

    def ask(self, request: Request) -> None:
        """Leave a request for the owner."""
        self._folder.set_up()
        self._mailbox.put(request)

    def requests(self) -> list[Request]:
        """The open requests, oldest first."""
        return self._mailbox.open()

    def settle(self, request: Request) -> None:
        """Take a request away; its effect is on the disk before."""
        if self._owes_sync:
            with trouble.writing(self.folder):
                atomic.sync_folder(self.folder)
            self._owes_sync = False
        self._mailbox.settle(request)

    def is_open(self, request: Request) -> bool:
        """Whether the request still waits."""
        return self._mailbox.holds(request)

    # Ownership and waking ----------------------------------------------------------------------------------------

    def own(self, worker: WorkerInfo) -> bool:
        """Become the one writer of existing jobs; the kernel ends it with the process."""
        self._folder.set_up()
        return self._ownership.take(worker)

    def disown(self) -> None:
        """Let another become the owner."""
        self._begun.close()
        self._ownership.leave()

    def attend(self) -> Callable[[], None]:
        """Hold a shared lock that says that this program needs a worker."""
        self._folder.set_up()
        return self._ownership.attend()

    def is_attended(self) -> bool:
        """Whether any program holds that lock."""
        return self._ownership.is_attended()

    def still_owns(self) -> bool:
        """Whether the lock is still the file that others see; if not, a second owner is possible."""
        return self._ownership.is_intact()

    def owner(self) -> WorkerInfo | None:
        """Who holds the lock now, in whichever process."""
        return self._ownership.holder()

    def active(self) -> list[Job]:
        """Every pending or running job that the index knows, begun ones as started; damaged files are set aside."""
        begun = self._begun.left()
        return [as_begun(job, begun.get(job.id)) for job in self._overview.active()]

    def differences(self) -> Iterator[list[str]]:
        """Compare the index with the files, a portion at a time; jobs that it does not know as they are, or doubts."""
        return self._overview.differences()

    def inspect(self, job_ids: Iterable[str]) -> list[Job]:
        """Note these jobs as their files are; damaged files are set aside."""
        return self._overview.inspect(job_ids)

    def doubts(self) -> bool:
        """Whether some file could not be read, or not be noted in the index."""
        return self._catalogue.doubts

    def set_aside(self, job_id: str, reason: str) -> None:
        """Move a damaged job and its journal to quarantine."""
        self._overview.set_aside(job_id, reason)

    def ring(self, job_id: str, report: Report | None = None) -> None:
        """Ring the bells of those who watch."""
        self._bells.ring(job_id, report)

    def wake(self, job_id: str) -> None:
        """Ring all bells."""
        self._bells.wake(job_id)

    def listen(self, heard: Callable[[str, Report | None], None]) -> Callable[[], None]:
        """Hang up a bell."""
        self._folder.set_up()
        return self._bells.listen(heard)

    def attend_to(self, woken: Callable[[], None]) -> Callable[[], None]:
        """Hang up the owner's bell."""
        self._folder.set_up()
        return self._bells.attend_to(woken)

    def close(self) -> None:
        """Let go of files and connections."""
        self._catalogue.close()
        self._bells.close()
        self._begun.close()
        self._ownership.leave()

    def _announce(self, job_id: str) -> None:
        """Leave word of a new job that is not in the index."""
        try:
            self._mailbox.put(Request(job_id, "new"))
        except StorageProblem as error:
            log.warning("Job %s is kept; its worker will take a minute to see it: %s", job_id, error)

    @contextmanager
    def _changing(self, job_id: str) -> Iterator[Path]:
        """For changes of a job; after an error nobody knows how far they came, so everybody looks again."""
        path = self._folder.job(job_id)
        try:
            with trouble.writing(path):
                yield path
        except StorageProblem:
            self._is_troubled = self._owes_sync = True
            self._catalogue.look_again(job_id)
            self._catalogue.doubt(job_id)
            raise
