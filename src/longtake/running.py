"""The jobs that run in a worker, and the line of those that wait to."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from longtake.attempt import RunningAttempt
from longtake.claiming import Suspects, claim
from longtake.clock import Clock
from longtake.disk import on_disk
from longtake.errors import StorageProblem
from longtake.job import Job
from longtake.kinds import Kinds
from longtake.limits import Limits
from longtake.places import Places
from longtake.store import Store
from longtake.waiting import Place, WaitingLine
from longtake.work import WorkerOptions

log = logging.getLogger("longtake")


class Running:
    """Starts what is due, as many at once as may, and puts back what runs again later."""

    def __init__(
        self,
        store: Store,
        kinds: Kinds,
        clock: Clock,
        *,
        options: WorkerOptions,
        worker: str,
        want_look: Callable[[], None],
    ) -> None:
        self.line = WaitingLine()
        self._store = store
        self._kinds = kinds
        self._clock = clock
        self._options = options
        self._worker = worker
        self._want_look = want_look
        self._limits = Limits()
        self._suspects = Suspects()
        self._attempts: dict[str, RunningAttempt] = {}
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._places = Places(options.concurrency, kinds, freed=self._place_freed)
        self._waited_for: set[str] = set()
        self._is_held = False
        self._closing = False

    def __contains__(self, job_id: str) -> bool:
        """Whether a job runs, or is just being started or ended: nobody else may write it."""
        return job_id in self._busy

    def any(self) -> bool:
        """Whether any job runs that does not stand aside."""
        return self._places.any_taken()

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs and nothing that could run here waits, not even for a later time."""
        return not self._busy and not len(self._suspects) and not self.line.has(self._kinds.__contains__)

    def attempt(self, job_id: str) -> RunningAttempt | None:
        """The attempt of a job; None while it is just being started or ended."""
        return self._attempts.get(job_id)

    def want_look_after(self, job_id: str) -> None:
        """Have the worker look again when a job has started or ended."""
        self._waited_for.add(job_id)

    def place(self, job_id: str, job: Job | None) -> None:
        """Put a job in line if it is to run."""
        if job is None or job.status.is_final:
            self.line.remove(job_id)
            return
        self.line.add(job)  # one that a dead worker left running is taken over on its turn
        if job.run_at is not None:
            self._want_look()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Start nothing while inside: jobs that do not run are written by somebody else."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False

    def start_due(self) -> None:
        """Start the jobs whose turn it is."""
        while not (self._closing or self._is_held):
            place = self.line.next(self._clock.now(), self._may_start)
            if place is None:
                return
            task = asyncio.ensure_future(self._run(place))
            self._busy[place.job_id] = task
            self._places.take(place.kind)
            task.add_done_callback(functools.partial(self._ended, place))

    def woke_up(self, seconds: float) -> None:
        """The computer has slept so long."""
        for attempt in self._attempts.values():
            attempt.woke_up(seconds)

    def open(self) -> None:
        """Begin to start jobs."""
        self._closing = False

    def close(self) -> None:
        """Start nothing more."""
        self._closing = True

    async def stop(self, grace: float) -> None:
        """Start nothing more, and put away what runs after so many seconds."""
        self.close()
        await asyncio.gather(*(attempt.stop(grace) for attempt in list(self._attempts.values())))
        if self._busy:
            await asyncio.wait(self._busy.values())

    def _may_start(self, kind: str) -> bool:
        return kind in self._kinds and self._places.is_free(kind)

    async def _run(self, place: Place) -> None:
        try:
            job = await self._attempt(place.job_id)
        except StorageProblem as error:
            log.error("Job %s waits: %s", place.job_id, error)  # noqa: TRY400 (the message says it all)
        except Exception:
            log.exception("Job %s was left by an error of the worker itself", place.job_id)
        else:
            if job is not None and not self._closing:
                self.place(place.job_id, job)
                if job.notify:
                    self._waited_for.add(job.id)
            return
        if not self._closing:
            await asyncio.sleep(self._options.look_every)
            self.line.put_back(place)

    async def _attempt(self, job_id: str) -> Job | None:
        try:
            claimed = await on_disk(claim, self._store, job_id, self._worker, self._clock.now(), self._suspects)
            if claimed is None:
                return None
            kind = self._kinds.get(claimed.job.kind)
            attempt = RunningAttempt(
                self._store,
                self._clock,
                self._limits,
                kind,
                claimed.job,
                recorded=claimed.recorded,
                aside=functools.partial(self._places.aside, kind.name),
            )
            if self._closing:
                await attempt.stop(0)
            self._attempts[job_id] = attempt
            self._is_in_a_state(job_id)
            return await attempt.run()
        finally:
            self._attempts.pop(job_id, None)
            for held in self._suspects.release(job_id):
                self.line.add(held)

    def _ended(self, place: Place, task: asyncio.Task[None]) -> None:
        del self._busy[place.job_id]
        self._places.give_back(place.kind)
        self._is_in_a_state(place.job_id)
        if not task.cancelled() and task.exception() is not None:
            log.error("Job %s was left by an error of the worker itself", place.job_id, exc_info=task.exception())

    def _place_freed(self) -> None:
        self.start_due()
        if not self.any():
            self._want_look()

    def _is_in_a_state(self, job_id: str) -> None:
        if job_id in self._waited_for:
            self._waited_for.discard(job_id)
            self._want_look()
