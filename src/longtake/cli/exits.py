"""How a command ends."""

from __future__ import annotations

from enum import IntEnum

from longtake.job import JobStatus


class Exit(IntEnum):
    """What the shell is told."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    CANCELLED = 3
    TIMED_OUT = 124
    INTERRUPTED = 130


class Refused(Exception):
    """The words of a command cannot be carried out; the message says which can."""


def exit_of(status: JobStatus) -> Exit:
    """What the end of a job means for a command that waited for it."""
    return {JobStatus.FAILED: Exit.FAILED, JobStatus.CANCELLED: Exit.CANCELLED}.get(status, Exit.DONE)
