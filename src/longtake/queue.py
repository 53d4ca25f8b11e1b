"""JobQueue: the front door. Submit jobs and ask about them from any process; a worker process runs them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

from longtake import asking, lifecycle, sweeping, targets
from longtake.clock import Clock, SystemClock
from longtake.declarations import Declarations
from longtake.disk import on_disk
from longtake.errors import InvalidTransition, LongtakeError, NotPossibleNow
from longtake.feed import Feed
from longtake.ids import new_id
from longtake.job import Job, JobStatus
from longtake.keeper import Keeper
from longtake.looking import Looking
from longtake.notifications import Notify
from longtake.requests import Edit, changes_in
from longtake.room import check_room
from longtake.store import Filter, Request, Store
from longtake.stores.files import FilesStore
from longtake.submitting import submit
from longtake.sweeping import BulkAction, Cleanup
from longtake.values import to_json
from longtake.work import Work, WorkerOptions

if TYPE_CHECKING:
    from longtake.worker import Worker

P = ParamSpec("P")
R = TypeVar("R")

Mode = Literal["auto", "inline", "external"]


class JobQueue(Declarations, Looking):
    """Jobs in a folder.

    Args:
        storage_dir: the folder; made when first needed.
        mode: who runs the jobs. "auto": a worker process that is started when needed; "external": a worker that you
            start yourself (`longtake work`); "inline": this process, while inside `working()`.
        worker: where a worker finds this queue, as `module:name`; found by itself where handlers are registered.
        store: another place than a folder (tests).
        clock: another clock (tests).
        notifications: whom jobs may tell that they are finished: a name, and an apprise address or a function.
        keep_awake: whether its worker process keeps the computer from idling to sleep while jobs run (extra `awake`).
        max_waiting: so many jobs may wait; what would make it more, by a submit or a retry, is refused (`QueueFull`).
            A submit with an idempotency key that was used before adds none, and is answered.
    """

    def __init__(
        self,
        storage_dir: str | Path = "./jobs",
        *,
        mode: Mode = "auto",
        worker: str | None = None,
        store: Store | None = None,
        clock: Clock | None = None,
        notifications: Mapping[str, str | Notify] | None = None,
        keep_awake: bool = True,
        max_waiting: int | None = None,
    ) -> None:
        super().__init__(notifications or {})
        self.store: Store = store or FilesStore(storage_dir)
        self.storage_dir = Path(storage_dir).expanduser().absolute()
        self.mode: Mode = mode
        self.keep_awake = keep_awake
        self.max_waiting = max_waiting
        self.clock: Clock = clock or SystemClock()
        self.feed = Feed(self.store)
        self._target = worker
        self._keeper: Keeper | None = None

    # Asking ----------------------------------------------------------------------------------------------------

    async def submit(
        self,
        kind: str,
        *,
        priority: int = 0,
        run_at: datetime | None = None,
        key: str | None = None,
        tags: Iterable[str] = (),
        title: str = "",
        notify: Iterable[str] = (),
        **args: Any,
    ) -> Job:
        """Submit a job; it is on the disk when this returns.

        Args:
            kind: which handler.
            priority: higher first.
            run_at: not before this time (with its time zone).
            key: submitted twice with the same key, it is one job: the second call answers the first one's.
            tags: words to find it by.
            title: what people see; any text.
            notify: names of notification targets, besides those of the kind.
            args: what the handler gets.

        Raises:
            InvalidArgs: the handler would not take them. QueueFull. StorageProblem: the disk did not.
        """
        targets.refuse_while_loading()
        plain = self.kinds.get(kind).check(args) if len(self.kinds) else to_json(args, "arguments")
        if run_at is not None and run_at.tzinfo is None:
            raise LongtakeError("run_at needs a time zone: datetime.now(UTC) + timedelta(...), for example.")
        now = self.clock.now()
        job = Job(
            id=new_id(now),
            kind=kind,
            title=title,
            tags=tuple(tags),
            about=self.kinds.get(kind).about_of(plain) if kind in self.kinds else (),
            args=plain,
            priority=priority,
            run_at=run_at,
            key=key,
            notify=self.targets_of(kind, notify),
            created_at=now,
        )
        return await on_disk(self._submit, job)

    async def cancel(self, job_id: str) -> Job:
        """Cancel a job: a waiting one at once, a running one as soon as its handler has stopped.

        Returns the job after it; no step starts any more. Raises InvalidTransition for a finished job.
        """
        return await asking.change(self.store, Request(job_id, "cancel"), "cancelled", _is_cancelled, self.clock)

    async def retry(self, job_id: str, *, fresh: bool = False, forget: Iterable[str] = ()) -> Job:
        """Give a finished job another go; its recorded steps are kept.

        Args:
            job_id: which job.
            fresh: do everything again.
            forget: names of steps to do again; what they kept under `<name> …` is forgotten with them.

        Raises:
            InvalidTransition: it is not finished. QueueFull.
        """
        revision = (await self.get(job_id)).revision
        await on_disk(check_room, self.store, self.max_waiting)
        request = Request(job_id, "retry", {"fresh": fresh, "forget": list(forget)})
        job = await asking.change(self.store, request, "requeued", lambda job: job.revision > revision, self.clock)
        self._ensure_worker()
        return job

    async def edit(self, job_id: str, changes: Edit) -> Job:
        """Change title, tags, keep, and of a waiting job priority and run_at; returns the job after it.

        With a `run_at` that is now or over the job may have begun already. Raises InvalidTransition where its status
        forbids it, NotPossibleNow where something else came first.
        """
        given = changes_in(to_json(changes.given()))
        before = await self.get(job_id)
        lifecycle.edit(before, given)  # which may refuse
        await asking.until_done(self.store, [Request(job_id, "edit", to_json(given))], self.clock)
        job = await self.get(job_id)
        if not lifecycle.was_edited(job, before, given):
            raise NotPossibleNow(f"Something else happened to job {job_id} in the same moment: look, and try again.")
        return job

    async def delete(self, job_id: str) -> None:
        """Delete a job that does not run, with its steps."""
        job = await self.get(job_id)
        if job.status is JobStatus.RUNNING:
            raise InvalidTransition(job_id, job.status, "deleted; cancel it first")
        await asking.until_done(self.store, [Request(job_id, "delete")], self.clock)
        try:
            job = await self.get(job_id)
        except LookupError:
            return
        raise InvalidTransition(job_id, job.status, "deleted; cancel it first")

    async def cleanup(self, *, older_than: timedelta = timedelta(days=7), dry_run: bool = False) -> Cleanup:
        """Delete the jobs that finished longer ago than that, with their steps; those marked `keep` stay."""
        where = Filter(finished_before=self.clock.now() - older_than, keep=False)
        ids, total = await on_disk(sweeping.measured, self.store, where)
        if not dry_run:
            await asking.until_done(self.store, [Request(job_id, "delete") for job_id in ids], self.clock)
        return Cleanup(len(ids), total)

    async def bulk(self, action: BulkAction, where: Filter, *, dry_run: bool = False) -> int:
        """Cancel, retry or delete every job that matches and whose status allows it; returns how many those were.

        Raises QueueFull, before the first, where not all that are to be retried have room.
        """
        ids = await on_disk(sweeping.allowed, self.store, where, action)
        if dry_run:
            return len(ids)
        if action == "retry":
            await on_disk(check_room, self.store, self.max_waiting, len(ids))
        await asking.until_done(self.store, [Request(job_id, action) for job_id in ids], self.clock)
        self._ensure_worker()
        return len(ids)

    async def bulk_edit(self, where: Filter, changes: Edit, *, dry_run: bool = False) -> int:
        """Change every job that matches and whose status allows it; returns how many those were."""
        given = changes_in(to_json(changes.given()))
        ids = await on_disk(sweeping.changeable, self.store, where, given.keys())
        if not dry_run:
            await asking.until_done(self.store, [Request(job_id, "edit", to_json(given)) for job_id in ids], self.clock)
        return len(ids)

    # Running ---------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def working(self, options: WorkerOptions | None = None) -> AsyncIterator[Worker]:
        """Run the jobs in this process while inside; waits for another worker to end first."""
        worker = self.make_worker(options)
        work = asyncio.ensure_future(worker.work())
        try:
            yield worker
        finally:
            worker.stop()
            await work

    def make_worker(self, options: WorkerOptions | None = None) -> Worker:
        """A worker for these jobs, not yet working."""
        work = Work(self.kinds, self.schedules, self.notifications)
        from longtake.worker import Worker  # noqa: PLC0415 (a program that only asks does without)

        return Worker(self.store, work, clock=self.clock, options=options)

    @asynccontextmanager
    async def keeping_worker(self) -> AsyncIterator[None]:
        """Keep a worker process alive while inside, in mode "auto": for web servers."""
        if self.mode != "auto":
            yield
            return
        keeper = self._the_keeper()
        with asking.presence(self.store):
            keeping = asyncio.ensure_future(keeper.keep())
            try:
                yield
            finally:
                keeping.cancel()
                await asyncio.wait({keeping})

    def target(self) -> str:
        """Where a worker finds this queue: `module:name` or `file.py:name`."""
        return self._target or targets.find(self, self.kinds.modules())

    # -----------------------------------------------------------------------------------------------------------

    def _submit(self, job: Job) -> Job:
        if self.mode == "auto" and len(self.kinds):
            self._the_keeper()  # which may refuse: before the job is on the disk, not after
        job = submit(self.store, job, self.max_waiting)
        self._ensure_worker()
        return job

    def _ensure_worker(self) -> None:
        if self.mode == "auto" and len(self.kinds):
            self._the_keeper().ensure()

    def _the_keeper(self) -> Keeper:
        if self._keeper is None:
            self._keeper = Keeper(self.store, self.target(), self.storage_dir / "run" / "worker.log")
        return self._keeper


def _is_cancelled(job: Job) -> bool:
    return job.cancel_requested or job.status is JobStatus.CANCELLED
