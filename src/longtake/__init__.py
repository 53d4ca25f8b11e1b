"""Background jobs as JSON files on disk: they survive restarts, kill -9, sleep and network loss."""

from longtake.context import JobContext
from longtake.errors import (
    InvalidArgs,
    InvalidTransition,
    JobCancelled,
    JobDamaged,
    JobFailed,
    JobIsNewer,
    JobNotFound,
    LongtakeError,
    NotJson,
    NotPossibleNow,
    PermanentError,
    QueueFull,
    RetryAfter,
    StepFailed,
    StepNameUsed,
    StorageProblem,
    UnknownKind,
)
from longtake.handles import JobKind
from longtake.job import Attempt, Job, JobStatus, JobSummary, Sleep, Step
from longtake.queue import JobQueue
from longtake.requests import Edit
from longtake.retries import RetryPolicy
from longtake.store import Filter, Page, WorkerInfo
from longtake.sweeping import Cleanup
from longtake.work import WorkerOptions

__version__ = "0.1.0"

__all__ = [
    "Attempt",
    "Cleanup",
    "Edit",
    "Filter",
    "InvalidArgs",
    "InvalidTransition",
    "Job",
    "JobCancelled",
    "JobContext",
    "JobDamaged",
    "JobFailed",
    "JobIsNewer",
    "JobKind",
    "JobNotFound",
    "JobQueue",
    "JobStatus",
    "JobSummary",
    "LongtakeError",
    "NotJson",
    "NotPossibleNow",
    "Page",
    "PermanentError",
    "QueueFull",
    "RetryAfter",
    "RetryPolicy",
    "Sleep",
    "Step",
    "StepFailed",
    "StepNameUsed",
    "StorageProblem",
    "UnknownKind",
    "WorkerInfo",
    "WorkerOptions",
]
