"""The file of a running job, kept true: one change after the other, and what is reported now and then."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from longtake import lifecycle
from longtake.disk import on_disk
from longtake.errors import StorageProblem
from longtake.insisting import until_stored
from longtake.job import Job, JobStatus, Sleep
from longtake.pacing import Paced
from longtake.store import Report, Store

log = logging.getLogger("longtake")

SECONDS_BETWEEN_REPORTS = 0.25
"""Between two writes of progress to the job file."""
SECONDS_BETWEEN_RINGS = 0.01
"""Between two rings that tell progress to those who watch."""


class JobFile:
    """Of a job that has begun: its only writer. That it runs, how far it is, nobody has to wait for."""

    def __init__(self, store: Store, begun: Job) -> None:
        self.job = begun
        """The job as it was written last."""
        self._store = store
        self._attempt = begun.attempts[-1].number
        self._is_written = False
        self._lock = asyncio.Lock()
        self.steps = begun.steps
        """Lines of the journal."""
        self._reported: tuple[float, str | None] | None = None
        self._sleeps: list[Sleep] = []
        self._published: dict[str, Any] = {}
        self._shows_values = False
        self._is_behind = False
        """Whether the disk refused what was to be flushed last."""
        self._revision = begun.revision
        """Of the file as it is, or is being written."""
        self._telling = Paced(self._tell, SECONDS_BETWEEN_RINGS)
        self._flushing = Paced(self._flush, SECONDS_BETWEEN_REPORTS)

    def flush(self) -> None:
        """Have what is new written soon."""
        self._flushing.want()

    def report(self, percent: float, message: str | None) -> None:
        """Note progress: told at once to those who watch, written within a quarter of a second, unsynced."""
        if self._reported is not None and message is None:
            message = self._reported[1]
        self._reported = (percent, message)
        self._telling.want()
        self._flushing.want()

    def publish(self, name: str, value: Any) -> None:
        """Show or take away a live value within a quarter of a second."""
        self._published[name] = value
        self._flushing.want()

    def slept(self, sleep: Sleep) -> None:
        """Note that the computer has slept."""
        self._sleeps.append(sleep)
        self._flushing.want()

    async def change(self, rule: Callable[[Job], Job], *, insist: bool = True) -> None:
        """Write the job as the rule makes it of what is known now, durably, however long the disk takes to have room.

        Raises:
            StorageProblem: the disk refused, and the call does not insist. Whatever the rule raises.
        """
        async with self._lock:
            job = rule(self._up_to_date())
            self._revision = job.revision
            if insist:
                await until_stored(self._write, job)
            else:
                await on_disk(self._write, job)
            self._written(job)

    async def stop(self) -> None:
        """Tell and flush no more, and take the live values away: only its end is still to be written."""
        await self._telling.stop()
        await self._flushing.stop()
        if self._shows_values:
            await until_stored(self._store.publish, self.job.id, {})

    # -----------------------------------------------------------------------------------------------------------

    def _up_to_date(self) -> Job:
        """The job with what was reported and recorded since it was last written."""
        job = self.job
        if job.status is not JobStatus.RUNNING:
            return job
        if self._reported is not None:
            job = lifecycle.report(job, self._attempt, *self._reported)
        job = lifecycle.note_sleeps(job, self._attempt, self._sleeps)
        if job.steps != self.steps:
            job = lifecycle.count_steps(job, self._attempt, self.steps)
        return job

    def _write(self, job: Job, *, durable: bool = True) -> None:
        self._store.commit(job, durable=durable)
        self._store.ring(job.id)

    def _written(self, job: Job) -> None:
        self.job, self._is_written = job, True

    async def _tell(self) -> None:
        if self._reported is not None:
            shown = lifecycle.report(self.job, self._attempt, *self._reported)
            report = Report(self._revision, shown.progress, shown.progress_message)
            await on_disk(self._store.ring, self.job.id, report)

    async def _flush(self) -> None:
        try:
            await self._show_values()
            await self._write_what_is_new()
        except StorageProblem as error:
            if not self._is_behind:
                log.warning("Progress of job %s is not written yet: %s", self.job.id, error)
            self._is_behind = True
            self._flushing.want()
        else:
            self._is_behind = False

    async def _show_values(self) -> None:
        if self._published or self._shows_values:
            values = {name: value for name, value in self._published.items() if value is not None}
            self._shows_values = bool(values)
            await on_disk(self._store.publish, self.job.id, values)

    async def _write_what_is_new(self) -> None:
        async with self._lock:
            job = self._up_to_date()
            if job is not self.job or not self._is_written:
                self._revision = job.revision
                await on_disk(self._write, job, durable=False)
                self._written(job)
                return
        await on_disk(self._store.ring, self.job.id)
