"""Sends the notifications of jobs beside everything else that a worker does."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

from longtake import lifecycle
from longtake.disk import on_disk
from longtake.errors import JobDamaged, JobIsNewer, JobNotFound, StorageProblem
from longtake.notifications import Notifications
from longtake.store import Request, Store

log = logging.getLogger("longtake")


@dataclass(frozen=True)
class Told:
    """Which end of a job was told, and what came of it."""

    finished_at: datetime | None
    results: dict[str, str]


class Telling:
    """The messages that are on their way."""

    def __init__(self, store: Store, notifications: Notifications) -> None:
        self._store = store
        self._notifications = notifications
        self._sending: dict[str, asyncio.Task[Told | None]] = {}

    async def go_on(self, request: Request) -> None:
        """Send a job's notifications, without waiting; at a later call, note what came of them and settle the request.

        Only while nobody else writes the job.
        """
        sending = self._sending.get(request.job_id)
        if sending is None:
            self._sending[request.job_id] = asyncio.ensure_future(self._send(request.job_id))
        elif sending.done():
            del self._sending[request.job_id]
            await on_disk(self._note, request, sending.result())

    async def stop(self) -> None:
        """Give up what is not sent yet; its requests stay."""
        for sending in self._sending.values():
            sending.cancel()
        await asyncio.gather(*self._sending.values(), return_exceptions=True)

    async def _send(self, job_id: str) -> Told | None:
        try:
            job = await on_disk(self._store.read, job_id)
            if not job.status.is_final or job.notified:
                return None
            return Told(job.finished_at, await self._notifications.tell(job))
        except (JobNotFound, JobDamaged, JobIsNewer, StorageProblem) as error:
            log.warning("Notifications of job %s: %s", job_id, error)
            return None
        finally:
            self._store.wake(job_id)

    def _note(self, request: Request, told: Told | None) -> None:
        if told is not None:
            job = self._store.read(request.job_id)
            if job.status.is_final and job.finished_at != told.finished_at:
                return  # it ran again meanwhile: that end is to be told as well
            if job.status.is_final:
                self._store.commit(lifecycle.note_notified(job, told.results))
        self._store.settle(request)
        self._store.ring(request.job_id)
