"""How a command ends."""

from __future__ import annotations

from enum import IntEnum

from longtake import JobStatus


class Exit(IntEnum):
    """What the shell is told."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    CANCELLED = 3
    TIMED_OUT = 124
    INTERRUPTED = 130


class Refused(Exception):
    """The words of the command cannot be carried out; the message says which others can."""


class WaitEnded(Exception):
    """Nobody waits for the job any more, and it goes on; the message says how to come back."""

    def __init__(self, code: Exit, words: str) -> None:
        super().__init__(words)
        self.code = code


def exit_of(status: JobStatus) -> Exit:
    """What a job's status means for a command that waited for it."""
    return {JobStatus.FAILED: Exit.FAILED, JobStatus.CANCELLED: Exit.CANCELLED}.get(status, Exit.DONE)
