"""Jobs in memory: for tests and throw-away scripts. Nothing survives the process, and nothing needs a disk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from longtake.codec import encode_new_job
from longtake.errors import JobExists, JobNotFound
from longtake.ids import first_id
from longtake.job import Job, JobStatus, JobSummary, Step, summarise
from longtake.store import Changes, Filter, Page, Report, Request, WorkerInfo


class MemoryStore:
    """The same promises as a folder of jobs, but for durability."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._jobs: dict[str, Job] = {}
        self._journals: dict[str, list[Step]] = {}
        self._live: dict[str, dict[str, Any]] = {}
        self._requests: dict[tuple[str, str], Request] = {}
        self._notes: dict[str, Any] = {}
        self._keys: dict[str, str] = {}
        self._positions: dict[str, int] = {}
        self._position = 0
        self._owner: WorkerInfo | None = None
        self._listeners: list[Callable[[str, Report | None], None]] = []
        self._attendants: list[Callable[[], None]] = []

    # Jobs ------------------------------------------------------------------------------------------------------

    def create(self, job: Job) -> None:
        """Keep a new job."""
        encode_new_job(job)
        with self._lock:
            if job.id in self._jobs:
                raise JobExists(f"There is a job {job.id} already.")
            self.commit(job)

    def read(self, job_id: str) -> Job:
        """The job as last committed."""
        with self._lock:
            if job_id not in self._jobs:
                raise JobNotFound(job_id)
            return self._jobs[job_id]

    def commit(self, job: Job, *, durable: bool = True) -> None:  # noqa: ARG002 (memory is never durable)
        """Replace a job."""
        with self._lock:
            self._jobs[job.id] = job
            self._moved(job.id)

    def begin(self, job: Job) -> None:
        """Take a job as started."""
        self.commit(job)

    def remove(self, job_id: str) -> None:
        """Delete job and journal."""
        with self._lock:
            self._jobs.pop(job_id, None)
            self._journals.pop(job_id, None)
            self._live.pop(job_id, None)
            self._moved(job_id)

    def find(self, where: Filter, *, limit: int, after: str | None = None) -> Page:
        """A page of the jobs that match."""
        with self._lock:
            newest_first = sorted(self._jobs.values(), key=lambda job: job.id, reverse=True)
        found = [job for job in newest_first if (after is None or job.id < after) and _matches(job, where)]
        page = [summarise(job) for job in found[:limit]]
        return Page(page, page[-1].id if len(found) > limit else None)

    def counts(self) -> dict[JobStatus, int]:
        """How many jobs there are of each status."""
        with self._lock:
            return {s: sum(job.status is s for job in self._jobs.values()) for s in JobStatus}

    def changes(self, since: int) -> Changes:
        """All changes after a position."""
        with self._lock:
            ids = [i for i, at in self._positions.items() if since >= 0 and at > since]
            changed: list[JobSummary] = [summarise(self._jobs[i]) for i in ids if i in self._jobs]
            return Changes(self._position, changed, [i for i in ids if i not in self._jobs])

    def arrivals(self, since: int) -> Changes:
        """Pending jobs that came or changed after a position."""
        changes = self.changes(max(since, 0))
        return Changes(changes.position, [job for job in changes.changed if job.status is JobStatus.PENDING], [])

    def size(self, job_id: str) -> int:  # noqa: ARG002 (part of the seam)
        """No bytes on any disk."""
        return 0

    def reserve(self, key: str, job_id: str) -> str:
        """Bind an idempotency key to a job, unless it is bound."""
        with self._lock:
            return self._keys.setdefault(key, job_id)

    def holder(self, key: str) -> str | None:
        """The id of the job that an idempotency key is bound to."""
        with self._lock:
            return self._keys.get(key)

    def release(self, key: str) -> None:
        """Make an idempotency key free again."""
        with self._lock:
            self._keys.pop(key, None)

    # Journal ---------------------------------------------------------------------------------------------------

    def steps(self, job_id: str) -> list[Step]:
        """The recorded steps."""
        with self._lock:
            return list(self._journals.get(job_id, ()))

    def append(self, job_id: str, step: Step) -> None:
        """Record a step."""
        with self._lock:
            self._journals.setdefault(job_id, []).append(step)

    def repair(self, job: Job) -> list[Step]:
        """Memory needs no repair."""
        return self.steps(job.id)

    def forget_steps(self, job_id: str) -> None:
        """Empty the journal."""
        with self._lock:
            self._journals.pop(job_id, None)

    def publish(self, job_id: str, values: Mapping[str, Any]) -> None:
        """Show values of a running job; an empty mapping takes them away."""
        with self._lock:
            self._live[job_id] = dict(values)

    def published(self, job_id: str) -> dict[str, Any]:
        """The values shown last."""
        with self._lock:
            return dict(self._live.get(job_id, {}))

    # Small notes ------------------------------------------------------------------------------------------------

    def remember(self, name: str, value: Any) -> None:
        """Keep a value under a name."""
        with self._lock:
            self._notes[name] = value

    def recall(self, name: str) -> Any:
        """The value kept under a name."""
        with self._lock:
            return self._notes.get(name)

    # Requests --------------------------------------------------------------------------------------------------

    def ask(self, request: Request) -> None:
        """Leave a request for the owner."""
        with self._lock:
            self._requests[request.job_id, request.verb] = request

    def requests(self) -> list[Request]:
        """The open requests, oldest first."""
        with self._lock:
            return list(self._requests.values())

    def settle(self, request: Request) -> None:
        """Take a request away."""
        with self._lock:
            self._requests.pop((request.job_id, request.verb), None)

    def is_open(self, request: Request) -> bool:
        """Whether the request still waits."""
        with self._lock:
            return (request.job_id, request.verb) in self._requests

    # Ownership and waking ----------------------------------------------------------------------------------------

    def own(self, worker: WorkerInfo) -> bool:
        """Become the owner."""
        with self._lock:
            if self._owner is not None and self._owner.id != worker.id:
                return False
            self._owner = worker
            return True

    def disown(self) -> None:
        """Let another become the owner."""
        with self._lock:
            self._owner = None

    def attend(self) -> Callable[[], None]:
        """Nobody else can be there."""
        return lambda: None

    def is_attended(self) -> bool:
        """Nobody else can be there."""
        return False

    def still_owns(self) -> bool:
        """Whether the owner is still the owner."""
        return self._owner is not None

    def owner(self) -> WorkerInfo | None:
        """The worker that owns the store now."""
        return self._owner

    def active(self) -> list[Job]:
        """Every pending or running job."""
        with self._lock:
            jobs = sorted(self._jobs.values(), key=lambda job: job.id)
        return [job for job in jobs if not job.status.is_final]

    def set_aside(self, job_id: str, reason: str) -> None:  # noqa: ARG002 (part of the seam)
        """Memory is never damaged: the job is dropped."""
        self.remove(job_id)

    def differences(self) -> Iterator[list[str]]:
        """There is no index that could be wrong."""
        return iter(())

    def inspect(self, job_ids: Iterable[str]) -> list[Job]:
        """Those of these jobs that are there."""
        with self._lock:
            return [self._jobs[job_id] for job_id in job_ids if job_id in self._jobs]

    def doubts(self) -> bool:
        """Nothing in memory is hard to look at."""
        return False

    def ring(self, job_id: str, report: Report | None = None) -> None:
        """Tell all listeners."""
        with self._lock:
            listeners = list(self._listeners)
        for heard in listeners:
            heard(job_id, report)

    def wake(self, job_id: str) -> None:
        """Tell the owner as well."""
        self.ring(job_id)
        with self._lock:
            attendants = list(self._attendants)
        for woken in attendants:
            woken()

    def listen(self, heard: Callable[[str, Report | None], None]) -> Callable[[], None]:
        """Call `heard` at each ring."""
        with self._lock:
            self._listeners.append(heard)
        return lambda: self._listeners.remove(heard)

    def attend_to(self, woken: Callable[[], None]) -> Callable[[], None]:
        """Call `woken` when the owner has something to do."""
        with self._lock:
            self._attendants.append(woken)
        return lambda: self._attendants.remove(woken)

    def close(self) -> None:
        """Nothing to let go of."""

    def _moved(self, job_id: str) -> None:
        self._position += 1
        self._positions[job_id] = self._position


def _matches(job: Job, where: Filter) -> bool:
    words = " ".join((job.id, job.kind, job.title, *job.about, job.progress_message, job.error or "")).casefold()
    before = where.finished_before
    return (
        (not where.status or job.status in where.status)
        and (where.kind is None or job.kind == where.kind)
        and (where.tag is None or where.tag in job.tags)
        and (where.about is None or where.about in job.about)
        and (where.text is None or where.text.casefold() in words)
        and (where.created_since is None or job.id >= first_id(where.created_since))
        and (where.keep is None or job.keep is where.keep)
        and (before is None or (job.finished_at is not None and job.finished_at < before))
    )
