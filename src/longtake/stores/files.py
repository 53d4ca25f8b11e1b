"""Jobs as JSON files in a folder: one readable file a job, one journal beside it.

    <id>.json            the job, replaced whole         <id>.steps.jsonl     its journal, appended to
    requests/            what others ask of the worker   quarantine/          damaged files and the reasons
    run/                 lock, bells, live values, index: may be deleted when nothing runs

The owner of `run/worker.lock` alone changes existing jobs; everybody else only makes new files.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from longtake.bell import Bell, bell_folder, ring
from longtake.codec import MAX_JOB_BYTES, decode_job, encode_job
from longtake.errors import JobDamaged, JobExists, JobIsNewer, JobNotFound, StorageRefused
from longtake.ids import is_id
from longtake.job import Job, JobStatus, Step, summarise
from longtake.lock import FileLock, SharedLock
from longtake.store import Changes, Filter, Page, Request, WorkerInfo
from longtake.stores import atomic, journal
from longtake.stores.catalogue import Catalogue
from longtake.stores.keys import Keys
from longtake.stores.mailbox import Mailbox
from longtake.stores.quarantine import Quarantine

T = TypeVar("T")

log = logging.getLogger("longtake")


class FilesStore:
    """A folder of jobs; made when first written to."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).expanduser().absolute()
        self._run = self.folder / "run"
        self._mailbox = Mailbox(self.folder / "requests")
        self._keys = Keys(self.folder / "keys")
        self._quarantine = Quarantine(self.folder / "quarantine")
        self._catalogue = Catalogue(self.folder, self._run / "index.sqlite")
        self._lock = FileLock(self._run / "worker.lock")
        self._bells: set[str] = set()
        self._ready = False
        self._setting_up = threading.Lock()

    # Jobs ------------------------------------------------------------------------------------------------------

    def create(self, job: Job) -> None:
        """Keep a new job, durably."""
        self._set_up()
        path = self._path(job.id)
        try:
            with atomic.storage_problems(path):
                stat = atomic.create(path, encode_job(job))
        except FileExistsError as error:
            raise JobExists(f"There is a job {job.id} already.") from error
        self._catalogue.note(summarise(job), (stat.st_mtime_ns, stat.st_size))

    def read(self, job_id: str) -> Job:
        """The job as last committed."""
        return decode_job(self._bytes(job_id), job_id)

    def commit(self, job: Job, *, durable: bool = True) -> None:
        """Replace a job, all or nothing."""
        path = self._path(job.id)
        with atomic.storage_problems(path):
            stat = atomic.replace(path, encode_job(job), durable=durable)
        self._catalogue.note(summarise(job), (stat.st_mtime_ns, stat.st_size))

    def remove(self, job_id: str) -> None:
        """Delete job and journal."""
        path = self._path(job_id)
        with atomic.storage_problems(path):
            path.unlink(missing_ok=True)
            self._journal(job_id).unlink(missing_ok=True)
            atomic.sync_folder(self.folder)
        self.publish(job_id, {})
        self._catalogue.remove(job_id)

    def find(self, where: Filter, *, limit: int, after: str | None = None) -> Page:
        """A page of the jobs that match."""
        return self._catalogue.find(where, limit, after)

    def counts(self) -> dict[JobStatus, int]:
        """How many jobs there are of each status."""
        return self._catalogue.counts()

    def changes(self, since: int) -> Changes:
        """All changes after a position."""
        return self._catalogue.changes(since)

    def size(self, job_id: str) -> int:
        """Bytes that job and journal take."""
        return sum(p.stat().st_size for p in (self._path(job_id), self._journal(job_id)) if p.exists())

    def reserve(self, key: str, job_id: str) -> str:
        """Bind an idempotency key to a job, durably, unless it is bound."""
        self._set_up()
        return self._keys.reserve(key, job_id)

    def release(self, key: str) -> None:
        """Make an idempotency key free again."""
        self._keys.release(key)

    # Journal ---------------------------------------------------------------------------------------------------

    def steps(self, job_id: str) -> list[Step]:
        """The recorded steps that are whole."""
        return journal.read(self._journal(job_id)).steps

    def append(self, job_id: str, step: Step) -> None:
        """Record a step, durably."""
        path = self._journal(job_id)
        with atomic.storage_problems(path):
            journal.append(path, step)

    def repair(self, job: Job) -> list[Step]:
        """Cut a torn end off the journal, set a damaged one aside, and return the good steps."""
        path = self._journal(job.id)
        reading = journal.read(path)
        now = datetime.now(UTC)
        with atomic.storage_problems(path):
            if reading.is_torn and reading.trouble is None:
                journal.cut(path, reading)
            elif reading.rest:
                self._quarantine.take(path, f"damaged at {reading.trouble}", now)
                atomic.replace(path, reading.good, durable=True)
            if len(reading.steps) < job.steps and not reading.rest:
                lost = f"{job.steps} steps were recorded, {len(reading.steps)} are here: the others run again"
                self._quarantine.explain(path.name, lost, now)
        return reading.steps

    def forget_steps(self, job_id: str) -> None:
        """Empty the journal."""
        path = self._journal(job_id)
        with atomic.storage_problems(path):
            path.unlink(missing_ok=True)
            atomic.sync_folder(self.folder)

    # Values worth seeing at once and not worth keeping -----------------------------------------------------------

    def publish(self, job_id: str, values: Mapping[str, Any]) -> None:
        """Show values of a running job; an empty mapping takes them away."""
        path = self._run / f"{job_id}.live.json"
        with atomic.storage_problems(path):
            if values:
                atomic.replace(path, msgspec.json.encode(values), durable=False)
            else:
                path.unlink(missing_ok=True)

    def published(self, job_id: str) -> dict[str, Any]:
        """The values shown last."""
        self._path(job_id)
        try:
            values = msgspec.json.decode((self._run / f"{job_id}.live.json").read_bytes())
        except (FileNotFoundError, msgspec.DecodeError):
            return {}
        return values if isinstance(values, dict) else {}

    # Small notes ------------------------------------------------------------------------------------------------

    def remember(self, name: str, value: Any) -> None:
        """Keep a value in `notes/<name>.json`."""
        path = self.folder / "notes" / f"{name}.json"
        with atomic.storage_problems(path):
            path.parent.mkdir(mode=0o700, exist_ok=True)
            atomic.replace(path, msgspec.json.encode(value), durable=True)

    def recall(self, name: str) -> Any:
        """The value of `notes/<name>.json`; a damaged note is as good as none."""
        try:
            return msgspec.json.decode((self.folder / "notes" / f"{name}.json").read_bytes())
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    # Requests --------------------------------------------------------------------------------------------------

    def ask(self, request: Request) -> None:
        """Leave a request for the owner."""
        self._set_up()
        self._mailbox.put(request)

    def requests(self) -> list[Request]:
        """The open requests, oldest first."""
        return self._mailbox.open()

    def settle(self, request: Request) -> None:
        """Take a request away."""
        self._mailbox.settle(request)

    def is_open(self, request: Request) -> bool:
        """Whether the request still waits."""
        return self._mailbox.holds(request)

    # Ownership and waking ----------------------------------------------------------------------------------------

    def own(self, worker: WorkerInfo) -> bool:
        """Become the one writer of existing jobs; the kernel ends it with the process."""
        self._set_up()
        if not self._lock.acquire():
            return False
        atomic.replace(self._run / "worker.json", msgspec.json.encode(worker), durable=False)
        return True

    def disown(self) -> None:
        """Let another process become the owner."""
        self._lock.release()

    def attend(self) -> Callable[[], None]:
        """Hold a shared lock that says that this program needs a worker."""
        self._set_up()
        return SharedLock(self._run / "clients.lock").release

    def is_attended(self) -> bool:
        """Whether any program holds that lock."""
        return FileLock(self._run / "clients.lock").is_shared()

    def still_owns(self) -> bool:
        """Whether the lock is still the file that others see; if not, a second owner is possible."""
        return self._lock.is_intact()

    def owner(self) -> WorkerInfo | None:
        """The worker that holds the lock now."""
        if not self._lock.is_held():
            return None
        try:
            return msgspec.json.decode((self._run / "worker.json").read_bytes(), type=WorkerInfo)
        except (FileNotFoundError, msgspec.DecodeError):
            return WorkerInfo(id="unknown", pid=0, started_at=datetime.now(UTC))

    def active(self) -> list[Job]:
        """Every pending or running job that the index knows; damaged files are set aside."""
        jobs = map(self._read_or_set_aside, self._catalogue.active())
        return [job for job in jobs if job is not None]

    def inspect(self) -> list[Job]:
        """Compare the index with the files; returns the jobs that the index did not know as they are."""
        found: list[Job] = []
        for job_id, state in self._catalogue.differences():
            job = self._read_or_set_aside(job_id)
            if job is not None and state is not None:
                self._catalogue.note(summarise(job), state)
                found.append(job)
        return found

    def set_aside(self, job_id: str, reason: str) -> None:
        """Move a damaged job and its journal to quarantine."""
        log.error("Job %s is damaged and was moved to quarantine/: %s", job_id, reason)
        now = datetime.now(UTC)
        for path in (self._path(job_id), self._journal(job_id)):
            self._quarantine.take(path, reason, now)
        self._catalogue.remove(job_id)

    def ring(self, job_id: str) -> None:
        """Ring all bells but this store's own."""
        own = next(iter(self._bells), None)
        ring(bell_folder(self._run), job_id, but=own)

    def listen(self, heard: Callable[[str], None]) -> Callable[[], None]:
        """Hang up a bell."""
        self._set_up()
        bell = Bell(bell_folder(self._run), heard)
        self._bells.add(bell.path)

        def stop() -> None:
            self._bells.discard(bell.path)
            bell.stop()

        return stop

    def close(self) -> None:
        """Let go of files and connections."""
        self._catalogue.close()
        self._lock.release()

    # -----------------------------------------------------------------------------------------------------------

    def _set_up(self) -> None:
        if self._ready and self._run.exists():
            return
        with self._setting_up, atomic.storage_problems(self.folder):
            for folder in (self.folder, self._run, self._mailbox.folder):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.folder.stat().st_uid not in {os.geteuid(), 0}:
                raise StorageRefused(f"{self.folder} belongs to another user: choose a folder of your own.")
            ignore = self.folder / ".gitignore"
            if not ignore.exists():
                atomic.replace(ignore, b"*\n", durable=False)
            self._ready = True

    def _path(self, job_id: str) -> Path:
        if not is_id(job_id):
            raise JobNotFound(job_id[:80])
        return self.folder / f"{job_id}.json"

    def _journal(self, job_id: str) -> Path:
        return self._path(job_id).with_name(f"{job_id}.steps.jsonl")

    def _bytes(self, job_id: str) -> bytes:
        path = self._path(job_id)
        try:
            fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise JobNotFound(job_id) from error
        with os.fdopen(fd, "rb") as file:
            return file.read(MAX_JOB_BYTES + 1)

    def _read_or_set_aside(self, job_id: str) -> Job | None:
        try:
            return self.read(job_id)
        except JobNotFound:
            self._catalogue.remove(job_id)
        except JobIsNewer as error:
            log.warning("%s", error)
        except JobDamaged as error:
            self.set_aside(job_id, error.reason)
        return None
