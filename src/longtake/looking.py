"""Looking at the jobs of a queue, from any process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

from longtake.disk import on_disk
from longtake.errors import JobCancelled, JobFailed, LongtakeError
from longtake.feed import Feed
from longtake.job import Job, JobStatus, JobSummary, Step
from longtake.recorded import finished, kept_values, latest
from longtake.store import Filter, Page, Store, WorkerInfo

_AT_ONCE = 1000


class Looking:
    """The part of a JobQueue that changes nothing."""

    store: Store
    feed: Feed

    async def get(self, job_id: str) -> Job:
        """The job as it is now. Raises JobNotFound, JobDamaged."""
        return self.feed.latest(await on_disk(self.store.read, job_id))

    async def find(
        self,
        *,
        status: JobStatus | str | Sequence[JobStatus | str] = (),
        kind: str | None = None,
        tag: str | None = None,
        about: str | None = None,
        text: str | None = None,
        since: datetime | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> Page:
        """A page of jobs, newest first; see `Filter`. `after` is the `next` of the page before."""
        wanted = (status,) if isinstance(status, str) else status
        statuses = tuple(JobStatus(s) for s in wanted)
        where = Filter(status=statuses, kind=kind, tag=tag, about=about, text=text, created_since=since)
        return await on_disk(self.store.find, where, limit=limit, after=after)

    async def matching(self, where: Filter, *, limit: int | None = None) -> AsyncIterator[JobSummary]:
        """Every job that matches, newest first; at most `limit`."""
        cursor: str | None = None
        left = limit
        while left is None or left > 0:
            at_once = _AT_ONCE if left is None else min(_AT_ONCE, left)
            page = await on_disk(self.store.find, where, limit=at_once, after=cursor)
            for job in page.jobs:
                yield job
            cursor = page.next
            if cursor is None:
                return
            left = None if left is None else left - len(page.jobs)

    async def counts(self) -> dict[JobStatus, int]:
        """How many jobs there are of each status."""
        return await on_disk(self.store.counts)

    async def steps(self, job_id: str) -> list[Step]:
        """The steps that are done, also while the job runs. Raises JobNotFound."""
        await self.get(job_id)
        return finished(await on_disk(self.store.steps, job_id))

    async def kept(self, job_id: str) -> dict[str, Any]:
        """What the handler keeps for later attempts (`job.keep`), by name. Raises JobNotFound."""
        await self.get(job_id)
        return kept_values(latest(await on_disk(self.store.steps, job_id)))

    async def watch(self, job_id: str) -> AsyncIterator[Job]:
        """The job now and after each change, until it is finished. Raises JobNotFound, also when it is deleted."""
        with self.feed.subscribe(job_id) as changes:
            job = await self.get(job_id)
            yield job
            while not job.status.is_final and not changes.closed:
                await on_disk(self._ensure_worker)
                await changes.take(1.0)
                newer = await self.get(job_id)
                if newer != job:
                    job = newer
                    yield job

    async def result(self, job_id: str, timeout: float | None = None) -> Any:  # noqa: ASYNC109 (as asyncio.wait_for)
        """Wait for the job and return its result.

        Raises:
            JobFailed: with the job's error. JobCancelled. TimeoutError: the job goes on.
        """
        job = await self.get(job_id)
        async with asyncio.timeout(timeout):
            async for job in self.watch(job_id):  # noqa: B007 (the last one counts)
                pass
        if job.status is JobStatus.FAILED:
            raise JobFailed(job.error or "It failed.")
        if job.status is JobStatus.CANCELLED:
            raise JobCancelled(f"Job {job_id} was cancelled.")
        if not job.status.is_final:
            raise LongtakeError(f"This program stops waiting because it ends; job {job_id} goes on.")
        return job.result

    def worker(self) -> WorkerInfo | None:
        """The worker that is alive now, in whichever process."""
        owner = self.store.owner()
        return owner if owner is not None and owner.runs_jobs else None

    def _ensure_worker(self) -> None:
        """Whoever waits for a job needs somebody who runs it."""
        raise NotImplementedError
