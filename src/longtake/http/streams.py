"""Changes of jobs as events: whole views, so that a client that missed some misses nothing."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from longtake import feed
from longtake.disk import on_disk
from longtake.errors import JobDamaged, JobIsNewer, JobNotFound
from longtake.feed import Subscription
from longtake.http.views import short, whole
from longtake.queue import JobQueue

HEARTBEAT = 10.0
"""Seconds of silence after which the stream says that it lives: a named event, because comments are invisible."""
GATHER = 0.005
"""Seconds in which changes of one job become one event."""


@dataclass(frozen=True)
class Event:
    """One message of a stream."""

    name: str
    id: str
    """`<boot>:<position>`: what a client that comes back says that it has seen."""
    data: str
    """A JSON document on one line."""


class Streams:
    """Makes the event streams of one server."""

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue
        self._boot = secrets.token_hex(4)

    async def all_jobs(self, changes: Subscription, last_event_id: str | None) -> AsyncGenerator[Event]:
        """Every change of every job."""
        async for event in self._missed(last_event_id):
            yield event
        while not changes.closed:
            position = await self._position()
            ids = await changes.take(HEARTBEAT)
            if changes.were_too_many():
                yield self._event("reset", position)
            elif not ids and not changes.closed:
                yield self._heartbeat(position)
            for job_id in ids:
                yield await self._now(job_id, position, complete=False)
            await asyncio.sleep(GATHER)

    async def one_job(self, changes: Subscription, job_id: str) -> AsyncGenerator[Event]:
        """Every change of one job, its present state first."""
        event = await self._now(job_id, await self._position(), complete=True)
        yield event
        while not changes.closed and event.name != "deleted":
            position = await self._position()
            if await changes.take(HEARTBEAT):
                event = await self._now(job_id, position, complete=True)
                yield event
            elif not changes.closed:
                yield self._heartbeat(position)
            await asyncio.sleep(GATHER)

    async def _missed(self, last_event_id: str | None) -> AsyncGenerator[Event]:
        """What a client that comes back has not seen, or that it has to load everything anew."""
        position = await self._position()
        since = self._since(last_event_id)
        if since is None or since > position:
            yield self._event("reset", position)
            return
        missed = await on_disk(self._queue.store.changes, since)
        if len(missed.changed) + len(missed.deleted) > feed.MOST:
            yield self._event("reset", position)
            return
        for job in missed.changed:
            yield self._event("job", position, short(job).model_dump_json())
        for job_id in missed.deleted:
            yield self._deleted(job_id, position)

    async def _now(self, job_id: str, position: int, *, complete: bool) -> Event:
        try:
            job = await self._queue.get(job_id)
        except (JobNotFound, JobDamaged, JobIsNewer):
            return self._deleted(job_id, position)
        return self._event("job", position, (whole if complete else short)(job).model_dump_json())

    async def _position(self) -> int:
        return (await on_disk(self._queue.store.changes, -1)).position

    def _heartbeat(self, position: int) -> Event:
        return self._event("heartbeat", position, msgspec.json.encode({"at": datetime.now(UTC)}).decode())

    def _deleted(self, job_id: str, position: int) -> Event:
        return self._event("deleted", position, msgspec.json.encode({"job_id": job_id}).decode())

    def _event(self, name: str, position: int, data: str = "{}") -> Event:
        return Event(name, f"{self._boot}:{position}", data)

    def _since(self, last_event_id: str | None) -> int | None:
        boot, _, position = (last_event_id or "").partition(":")
        return int(position) if boot == self._boot and position.isdecimal() else None
