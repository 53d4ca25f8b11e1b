"""What changes, as it changes: one watch on the store for everybody in this process who wants to know.

Level-triggered: a subscriber learns *which* jobs changed and looks at them itself, so that a slow one misses nothing
and costs one slot a job, up to a limit. Bells make it fast; a look at the change counter each second makes it sure.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec.structs import replace

from longtake.disk import on_disk
from longtake.errors import LongtakeError
from longtake.job import Job, JobStatus
from longtake.store import Report, Store

log = logging.getLogger("longtake")

LOOK_EVERY = 1.0
MOST = 1000
"""Changed jobs that are remembered for a subscriber; of more it is only told that they were many."""


class Subscription:
    """The jobs that changed since they were last taken."""

    def __init__(self, job_id: str | None) -> None:
        self._job_id = job_id
        self._changed: dict[str, None] = {}
        self._woken = asyncio.Event()
        self._too_many = False
        self.closed = False

    def tell(self, job_id: str) -> None:
        """Note a change."""
        if self._job_id in {None, job_id}:
            self._changed[job_id] = None
            if len(self._changed) > MOST:
                self._changed.clear()
                self._too_many = True
            self._woken.set()

    def close(self) -> None:
        """Let a waiting subscriber go."""
        self.closed = True
        self._woken.set()

    async def take(self, wait: float) -> list[str]:
        """The changed jobs, waiting up to so many seconds for the first; empty when none changed or it was closed."""
        if not self._changed and not self._too_many and not self.closed:
            try:
                await asyncio.wait_for(self._woken.wait(), wait)
            except TimeoutError:
                return []
        self._woken.clear()
        changed, self._changed = list(self._changed), {}
        return changed

    def were_too_many(self) -> bool:
        """Whether so much changed that nobody remembers what: look at everything. Asked again, it is forgotten."""
        too_many, self._too_many = self._too_many, False
        return too_many


class Feed:
    """Watches a store while anybody is subscribed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._subscriptions: set[Subscription] = set()
        self._watching: asyncio.Task[None] | None = None
        self._reports: dict[str, Report] = {}

    @contextmanager
    def subscribe(self, job_id: str | None = None) -> Iterator[Subscription]:
        """Hear of one job, or of all; for use inside a running event loop."""
        subscription = Subscription(job_id)
        self._subscriptions.add(subscription)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.ensure_future(self._watch())
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    def latest(self, job: Job) -> Job:
        """The job with what has been heard of its progress and is not in its file yet."""
        report = self._reports.get(job.id)
        if report is None:
            return job
        if job.revision > report.revision or job.status is not JobStatus.RUNNING:
            del self._reports[job.id]
            return job
        return replace(job, progress=report.percent, progress_message=report.message)

    def close(self) -> None:
        """Let all subscribers go; safe to call from any place in the loop's thread."""
        for subscription in self._subscriptions:
            subscription.close()

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()

        def heard(job_id: str, report: Report | None) -> None:
            loop.call_soon_threadsafe(self._tell, job_id, report)

        silence: Callable[[], None] = self._store.listen(heard)  # at once: a cancel in between would leave it ringing
        try:
            position = (await on_disk(self._store.changes, -1)).position
            while self._subscriptions:
                try:
                    changes = await on_disk(self._store.changes, position)
                except (LongtakeError, OSError) as error:
                    log.warning("The jobs could not be looked at: %s", error)
                    await asyncio.sleep(LOOK_EVERY)
                    continue
                if changes.position < position:
                    position = -1  # the index was made anew
                    continue
                position = changes.position
                for job_id in (*(job.id for job in changes.changed), *changes.deleted):
                    self._tell(job_id)
                await asyncio.sleep(LOOK_EVERY)
        finally:
            silence()
            self._reports.clear()

    def _tell(self, job_id: str, report: Report | None = None) -> None:
        if report is not None:
            self._reports[job_id] = report
        for subscription in self._subscriptions:
            subscription.tell(job_id)
