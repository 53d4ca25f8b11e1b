"""The shapes that the job API answers with."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from longtake.job import Job, JobStatus, JobSummary, Step, summarise
from longtake.requests import Edit
from longtake.store import Filter, Page


class _View(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class JobSummaryView(_View):
    """A job without its arguments, result and attempts."""

    job_id: str = Field(validation_alias="id")
    kind: str
    title: str
    tags: list[str]
    about: list[str] = Field(description="What it is about, as its kind tells; nobody edits it.")
    status: JobStatus
    progress: float = Field(description="Percent, 0 to 100.")
    progress_message: str
    error: str | None
    priority: int
    created_at: datetime
    run_at: datetime | None = Field(description="Not before this time.")
    started_at: datetime | None
    finished_at: datetime | None
    cancel_requested: bool
    steps: int = Field(description="How many steps are recorded.")
    keep: bool = Field(description="A cleanup leaves it alone.")
    revision: int = Field(description="Grows with each change: of two views the higher one is newer.")


class SleepView(_View):
    """A time in which the computer slept while a job ran."""

    woke_at: datetime
    seconds: float


class AttemptView(_View):
    """One go at a job."""

    number: int
    worker: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    error: str | None
    steps: int = Field(description="Length of the journal when it ended.")
    sleeps: list[SleepView] = Field(description="When the computer slept in it, oldest first; the latest 20.")


class JobView(JobSummaryView):
    """A whole job."""

    args: dict[str, Any]
    result: Any
    attempts: list[AttemptView]


class JobList(BaseModel):
    """A page of jobs, newest first."""

    jobs: list[JobSummaryView]
    next: str | None = Field(description="Cursor of the next page: pass it as `after`.")
    counts: dict[JobStatus, int] = Field(description="All jobs by status, whatever the filter.")


class StepView(_View):
    """A recorded step."""

    number: int
    name: str
    value: Any
    finished_at: datetime


class StepList(BaseModel):
    """The journal of a job, and what it shows for the moment."""

    steps: list[StepView]
    live: dict[str, Any] = Field(description="Values that the running handler shows and does not keep.")


class JobChanges(BaseModel):
    """What to change in a job; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(default="", max_length=500)
    tags: list[str] = Field(default=[], max_length=50)
    keep: bool = False
    priority: int = Field(default=0, ge=-1000, le=1000)
    run_at: AwareDatetime | None = None

    def edit(self) -> Edit:
        """The same for the queue."""
        return Edit(**self.model_dump(exclude_unset=True))


class JobFilter(BaseModel):
    """Which jobs; what is left out does not restrict."""

    model_config = ConfigDict(extra="forbid")

    status: list[JobStatus] = []
    kind: str | None = None
    tag: str | None = None
    about: str | None = Field(default=None, description="A word that tells what a job is about.")
    q: str | None = Field(default=None, max_length=200, description="Found in title, kind, id, about, message, error.")
    since: AwareDatetime | None = Field(default=None, description="Created then or later.")

    def where(self) -> Filter:
        """The same for the store."""
        return Filter(
            status=tuple(self.status),
            kind=self.kind,
            tag=self.tag,
            about=self.about,
            text=self.q,
            created_since=self.since,
        )


class BulkRequest(BaseModel):
    """What to do with every job that matches."""

    model_config = ConfigDict(extra="forbid")

    action: Literal["cancel", "retry", "delete", "edit"]
    filter: JobFilter = JobFilter()
    changes: JobChanges = Field(default_factory=JobChanges, description="What `edit` changes in each.")
    dry_run: bool = Field(default=False, description="Only count.")

    @model_validator(mode="after")
    def _changes_belong_to_edit(self) -> Self:
        if (self.action == "edit") != bool(self.changes.model_fields_set):
            raise ValueError("changes are needed with the action edit, and with no other.")
        return self


class BulkView(BaseModel):
    """How many jobs it was done with, or would be."""

    jobs: int


class CleanupView(BaseModel):
    """What a cleanup deleted, or would delete."""

    jobs: int
    bytes: int
    dry_run: bool


class ProblemView(BaseModel):
    """An error (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = Field(description="What happened and what to do, for people.")


def whole(job: Job) -> JobView:
    """The view of a job."""
    return JobView.model_validate(job)


def short(job: Job | JobSummary) -> JobSummaryView:
    """The view of a job in lists and events."""
    return JobSummaryView.model_validate(summarise(job) if isinstance(job, Job) else job)


def page(found: Page, counts: dict[JobStatus, int]) -> JobList:
    """The view of a page."""
    return JobList(jobs=[short(job) for job in found.jobs], next=found.next, counts=counts)


def journal(steps: list[Step], live: dict[str, Any]) -> StepList:
    """The view of a journal."""
    return StepList(steps=[StepView.model_validate(step) for step in steps], live=live)
