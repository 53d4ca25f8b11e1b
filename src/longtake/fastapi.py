"""The whole job API for any FastAPI app, in one line: `app.include_router(job_router(job_queue))`."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from http import HTTPStatus
from types import FrameType
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Response, WebSocket
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime

from longtake.disk import on_disk
from longtake.feed import Feed
from longtake.http import views
from longtake.http.answers import EventStream
from longtake.http.dashboard import add_page
from longtake.http.origins import OwnPagesOnly
from longtake.http.problems import ProblemRoute, documented, problem
from longtake.http.sockets import send_events
from longtake.http.streams import Streams
from longtake.http.views import JobFilter, JobView
from longtake.job import JobStatus
from longtake.queue import JobQueue

__all__ = ["JobFilter", "JobView", "job_dashboard", "job_router", "job_view"]

job_view = views.whole
"""The view of a whole job, for your own routes that answer with one."""

_UNKNOWN = documented(HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_FULL = documented(HTTPStatus.TOO_MANY_REQUESTS)
_UNKNOWN_OR_NOT_NOW = documented(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.GONE)


def job_router(queue: JobQueue, *, prefix: str = "/api", origins: Sequence[str] = ()) -> APIRouter:
    """The job API of a queue: list, show, follow, cancel, retry, delete, clean up.

    While the app runs it also keeps a worker alive (in mode "auto"), and it lets open event streams go when the server
    is told to stop. Which person may call it the router does not decide: put your own dependency or middleware around
    it. It refuses what the pages of other sites send, and a Host that is neither an IP address, a name without a dot
    nor one of `origins`.

    Args:
        queue: the jobs.
        prefix: where its routes are.
        origins: such as "https://jobs.example.com": where this server is reached by a name with a dot, and whose pages
            may call it besides its own. "*" where your app itself sees to Host and Origin.

    Raises:
        ValueError: what is named is no origin.
    """
    router = APIRouter(
        prefix=prefix,
        dependencies=[Depends(OwnPagesOnly(origins))],
        tags=["jobs"],
        route_class=ProblemRoute,
        responses=documented(HTTPStatus.UNPROCESSABLE_ENTITY),
        lifespan=lambda _: _while_the_app_runs(queue),
    )
    _add_reading(router, queue)
    _add_acting(router, queue)
    _add_streams(router, queue)
    return router


def job_dashboard(queue: JobQueue, *, prefix: str = "/jobs", origins: Sequence[str] = ()) -> APIRouter:
    """A page that shows the jobs of a queue as they go: `app.include_router(job_dashboard(job_queue))`.

    It finds, cancels, retries, deletes and cleans up, one or many, and needs nothing else: its own job API is below
    its prefix. Who may open it your app decides: put your own dependency or middleware around it. What it refuses, and
    what `origins` are, is as for `job_router`.
    """
    guard = Depends(OwnPagesOnly(origins))
    router = APIRouter(prefix=prefix, include_in_schema=False, route_class=ProblemRoute, dependencies=[guard])
    router.include_router(job_router(queue, prefix=_DASHBOARD_API, origins=origins))
    add_page(router, api=_DASHBOARD_API)
    return router


_DASHBOARD_API = "/api"


def _add_reading(router: APIRouter, queue: JobQueue) -> None:
    @router.get("/jobs")
    async def list_jobs(  # noqa: PLR0917 (filters)
        status: Annotated[list[JobStatus] | None, Query()] = None,
        kind: str | None = None,
        tag: str | None = None,
        about: Annotated[str | None, Query(description="A word that tells what a job is about.")] = None,
        q: Annotated[
            str | None, Query(max_length=200, description="Found in title, kind, id, about, message, error.")
        ] = None,
        since: Annotated[AwareDatetime | None, Query(description="Created then or later.")] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        after: str | None = None,
    ) -> views.JobList:
        """The jobs, newest first, a page at a time."""
        found = await queue.find(
            status=status or (), kind=kind, tag=tag, about=about, text=q, since=since, limit=limit, after=after
        )
        return views.page(found, await queue.counts())

    @router.get("/jobs/{job_id}", responses=_UNKNOWN)
    async def get_job(job_id: str) -> views.JobView:
        """One job, whole."""
        return views.whole(await queue.get(job_id))

    @router.get("/jobs/{job_id}/result", responses=_UNKNOWN_OR_NOT_NOW, response_model=None)
    async def get_result(job_id: str) -> Any:
        """What the job came to; 409 while it has not completed."""
        job = await queue.get(job_id)
        if job.status is not JobStatus.COMPLETED:
            detail = f"The job is {job.status}." + (
                f" {job.error}" if job.error else " Its result comes when it completes."
            )
            return problem(HTTPStatus.CONFLICT, detail, job_status=job.status)
        return JSONResponse(job.result)

    @router.get("/jobs/{job_id}/steps", responses=_UNKNOWN)
    async def get_steps(
        job_id: str,
        after: Annotated[int, Query(ge=0, description="Only those with a higher number.")] = 0,
    ) -> views.StepList:
        """The recorded steps, also while the job runs, and what the handler shows for the moment."""
        steps = [step for step in await queue.steps(job_id) if step.number > after]
        return views.journal(steps, await on_disk(queue.store.published, job_id))


def _add_acting(router: APIRouter, queue: JobQueue) -> None:
    @router.post("/jobs/{job_id}/cancel", responses=_UNKNOWN_OR_NOT_NOW)
    async def cancel_job(job_id: str) -> views.JobView:
        """Cancel a job; a running one stops as soon as its handler does."""
        return views.whole(await queue.cancel(job_id))

    @router.post("/jobs/{job_id}/retry", responses=_UNKNOWN_OR_NOT_NOW | _FULL)
    async def retry_job(
        job_id: str,
        *,
        fresh: Annotated[bool, Query(description="Do everything again.")] = False,
        forget: Annotated[list[str] | None, Query(description="Names of steps to do again.")] = None,
    ) -> views.JobView:
        """Give a finished job another go; its recorded steps are kept."""
        return views.whole(await queue.retry(job_id, fresh=fresh, forget=forget or ()))

    @router.patch("/jobs/{job_id}", responses=_UNKNOWN_OR_NOT_NOW)
    async def edit_job(job_id: str, changes: views.JobChanges) -> views.JobView:
        """Change title, tags or keep, and of a waiting job priority and run_at; what is left out stays."""
        return views.whole(await queue.edit(job_id, changes.edit()))

    @router.delete("/jobs/{job_id}", status_code=HTTPStatus.NO_CONTENT, responses=_UNKNOWN_OR_NOT_NOW)
    async def delete_job(job_id: str) -> Response:
        """Delete a job that does not run, with its steps."""
        await queue.delete(job_id)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    @router.post("/jobs/bulk", responses=_FULL)
    async def act_on_many(asked: views.BulkRequest) -> views.BulkView:
        """Cancel, retry, delete or edit every job that matches the filter and whose status allows it."""
        where = asked.filter.where()
        if asked.action == "edit":
            jobs = await queue.bulk_edit(where, asked.changes.edit(), dry_run=asked.dry_run)
        else:
            jobs = await queue.bulk(asked.action, where, dry_run=asked.dry_run)
        return views.BulkView(jobs=jobs)

    @router.post("/jobs/cleanup")
    async def clean_up(
        days: Annotated[float, Query(ge=0, le=36500)] = 7, *, dry_run: bool = False
    ) -> views.CleanupView:
        """Delete the jobs that finished more than so many days ago."""
        cleaned = await queue.cleanup(older_than=timedelta(days=days), dry_run=dry_run)
        return views.CleanupView(jobs=cleaned.jobs, bytes=cleaned.bytes, dry_run=dry_run)


def _add_streams(router: APIRouter, queue: JobQueue) -> None:
    streams = Streams(queue)

    stream: dict[int | str, Any] = {
        HTTPStatus.OK.value: {"description": "Server-sent events.", "content": {"text/event-stream": {}}}
    }

    @router.get("/events", status_code=HTTPStatus.OK, response_class=EventStream, responses=stream)
    async def all_events(last_event_id: Annotated[str | None, Header()] = None) -> EventStream:
        """Changes of all jobs: `job`, `deleted`, `reset` (load everything anew), `heartbeat`."""
        return EventStream(queue.feed, None, lambda changes: streams.all_jobs(changes, last_event_id))

    @router.get("/jobs/{job_id}/events", status_code=HTTPStatus.OK, response_class=EventStream, responses=stream)
    async def job_events(job_id: str) -> EventStream:
        """Changes of one job: `job` with the whole job, `deleted`, `heartbeat`."""
        return EventStream(queue.feed, job_id, lambda changes: streams.one_job(changes, job_id))

    @router.websocket("/jobs/{job_id}/ws")
    async def job_socket(socket: WebSocket, job_id: str) -> None:
        """The same for one job as messages {"event", "id", "data"}."""
        with queue.feed.subscribe(job_id) as changes:
            await send_events(socket, changes, streams.one_job(changes, job_id))


@asynccontextmanager
async def _while_the_app_runs(queue: JobQueue) -> AsyncIterator[None]:
    with _streams_end_on_signals(queue.feed):
        async with queue.keeping_worker():
            yield
            queue.feed.close()


@contextmanager
def _streams_end_on_signals(feed: Feed) -> Iterator[None]:
    """Let event streams go as soon as the server is told to stop: a server waits for its open answers."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(feed.close)
        then = previous[signal.Signals(number)]
        if callable(then):
            then(number, frame)

    for number, then in previous.items():
        if callable(then):
            signal.signal(number, handle)
    try:
        yield
    finally:
        for number, then in previous.items():
            if callable(then):
                signal.signal(number, then)
