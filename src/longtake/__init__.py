"""Background jobs as JSON files on disk: they survive restarts, kill -9, sleep and network loss."""

from longtake.context import JobContext
from longtake.errors import (
    InvalidArgs,
    InvalidTransition,
    JobCancelled,
    JobDamaged,
    JobFailed,
    JobNotFound,
    LongtakeError,
    NotJson,
    NotPossibleNow,
    PermanentError,
    RetryAfter,
    StepFailed,
    StorageProblem,
    UnknownKind,
)
from longtake.job import Attempt, Job, JobStatus, JobSummary, Step
from longtake.queue import Cleanup, JobKind, JobQueue
from longtake.retries import RetryPolicy
from longtake.store import Page

__version__ = "0.1.0"

__all__ = [
    "Attempt",
    "Cleanup",
    "InvalidArgs",
    "InvalidTransition",
    "Job",
    "JobCancelled",
    "JobContext",
    "JobDamaged",
    "JobFailed",
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
    "RetryAfter",
    "RetryPolicy",
    "Step",
    "StepFailed",
    "StorageProblem",
    "UnknownKind",
]
