"""What a job is: frozen data, read from and written to `<id>.json`. Rules live in `lifecycle.py`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta, Struct

SCHEMA = 1
"""Version of the job file's shape; a file with a higher number is shown, never written."""

Moment = Annotated[datetime, Meta(tz=True)]
"""A time with its zone."""
Count = Annotated[int, Meta(ge=0, le=2**53)]
"""A number that every reader of JSON, and SQLite, holds exactly."""
Priority = Annotated[int, Meta(ge=-1_000_000, le=1_000_000)]
Percent = Annotated[float, Meta(ge=0, le=100)]


class JobStatus(StrEnum):
    """Where a job is in its life; `lifecycle.TRANSITIONS` says what leads where."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether the job stays as it is until a person asks for more."""
        return self in {JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED}


class Sleep(Struct, frozen=True, kw_only=True):
    """A time in which the computer slept while a job ran."""

    woke_at: Moment
    seconds: Annotated[float, Meta(ge=0)]


class Attempt(Struct, frozen=True, kw_only=True):
    """One go at a job by one worker."""

    number: Count
    """Grows by one with each attempt and is never used twice: what an attempt that is over writes is refused."""
    worker: str
    """Which worker: its process id and some random letters."""
    started_at: Moment
    ended_at: Moment | None = None
    outcome: str | None = None
    """The event that ended it: completed, failed, retried, interrupted or cancelled."""
    error: str | None = None
    """Why, where it was not completed."""
    steps: Count = 0
    """Length of the journal when it ended; while it runs, when it began."""
    sleeps: tuple[Sleep, ...] = ()
    """When the computer slept in it, oldest first; only the latest are kept."""
    unknown: dict[str, Any] = {}
    """Members of the file that this version does not know; kept when the file is rewritten."""


class Step(Struct, frozen=True, kw_only=True):
    """A finished part of a handler: one line of the journal."""

    number: Count
    """1 for the first line of the journal, then one more each."""
    name: str
    args: str
    """Hash of the arguments: the value is reused only for the same name and the same arguments."""
    value: Any
    finished_at: Moment


class Job(Struct, frozen=True, kw_only=True):
    """A piece of long work: what was asked, where it stands, what came out."""

    id: str
    """26 lower-case letters and digits that sort by the time of creation."""
    kind: str
    """Which handler runs it."""
    title: str = ""
    """What people see."""
    tags: tuple[str, ...] = ()
    """Words to find it by."""
    about: tuple[str, ...] = ()
    """What it is about, by the argument that its kind names for that; found by it too."""
    status: JobStatus = JobStatus.PENDING
    progress: Percent = 0.0
    """Percent, 0 to 100; never goes back within an attempt; 100 when completed."""
    progress_message: str = ""
    """What the handler said last."""
    args: dict[str, Any] = {}
    """What the handler gets."""
    result: Any = None
    """What the handler returned, as JSON."""
    error: str | None = None
    """Why the job failed, or why its last attempt did while another is due."""
    priority: Priority = 0
    """Higher first; each point weighs as much as ten minutes of waiting."""
    keep: bool = False
    """A cleanup leaves it alone."""
    notify: tuple[str, ...] = ()
    """Names of the targets that are told when the job is finished."""
    notified: dict[str, str] = {}
    """What came of that, for each target: "sent", or why not."""
    key: str | None = None
    """Idempotency key: a second submit with it answers this job."""
    created_at: Moment
    run_at: Moment | None = None
    """Not before this time; set by the submitter, or by a retry that waits."""
    started_at: Moment | None = None
    """When the first attempt began."""
    finished_at: Moment | None = None
    cancel_requested: bool = False
    """A running job was asked to stop and has not stopped yet."""
    failures: Count = 0
    """Attempts that failed since the job was submitted or retried by a person; interruptions do not count."""
    deaths: Count = 0
    """Workers in a row that died in the job without recording a step."""
    steps: Count = 0
    """Lines of the journal when this file was written: a shorter journal has lost something."""
    attempts: tuple[Attempt, ...] = ()
    """The latest attempts, oldest first; older ones are dropped, numbers go on."""
    revision: Count = 1
    """One more with each change: of two views of a job the higher one is newer."""
    schema: int = SCHEMA
    unknown: dict[str, Any] = {}
    """Members of the file that this version does not know; kept when the file is rewritten."""


class JobSummary(Struct, frozen=True, kw_only=True):
    """A job without what may be large: for lists and live updates."""

    id: str
    kind: str
    title: str
    tags: tuple[str, ...]
    status: JobStatus
    progress: Percent
    progress_message: str
    error: str | None
    priority: Priority
    created_at: Moment
    run_at: Moment | None
    started_at: Moment | None
    finished_at: Moment | None
    cancel_requested: bool
    steps: Count
    revision: Count
    keep: bool = False
    about: tuple[str, ...] = ()


def summarise(job: Job) -> JobSummary:
    """The summary of a job."""
    return JobSummary(**{name: getattr(job, name) for name in JobSummary.__struct_fields__})
