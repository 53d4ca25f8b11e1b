"""The storage seam: what the queue and the worker need of a place that keeps jobs.

All calls block and may come from any thread. Implementations: `stores.files`, `stores.memory`; every one passes
`longtake.testing.StoreContract`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from msgspec import Struct

from longtake.job import Job, JobStatus, JobSummary, Step

Verb = Literal["new", "cancel", "retry", "edit", "delete", "notify"]


@dataclass(frozen=True)
class Request:
    """What another process asks the worker to do with a job."""

    job_id: str
    verb: Verb
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which jobs to find; what is left empty does not restrict."""

    status: tuple[JobStatus, ...] = ()
    kind: str | None = None
    tag: str | None = None
    about: str | None = None
    """One of the words that tell what a job is about."""
    text: str | None = None
    """Found in title, kind, id, what it is about, progress message or error, case ignored."""
    created_since: datetime | None = None
    """Created then or later; a time with its zone."""
    finished_before: datetime | None = None
    """Finished earlier than that; jobs that are not finished do not match."""
    keep: bool | None = None
    """Whether a cleanup leaves it alone."""


class WorkerInfo(Struct, frozen=True, kw_only=True):
    """Who runs the jobs of a store."""

    id: str
    pid: int
    started_at: datetime
    runs_jobs: bool = True
    """False for a program that owns the store for a moment only, to do what it asks itself."""


@dataclass(frozen=True)
class Page:
    """A page of jobs, newest first."""

    jobs: Sequence[JobSummary]
    next: str | None
    """Cursor of the next page: pass it as `after`."""


@dataclass(frozen=True)
class Changes:
    """What changed since a position of the change counter."""

    position: int
    changed: Sequence[JobSummary]
    deleted: Sequence[str]


@dataclass(frozen=True)
class Report:
    """Progress of a running job that is not in its file yet."""

    revision: int
    """Of the file that it comes on top of: a file with a higher one has it, or something newer."""
    percent: float
    message: str


class Store(Protocol):
    """Keeps jobs, their journals and the requests about them."""

    # Jobs ------------------------------------------------------------------------------------------------------

    def create(self, job: Job) -> None:
        """Keep a new job, durably. Raises JobExists, StorageProblem."""
        ...

    def read(self, job_id: str) -> Job:
        """The job as last committed. Raises JobNotFound, JobDamaged, JobIsNewer, StorageProblem."""
        ...

    def commit(self, job: Job, *, durable: bool = True) -> None:
        """Replace a job, all or nothing; only the owner may. Raises StorageProblem."""
        ...

    def begin(self, job: Job) -> None:
        """Take a job as started, quicker than `commit` does it; only the owner may, and commits it soon.

        Should the owner die before, `active` gives the next one the job as it was begun; others may see it as it was
        committed last. Need not survive a power cut. Raises StorageProblem, and then the job has not begun.
        """
        ...

    def remove(self, job_id: str) -> None:
        """Delete job and journal; only the owner may. An unknown id is no error."""
        ...

    def find(self, where: Filter, *, limit: int, after: str | None = None) -> Page:
        """A page of the jobs that match."""
        ...

    def counts(self) -> dict[JobStatus, int]:
        """How many jobs there are of each status."""
        ...

    def changes(self, since: int) -> Changes:
        """All changes after a position; `since=-1` tells only the present position."""
        ...

    def arrivals(self, since: int) -> Changes:
        """The pending jobs among the changes after a position: all that were created, but for those of `requests`."""
        ...

    def size(self, job_id: str) -> int:
        """Bytes that job and journal take."""
        ...

    def reserve(self, key: str, job_id: str) -> str:
        """Bind an idempotency key to a job, durably, unless it is bound; returns the id it is bound to."""
        ...

    def holder(self, key: str) -> str | None:
        """The id of the job that an idempotency key is bound to, whether or not there is one of it; None if free."""
        ...

    def release(self, key: str) -> None:
        """Make an idempotency key free again."""
        ...

    # Journal ---------------------------------------------------------------------------------------------------

    def steps(self, job_id: str) -> list[Step]:
        """The recorded steps that are whole."""
        ...

    def append(self, job_id: str, step: Step) -> None:
        """Record a step, durably. Raises StorageProblem, and then nothing was recorded."""
        ...

    def repair(self, job: Job) -> list[Step]:
        """Cut a torn end off the journal, set a damaged one aside, and return the good steps; only the owner may."""
        ...

    def forget_steps(self, job_id: str) -> None:
        """Empty the journal; only the owner may."""
        ...

    # Values worth seeing at once and not worth keeping -----------------------------------------------------------

    def publish(self, job_id: str, values: Mapping[str, Any]) -> None:
        """Show values of a running job; an empty mapping takes them away."""
        ...

    def published(self, job_id: str) -> dict[str, Any]:
        """The values shown last."""
        ...

    # Small notes ------------------------------------------------------------------------------------------------

    def remember(self, name: str, value: Any) -> None:
        """Keep a JSON value under a name, durably; owner only. Raises StorageProblem."""
        ...

    def recall(self, name: str) -> Any:
        """The value kept under a name; None if there is none that can be read."""
        ...

    # Requests --------------------------------------------------------------------------------------------------

    def ask(self, request: Request) -> None:
        """Leave a request for the owner; the same one twice is one."""
        ...

    def requests(self) -> list[Request]:
        """The open requests, oldest first."""
        ...

    def settle(self, request: Request) -> None:
        """Take a request away: its effect is durable, or it has none."""
        ...

    def is_open(self, request: Request) -> bool:
        """Whether the request still waits."""
        ...

    # Ownership and waking ----------------------------------------------------------------------------------------

    def own(self, worker: WorkerInfo) -> bool:
        """Become the one writer of existing jobs, for as long as this process lives or until `disown`."""
        ...

    def disown(self) -> None:
        """Let another process become the owner."""
        ...

    def attend(self) -> Callable[[], None]:
        """Say that a program is here that needs a worker; returns how to leave; the process's end leaves too."""
        ...

    def is_attended(self) -> bool:
        """Whether any program needs a worker."""
        ...

    def still_owns(self) -> bool:
        """Whether no second owner is possible: false when somebody removed the lock from under the owner."""
        ...

    def set_aside(self, job_id: str, reason: str) -> None:
        """Move a damaged job out of the way, keeping it as it is; owner only."""
        ...

    def owner(self) -> WorkerInfo | None:
        """The worker that owns the store now, in whichever process; None when nobody does."""
        ...

    def active(self) -> list[Job]:
        """Every pending or running job, just begun ones too, for an owner that starts; damaged files are set aside."""
        ...

    def differences(self) -> Iterator[list[str]]:
        """Compare the index with the truth: ids of jobs it does not know as they are, after each portion, perhaps none.

        Changes no job, so that jobs may run beside it. Owner only.
        """
        ...

    def inspect(self, job_ids: Iterable[str]) -> list[Job]:
        """Note in the index what these jobs are like now; returns those that can be read. Owner only."""
        ...

    def doubts(self) -> bool:
        """Whether some job could not be looked at, so that another comparison is wanted soon."""
        ...

    def ring(self, job_id: str, report: Report | None = None) -> None:
        """Tell everybody who listens that something about the job changed; a hint that may get lost."""
        ...

    def wake(self, job_id: str) -> None:
        """The same, and tell the owner that there is something to do."""
        ...

    def listen(self, heard: Callable[[str, Report | None], None]) -> Callable[[], None]:
        """Call `heard(job_id, report)`, in some thread, at each ring; returns how to stop. Needs a running loop."""
        ...

    def attend_to(self, woken: Callable[[], None]) -> Callable[[], None]:
        """Call `woken()`, in some thread, when the owner has something to do; the same otherwise."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
