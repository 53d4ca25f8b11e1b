"""The worker: takes pending jobs, runs them, obeys requests, and stops without losing anything."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import Callable
from datetime import datetime

from longtake import requests
from longtake.attempt import RunningAttempt
from longtake.awake import KeepAwake
from longtake.clock import Clock, SystemClock
from longtake.disk import on_disk
from longtake.errors import NotPossibleNow, StorageProblem, StorageRefused
from longtake.firing import Firing
from longtake.inspecting import Inspecting
from longtake.job import Job
from longtake.recovery import adopt, recover
from longtake.running import Running
from longtake.store import Changes, Request, Store, WorkerInfo
from longtake.telling import Telling
from longtake.work import Work, WorkerOptions

__all__ = ["Worker", "WorkerOptions"]

log = logging.getLogger("longtake")

SHORTEST_SLEEP = 20.0
"""Seconds; connections outlive a shorter one."""
_STANDING_BY = "Another worker owns these jobs; standing by."


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
        self._awake = KeepAwake()
        self._slept = self._clock.slept()
        self._wake = asyncio.Event()
        self._stopping = False
        self._grace = self._options.grace
        self._seen = 0
        """The position of the change counter up to which arrivals have been seen."""
        self.info = WorkerInfo(
            id=f"{os.getpid()}-{secrets.token_hex(4)}", pid=os.getpid(), started_at=self._clock.now()
        )
        self._running = Running(
            store,
            self._kinds,
            self._clock,
            options=self._options,
            worker=self.info.id,
            want_look=self._wake.set,
        )
        self._inspecting = Inspecting(store, self._clock, every=self._options.inspect_every, want_look=self._wake.set)

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs and nothing that this worker could run waits, not even for a later time.

        Never before the files have been compared with the index: some job may be known only to its file.
        """
        return self._running.is_idle and self._inspecting.is_idle

    async def work(self, *, until: Callable[[Worker], bool] = lambda _: False) -> None:
        """Own the store (waiting for it if another worker does) and work until `stop`, or until `until` says so."""
        while not self._stopping and await self._become_owner():
            await self._work_as_owner(until)
            if not await on_disk(self._has_news):
                return  # else somebody asked just before the store had no owner, and counts on this worker

    async def _work_as_owner(self, until: Callable[[Worker], bool]) -> None:
        self._running.open()
        self._inspecting.open()
        loop = asyncio.get_running_loop()

        def woken() -> None:
            loop.call_soon_threadsafe(self._wake.set)

        silence = self._store.attend_to(woken)
        try:
            await self._take_over()
            while not self._stopping:
                self._wake.clear()
                self._notice_sleep()
                await self._look()
                self._awake.want(busy=self._options.keep_awake and self._running.any())
                if until(self):
                    break
                await self._rest()
            await self._stop_jobs()
        finally:
            self._inspecting.close()
            self._awake.want(busy=False)
            silence()
            self._store.disown()

    def stop(self) -> None:
        """Ask the worker to stop: it starts nothing more and ends when the running jobs are put away."""
        self._stopping = True
        self._running.close()
        self._inspecting.close()
        self._wake.set()

    async def _become_owner(self) -> bool:
        said = ""
        patience = self._clock.monotonic() + self._options.patience
        while not self._stopping:
            hindrance = await self._own()
            if not hindrance:
                return True
            if hindrance != said:
                log.log(logging.INFO if hindrance == _STANDING_BY else logging.ERROR, "%s", hindrance)
                said = hindrance
            if not self._options.stand_by and self._clock.monotonic() > patience:
                return False
            await asyncio.sleep(0.1)
        return False

    async def _own(self) -> str:
        """Own the store; returns what keeps from it, or nothing."""
        try:
            return "" if await on_disk(self._store.own, self.info) else _STANDING_BY
        except StorageRefused:
            raise
        except StorageProblem as error:
            return str(error)

    async def _take_over(self) -> None:
        """Put all jobs that wait in line, as soon as the disk lets them be seen."""
        while not self._stopping:
            try:
                self._seen = (await on_disk(self._store.changes, -1)).position
                waiting = await on_disk(recover, self._store, self._clock.now())
            except StorageProblem as error:
                log.error("%s", error)  # noqa: TRY400 (the message says it all)
                await self._rest()
                continue
            for job in waiting:
                self._running.line.add(job)
            return

    async def _look(self) -> None:
        """One round: what is new and asked, now and then the files, then start what is due."""
        with self._running.held():
            await self._look_around()
        self._running.start_due()

    async def _look_around(self) -> None:
        try:
            arrivals, asked = await on_disk(self._news, self._clock.now())
            self._seen = arrivals.position
            for job in arrivals.changed:
                if job.id not in self._running and job.id not in self._running.line:
                    self._running.line.add(job)
            for request in asked:
                await self._obey_if_possible(request)
            await self._inspect_now_and_then()
        except StorageProblem as error:
            log.error("%s", error)  # noqa: TRY400 (the message says it all)

    def _news(self, now: datetime) -> tuple[Changes, list[Request]]:
        self._firing.fire(now)
        arrivals = self._store.arrivals(self._seen)
        if arrivals.position < self._seen:  # the index was made anew, and the computer's clock set back
            arrivals = self._store.arrivals(0)
        return arrivals, self._store.requests()

    def _has_news(self) -> bool:
        return bool(self._store.requests() or self._store.arrivals(self._seen).changed)

    def _notice_sleep(self) -> None:
        before, self._slept = self._slept, self._clock.slept()
        seconds = self._slept - before
        if seconds >= SHORTEST_SLEEP:
            log.info("The computer slept for %.0f s", seconds)
            self._running.woke_up(seconds)

    async def _rest(self) -> None:
        wait = self._options.look_every
        due = self._running.line.next_due(self._clock.now())
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
        if request.job_id in self._running:
            running = self._running.attempt(request.job_id)
            if running is None or running.is_ending or request.verb == "notify":
                self._running.want_look_after(request.job_id)  # it is between two states: then it is in one of them
                return
            await self._obey_for_running(request, running)
        elif request.verb == "notify":
            await self._telling.go_on(request)
            return
        else:
            job = await on_disk(requests.apply, self._store, request, self._clock.now())
            self._running.place(request.job_id, job)
        await on_disk(self._settle, request)

    def _settle(self, request: Request) -> None:
        self._store.settle(request)
        self._store.ring(request.job_id)

    async def _obey_for_running(self, request: Request, running: RunningAttempt) -> None:
        try:
            if request.verb == "cancel":
                await running.cancel()
            elif request.verb == "edit":
                await running.edit(request.details)
        except NotPossibleNow as error:
            log.info("%s", error)

    async def _inspect_now_and_then(self) -> None:
        if not self._store.still_owns():
            log.error("run/worker.lock was removed from under this worker: stopping, so that no second one runs jobs.")
            self._grace = 0.0
            self.stop()
            return
        self._inspecting.begin_when_due()
        differing = self._inspecting.take()
        for found in await on_disk(self._store.inspect, differing) if differing else ():
            if found.id not in self._running:
                self._running.place(found.id, await self._adopted(found))

    async def _adopted(self, found: Job) -> Job | None:
        """What was found, read anew: it may have run to its end since. One that the disk does not give now waits."""
        try:
            return await on_disk(adopt, self._store, found.id, self._clock.now())
        except StorageProblem as error:
            log.error("Job %s waits: %s", found.id, error)  # noqa: TRY400 (the message says it all)
            return found

    async def _stop_jobs(self) -> None:
        await self._running.stop(self._grace)
        await self._telling.stop()
        await self._inspecting.stop()
