"""Where a job that is watched is shown: a bar on a terminal, lines in a pipe, JSON for programs."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from longtake.cli.paint import cut, harmless, paint_for
from longtake.cli.printing import columns, print_json, say
from longtake.cli.times import between
from longtake.job import Job, JobStatus

_WIDTH_OF_HEAD = 38
_NARROW = 80


class Screen:
    """Shows a job each time it changes."""

    def show(self, job: Job) -> None:
        """The job as it is now."""
        raise NotImplementedError

    def draw(self) -> None:
        """Once a second: what moves without a change."""

    def end(self) -> None:
        """Leave the output as what comes next expects it."""


class JsonLines(Screen):
    """Each change as one line of JSON."""

    def show(self, job: Job) -> None:
        """One line."""
        print_json(job)


class Lines(Screen):
    """A line for each change that a person can see."""

    def __init__(self) -> None:
        self._last = ""

    def show(self, job: Job) -> None:
        """One line, or none."""
        line = f"{job.status:9} {job.progress:3.0f} %  {harmless(_words(job))}".rstrip()
        if line != self._last:
            say(line)
            sys.stdout.flush()
        self._last = line


class Bar(Screen):
    """One line that is drawn again and again; attempts that end before the job does stay above it."""

    def __init__(self) -> None:
        self._paint = paint_for(sys.stdout)
        self._job: Job | None = None
        self._told = 0

    def show(self, job: Job) -> None:
        """The bar, below what there is to tell."""
        over = [attempt for attempt in job.attempts if attempt.outcome in {"retried", "interrupted"}]
        for attempt in over if self._job is not None else ():
            if attempt.number > self._told:
                words = f"Attempt {attempt.number} {attempt.outcome}: {attempt.error}"
                sys.stdout.write(f"\r\033[K{harmless(words)}\n")
        self._told = over[-1].number if over else 0
        self._job = job
        self.draw()

    def draw(self) -> None:
        """The bar with the time as it is now."""
        job = self._job
        if job is None:
            return
        begin = job.attempts[-1].started_at if job.attempts else job.created_at
        time = between(begin, job.finished_at or datetime.now(UTC))
        steps = f"  {job.steps} steps" if job.steps else ""
        rest = f" {job.progress:3.0f} %  {time}{steps}  {harmless(_words(job))}"
        room = max(0, (columns() or _NARROW) - _WIDTH_OF_HEAD)
        head = f"{self._paint.status(job.status)} {self._paint.bar(job.status, job.progress)}"
        sys.stdout.write(f"\r\033[K{head}{cut(rest, room)}")
        sys.stdout.flush()

    def end(self) -> None:
        """A new line."""
        if self._job is not None:
            sys.stdout.write("\n")
            sys.stdout.flush()


def _words(job: Job) -> str:
    if job.status is JobStatus.FAILED:
        return job.error or ""
    if job.cancel_requested:
        return "stopping"
    if job.status is JobStatus.PENDING and job.error:
        return f"waits for another try: {job.error}"
    if job.status is JobStatus.COMPLETED:
        return job.title or job.kind
    return job.progress_message or job.title or job.kind
