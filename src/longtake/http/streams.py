"""Changes of jobs as server-sent events: whole views, so that a client that missed some misses nothing."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from fastapi.sse import ServerSentEvent

from longtake.disk import on_disk
from longtake.errors import JobDamaged, JobIsNewer, JobNotFound
from longtake.feed import Subscription
from longtake.http.views import short, whole
from longtake.queue import JobQueue

HEARTBEAT = 10.0
"""Seconds of silence after which the stream says that it lives: a named event, because comments are invisible."""
GATHER = 0.02
"""Seconds in which changes of one job become one event."""


class Streams:
    """Makes the event streams of one server; event ids are `<boot>:<position>`."""

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue
        self._boot = secrets.token_hex(4)

    async def all_jobs(self, changes: Subscription, last_event_id: str | None) -> AsyncIterator[ServerSentEvent]:
        """Every change of every job."""
        position = await self._position()
        since = self._since(last_event_id)
        if since is None or since > position:
            yield self._event("reset", {}, position)
        else:
            missed = await on_disk(self._queue.store.changes, since)
            for job in missed.changed:
                yield self._event("job", short(job).model_dump(mode="json"), position)
            for job_id in missed.deleted:
                yield self._event("deleted", {"job_id": job_id}, position)
        while not changes.closed:
            position = await self._position()
            ids = await changes.take(HEARTBEAT)
            if not ids and not changes.closed:
                yield self._event("heartbeat", {"at": datetime.now(UTC).isoformat()}, position)
            for job_id in ids:
                yield await self._now(job_id, position, complete=False)
            await asyncio.sleep(GATHER)

    async def one_job(self, changes: Subscription, job_id: str) -> AsyncIterator[ServerSentEvent]:
        """Every change of one job, its present state first."""
        event = await self._now(job_id, await self._position(), complete=True)
        yield event
        while not changes.closed and event.event != "deleted":
            position = await self._position()
            if await changes.take(HEARTBEAT):
                event = await self._now(job_id, position, complete=True)
                yield event
            elif not changes.closed:
                yield self._event("heartbeat", {"at": datetime.now(UTC).isoformat()}, position)
            await asyncio.sleep(GATHER)

    async def _now(self, job_id: str, position: int, *, complete: bool) -> ServerSentEvent:
        try:
            job = await self._queue.get(job_id)
        except (JobNotFound, JobDamaged, JobIsNewer):
            return self._event("deleted", {"job_id": job_id}, position)
        view = whole(job) if complete else short(job)
        return self._event("job", view.model_dump(mode="json"), position)

    async def _position(self) -> int:
        return (await on_disk(self._queue.store.changes, -1)).position

    def _event(self, name: str, data: object, position: int) -> ServerSentEvent:
        return ServerSentEvent(event=name, data=data, id=f"{self._boot}:{position}", retry=1000)

    def _since(self, last_event_id: str | None) -> int | None:
        boot, _, position = (last_event_id or "").partition(":")
        return int(position) if boot == self._boot and position.isdecimal() else None
