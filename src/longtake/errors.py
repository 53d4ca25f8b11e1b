"""Every error of the library.

LongtakeError
├── JobNotFound            no job of this id (also a LookupError)
├── JobExists              a job of this id is there already
├── JobDamaged             its file cannot be trusted; it is, or will be, in quarantine/
├── JobIsNewer             its file was written by a newer version: shown, never written
├── NotPossibleNow         what was asked cannot be done now, mostly for the job's status
│   ├── InvalidTransition  … by the transition table
│   ├── AttemptOver        a report from an attempt that is over
│   └── QueueFull          as many jobs wait as may
├── InvalidArgs            the arguments do not fit the handler (also a ValueError)
│   ├── UnknownKind        no handler of this name
│   └── NotJson            a value that JSON cannot hold (also a TypeError)
├── StepNameUsed           one name for two steps of a job
├── StepFailed             a blocking function failed in its child process
├── JobFailed              `result()` of a job that failed
├── JobCancelled           `result()` of a job that was cancelled
├── StorageProblem         the disk did not take it (also an OSError): nothing was acknowledged
│   └── StorageRefused     the folder is not fit to hold jobs
└── for handlers to raise
    ├── PermanentError     do not try again
    └── RetryAfter         try again after so many seconds
"""

from __future__ import annotations


class LongtakeError(Exception):
    """Root of all errors of the library."""


class JobNotFound(LongtakeError, LookupError):
    """There is no job of this id."""

    def __init__(self, job_id: str) -> None:
        super().__init__(f"There is no job {job_id}: it was deleted, or it is in another jobs folder.")


class JobExists(LongtakeError):
    """A job of this id is there already."""


class JobDamaged(LongtakeError):
    """The job's file cannot be trusted."""

    def __init__(self, job_id: str, reason: str) -> None:
        self.job_id = job_id
        self.reason = reason
        super().__init__(f"The file of job {job_id} is damaged ({reason}). It is kept in quarantine/.")


class JobIsNewer(LongtakeError):
    """The job's file was written by a newer version of longtake."""


class NotPossibleNow(LongtakeError):
    """What was asked cannot be done now, mostly for the job's status."""


class InvalidTransition(NotPossibleNow):
    """The transition table does not allow this."""

    def __init__(self, job_id: str, status: str, event: str) -> None:
        self.status = status
        super().__init__(f"Job {job_id} is {status}: it cannot be {_FOR_PEOPLE.get(event, event)}.")


_FOR_PEOPLE = {"requeued": "retried"}


class AttemptOver(NotPossibleNow):
    """A report from an attempt that is over; the job went on without it."""

    def __init__(self, job_id: str, attempt: int) -> None:
        super().__init__(f"Attempt {attempt} of job {job_id} is over: what it reports is not taken.")


class QueueFull(NotPossibleNow):
    """As many jobs wait as may."""

    try_again_after = 60
    """Seconds."""

    def __init__(self, waiting: int, most: int) -> None:
        waits = "1 job waits" if waiting == 1 else f"{waiting} jobs wait"
        super().__init__(f"{waits}, and at most {most} may: try again when some are done, or cancel some.")


class InvalidArgs(LongtakeError, ValueError):
    """The arguments do not fit the handler."""


class UnknownKind(InvalidArgs):
    """No handler is registered under this name."""


class NotJson(InvalidArgs, TypeError):
    """A value that JSON cannot hold."""


class StepNameUsed(LongtakeError):
    """One name was used for two steps of a job."""


class StepFailed(LongtakeError):
    """A blocking function failed in its child process; the message names the original error."""

    def __init__(self, message: str, *, permanent: bool = False, retry_after: float | None = None) -> None:
        self.permanent = permanent
        self.retry_after = retry_after
        super().__init__(message)


class JobFailed(LongtakeError):
    """The job failed; the message is its error."""


class JobCancelled(LongtakeError):
    """The job was cancelled."""


class StorageProblem(LongtakeError, OSError):
    """The disk did not take it; nothing was acknowledged."""


class StorageRefused(StorageProblem):
    """The folder is not fit to hold jobs; the message says why."""


class PermanentError(LongtakeError):
    """Raised by a handler or step: another try would fail the same way."""


class RetryAfter(LongtakeError):
    """Raised by a handler or step: try again, not before `seconds` have passed."""

    def __init__(self, seconds: float, message: str = "") -> None:
        self.seconds = seconds
        super().__init__(message or f"asked to wait {seconds:g} s")


LONGEST_ERROR = 4000
"""Characters of an error that a job keeps; the log has it whole."""


def words_of(error: Exception) -> str:
    """An error as the job keeps it: ours say all there is to say, others with their type."""
    name = type(error).__name__
    try:
        words = str(error)
    except Exception:  # noqa: BLE001 (an error whose own words fail is an error all the same)
        return name
    if not words:
        return name
    text = words if isinstance(error, (LongtakeError, TimeoutError)) else f"{name}: {words}"
    return text if len(text) <= LONGEST_ERROR else f"{text[:LONGEST_ERROR]}…"
