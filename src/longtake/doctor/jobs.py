"""The jobs themselves: who runs them, and whether what is known of them fits together."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

from longtake.doctor.check import Check
from longtake.errors import JobDamaged, JobIsNewer, JobNotFound
from longtake.job import JobStatus, JobSummary
from longtake.queue import JobQueue
from longtake.store import Filter, Request
from longtake.stores.folder import JobFolder

PATIENCE = 3.0
"""Seconds in which a living worker has done what it is asked."""
_AHEAD = timedelta(minutes=1)
_UNFINISHED = (JobStatus.PENDING, JobStatus.RUNNING)
_SOME = 5


def look_at_worker(queue: JobQueue, how_to_start: str) -> Check:
    """Whether somebody runs the jobs that wait."""
    worker, counts = queue.worker(), queue.store.counts()
    unfinished = sum(counts[status] for status in _UNFINISHED)
    if worker is not None:
        detail = f"Process {worker.pid} runs the jobs; {_are_unfinished(unfinished)}."
        return Check(name="Worker", ok=True, detail=detail)
    if not unfinished:
        return Check(name="Worker", ok=True, detail="None runs, and none is needed: no job waits.")
    remedy = f"{how_to_start}. If that does not help, see {queue.storage_dir}/run/worker.log."
    return Check(name="Worker", ok=False, detail=f"None runs, and {_are_unfinished(unfinished)}.", fix=remedy)


def look_at_clock(queue: JobQueue) -> Check:
    """Jobs that seem to come from the future tell of a clock that was put back."""
    now = queue.clock.now()
    newest = queue.store.find(Filter(), limit=1).jobs
    if newest and newest[0].created_at > now + _AHEAD:
        detail = f"It says {now:%Y-%m-%d %H:%M} UTC, but the newest job is from {newest[0].created_at:%Y-%m-%d %H:%M}."
        return Check(name="Clock", ok=False, detail=detail, fix="Set the computer's clock, best by network time.")
    return Check(name="Clock", ok=True, detail=f"It says {now:%Y-%m-%d %H:%M} UTC.")


def look_at_index(queue: JobQueue) -> Check:
    """Whether the list of jobs knows every file; it is a cache, so nothing is lost where it does not."""
    name = "List of jobs"
    on_disk = {job_id for job_id, _ in JobFolder(queue.storage_dir).jobs()}
    listed = {job.id for job in _all(queue, Filter())}
    unknown = [i for i in sorted(on_disk - listed) if _can_be_read(queue, i) and not _is_listed(queue, i)]
    gone = [i for i in listed - on_disk if not _can_be_read(queue, i) and _is_listed(queue, i)]
    if not unknown and not gone:
        return Check(name=name, ok=True, detail=f"It holds all {len(on_disk):,} jobs.")
    detail = f"{len(unknown)} jobs are not in it ({_few(unknown)})." if unknown else f"{len(gone)} in it are gone."
    remedy = "A worker puts it right when it starts. Or delete run/index.sqlite: it is made anew from the job files."
    return Check(name=name, ok=False, detail=detail, fix=remedy)


def look_at_journals(queue: JobQueue) -> Check:
    """Whether each unfinished job still has all the steps that it counts."""
    lost = [job.id for job in _all(queue, Filter(status=_UNFINISHED)) if _has_lost_steps(queue, job.id)]
    if not lost:
        return Check(name="Journals", ok=True, detail="No unfinished job has lost a recorded step.")
    detail = f"{len(lost)} unfinished jobs have lost recorded steps: {_few(lost)}."
    remedy = "These steps are done again. If that must not be, cancel the jobs, or put <id>.steps.jsonl back."
    return Check(name="Journals", ok=False, detail=detail, fix=remedy)


def look_at_requests(queue: JobQueue) -> Check:
    """Whether the worker does what it is asked."""
    waiting = _asked(queue)
    if waiting and queue.worker() is None:
        detail = f"{len(waiting)} wait for a worker; it does them first when it starts."
        return Check(name="Requests", ok=True, detail=detail)
    deadline = time.monotonic() + PATIENCE
    while waiting and time.monotonic() < deadline:
        time.sleep(0.05)
        waiting = [request for request in waiting if queue.store.is_open(request)]
    if not waiting:
        return Check(name="Requests", ok=True, detail="None waits.")
    detail = f"The worker has not taken {len(waiting)} in {PATIENCE:g} s."
    remedy = f"See {queue.storage_dir}/run/worker.log. Stop the worker (SIGTERM) and start it again: no job is lost."
    return Check(name="Requests", ok=False, detail=detail, fix=remedy)


def _asked(queue: JobQueue) -> list[Request]:
    """What is to be done at once; new jobs and notifications take their time."""
    return [request for request in queue.store.requests() if request.verb not in {"new", "notify"}]


def _has_lost_steps(queue: JobQueue, job_id: str) -> bool:
    try:
        counted = queue.store.read(job_id)
        if len(queue.store.steps(job_id)) >= counted.steps:
            return False
        return queue.store.read(job_id).revision == counted.revision  # else it has just been given another go
    except (JobNotFound, JobDamaged, JobIsNewer):
        return False


def _is_listed(queue: JobQueue, job_id: str) -> bool:
    return any(job.id == job_id for job in queue.store.find(Filter(text=job_id), limit=_SOME).jobs)


def _can_be_read(queue: JobQueue, job_id: str) -> bool:
    try:
        queue.store.read(job_id)
    except (JobNotFound, JobDamaged, JobIsNewer):
        return False
    return True


def _all(queue: JobQueue, where: Filter) -> Iterator[JobSummary]:
    cursor: str | None = None
    while True:
        page = queue.store.find(where, limit=1000, after=cursor)
        yield from page.jobs
        cursor = page.next
        if cursor is None:
            return


def _few(job_ids: list[str]) -> str:
    return ", ".join(job_ids[:_SOME]) + (" …" if len(job_ids) > _SOME else "")


def _are_unfinished(jobs: int) -> str:
    return "1 job is unfinished" if jobs == 1 else f"{jobs} jobs are unfinished"
