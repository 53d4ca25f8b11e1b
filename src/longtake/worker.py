"""The worker: takes pending jobs, runs them, obeys requests, and stops without losing anything."""

from __future__ import annotations

import asyncio
import functools
import logging
import os
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from longtake import requests
from longtake.attempt import RunningAttempt
from longtake.awake import KeepAwake
from longtake.claiming import Suspects, claim
from longtake.clock import Clock, SystemClock
from longtake.errors import NotPossibleNow, StorageProblem, StorageRefused
from longtake.firing import Firing
from longtake.job import Job
from longtake.limits import Limits
from longtake.recovery import adopt, recover
from longtake.store import Request, Store, WorkerInfo
from longtake.telling import Telling
from longtake.waiting import Place, WaitingLine
from longtake.work import Work

log = logging.getLogger("longtake")

SHORTEST_SLEEP = 20.0
"""Seconds; connections outlive a shorter one."""


@dataclass(frozen=True, kw_only=True)
class WorkerOptions:
    """How a worker works."""

    concurrency: int = 16
    """Jobs at once."""
    grace: float = 10.0
    """Seconds that running steps get to end when the worker is asked to stop."""
    look_every: float = 1.0
    """Seconds between looks at the requests; bells only make it faster."""
    inspect_every: float = 60.0
    """Seconds between comparisons of the index with the files."""
    stand_by: bool = True
    """Whether to wait while another worker owns the store, or to end."""
    keep_awake: bool = True
    """Whether to keep the computer from idling to sleep while jobs run (extra `awake`)."""
    patience: float = 2.0
    """Seconds to try all the same before it ends: an asker, or a look at the lock, may hold it for a moment."""


class Worker:
    """Runs the jobs of one store, as its owner."""

    def __init__(
        self, store: Store, work: Work, *, clock: Clock | None = None, options: WorkerOptions | None = None
    ) -> None:
        self._store = store
        self._kinds = work.kinds
        self._telling = Telling(store, work.notifications)
        self._firing = Firing(store, work.schedules)
        self._clock = clock or SystemClock()
        self._options = options or WorkerOptions()
        self._line = WaitingLine()
        self._limits = Limits()
        self._suspects = Suspects()
        self._awake = KeepAwake()
        self._slept = self._clock.slept()
        self._running: dict[str, RunningAttempt] = {}
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._kinds_busy: Counter[str] = Counter()
        self._wake = asyncio.Event()
        self._stopping = False
        self._closing = False
        self._next_inspection = 0.0
        self.info = WorkerInfo(
            id=f"{os.getpid()}-{secrets.token_hex(4)}", pid=os.getpid(), started_at=self._clock.now()
        )

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs and nothing that this worker could run waits, not even for a later time."""
        return not self._busy and not len(self._suspects) and not self._line.has(self._kinds.__contains__)

    async def work(self, *, until: Callable[[Worker], bool] = lambda _: False) -> None:
        """Own the store (waiting for it if another worker does) and work until `stop`, or until `until` says so."""
        while not self._stopping and await self._become_owner():
            await self._work_as_owner(until)
            if not await asyncio.to_thread(self._store.requests):
                return  # else somebody asked just before the store had no owner, and counts on this worker

    async def _work_as_owner(self, until: Callable[[Worker], bool]) -> None:
        self._closing = False
        loop = asyncio.get_running_loop()

        def heard(_: str) -> None:
            loop.call_soon_threadsafe(self._wake.set)

        silence = self._store.listen(heard)
        try:
            await self._take_over()
            while not self._stopping:
                self._wake.clear()
                self._notice_sleep()
                await self._look()
                self._awake.want(busy=self._options.keep_awake and bool(self._busy))
                if until(self):
                    break
                await self._rest()
            await self._stop_jobs()
        finally:
            self._awake.want(busy=False)
            silence()
            self._store.disown()

    def stop(self) -> None:
        """Ask the worker to stop: it starts nothing more and ends when the running jobs are put away."""
        self._stopping = True
        self._wake.set()

    async def _become_owner(self) -> bool:
        said = False
        patience = self._clock.monotonic() + self._options.patience
        while not self._stopping:
            if await self._owns():
                return True
            if not self._options.stand_by and self._clock.monotonic() > patience:
                return False
            if not said:
                log.info("Another worker owns these jobs; standing by.")
                said = True
            await asyncio.sleep(0.1)
        return False

    async def _owns(self) -> bool:
        try:
            return await asyncio.to_thread(self._store.own, self.info)
        except StorageRefused:
            raise
        except StorageProblem as error:
            log.error("%s", error)  # noqa: TRY400 (the message says it all)
            return False

    async def _take_over(self) -> None:
        """Put all jobs that wait in line, as soon as the disk lets them be seen."""
        while not self._stopping:
            try:
                waiting = await asyncio.to_thread(recover, self._store, self._clock.now())
            except StorageProblem as error:
                log.error("%s", error)  # noqa: TRY400 (the message says it all)
                await self._rest()
                continue
            for job in waiting:
                self._line.add(job)
            return

    async def _look(self) -> None:
        """One round: requests, now and then the files, then start what is due."""
        try:
            await asyncio.to_thread(self._firing.fire, self._clock.now())
            for request in await asyncio.to_thread(self._store.requests):
                await self._obey_if_possible(request)
            await self._inspect_now_and_then()
        except StorageProblem as error:
            log.error("%s", error)  # noqa: TRY400 (the message says it all)
        self._start_due()

    def _notice_sleep(self) -> None:
        slept = self._clock.slept()
        if slept - self._slept >= SHORTEST_SLEEP:
            log.info("The computer slept for %.0f s", slept - self._slept)
            for attempt in self._running.values():
                attempt.woke_up()
        self._slept = slept

    async def _rest(self) -> None:
        wait = self._options.look_every
        due = self._line.next_due()
        if due is not None:
            wait = min(wait, max(0.0, due - self._clock.now().timestamp()))
        try:
            async with asyncio.timeout(wait):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _obey_if_possible(self, request: Request) -> None:
        """What the disk does not allow now waits, and keeps no other request waiting."""
        try:
            await self._obey(request)
        except StorageProblem as error:
            log.error("To %s job %s waits: %s", request.verb, request.job_id, error)  # noqa: TRY400 (it says it all)

    async def _obey(self, request: Request) -> None:
        running = self._running.get(request.job_id)
        if request.job_id in self._busy:
            if running is None or running.is_ending or request.verb == "notify":
                return  # between two states: at a later look it is in one of them
            await self._obey_for_running(request, running)
        elif request.verb == "notify":
            await self._telling.go_on(request)
            return
        else:
            job = await asyncio.to_thread(requests.apply, self._store, request, self._clock.now())
            self._place(request.job_id, job)
        await asyncio.to_thread(self._store.settle, request)
        await asyncio.to_thread(self._store.ring, request.job_id)

    async def _obey_for_running(self, request: Request, running: RunningAttempt) -> None:
        try:
            if request.verb == "cancel":
                await running.cancel()
            elif request.verb == "edit":
                await running.edit(request.details)
        except NotPossibleNow as error:
            log.info("%s", error)

    def _place(self, job_id: str, job: Job | None) -> None:
        if job is not None and not job.status.is_final:  # one that a dead worker left running is taken over on its turn
            self._line.add(job)
        else:
            self._line.remove(job_id)

    async def _inspect_now_and_then(self) -> None:
        now = self._clock.monotonic()
        if now < self._next_inspection and not self._store.doubts():
            return
        self._next_inspection = now + self._options.inspect_every
        if not self._store.still_owns():
            log.error("run/worker.lock was removed from under this worker: stopping, so that no second one runs jobs.")
            self.stop()
            return
        for found in await asyncio.to_thread(self._store.inspect):
            if found.id not in self._busy:  # read anew: it may have run to its end since it was found
                self._place(found.id, await asyncio.to_thread(adopt, self._store, found.id, self._clock.now()))

    def _start_due(self) -> None:
        while not self._stopping and len(self._busy) < self._options.concurrency:
            place = self._line.next(self._clock.now(), self._may_start)
            if place is None:
                return
            task = asyncio.ensure_future(self._run(place))
            self._busy[place.job_id] = task
            self._kinds_busy[place.kind] += 1
            task.add_done_callback(functools.partial(self._ended, place))

    def _may_start(self, kind: str) -> bool:
        if kind not in self._kinds:
            return False
        limit = self._kinds.get(kind).concurrency
        return limit is None or self._kinds_busy[kind] < limit

    async def _run(self, place: Place) -> None:
        try:
            job = await self._attempt(place.job_id)
        except StorageProblem as error:
            log.error("Job %s waits: %s", place.job_id, error)  # noqa: TRY400 (the message says it all)
        except Exception:
            log.exception("Job %s was left by an error of the worker itself", place.job_id)
        else:
            if job is not None and not self._closing:
                self._place(place.job_id, job)
            return
        if not self._closing:
            await asyncio.sleep(self._options.look_every)
            self._line.put_back(place)

    async def _attempt(self, job_id: str) -> Job | None:
        started = await asyncio.to_thread(claim, self._store, job_id, self.info.id, self._clock.now())
        if started is None or self._closing or not self._suspects.admit(started):
            return None
        attempt = RunningAttempt(self._store, self._clock, self._limits, started, self._kinds.get(started.kind))
        self._running[job_id] = attempt
        self._wake.set()  # a request that came between two states can be obeyed now
        try:
            return await attempt.run()
        finally:
            del self._running[job_id]
            for held in self._suspects.release(job_id):
                self._line.add(held)

    def _ended(self, place: Place, task: asyncio.Task[None]) -> None:
        del self._busy[place.job_id]
        self._kinds_busy[place.kind] -= 1
        self._wake.set()
        if not task.cancelled() and task.exception() is not None:
            log.error("Job %s was left by an error of the worker itself", place.job_id, exc_info=task.exception())

    async def _stop_jobs(self) -> None:
        self._closing = True
        await asyncio.gather(*(attempt.stop(self._options.grace) for attempt in list(self._running.values())))
        if self._busy:
            await asyncio.wait(self._busy.values())
        await self._telling.stop()
