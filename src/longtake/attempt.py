"""One attempt of a job in the worker: runs the handler, and says what its end means for the job."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

from longtake import lifecycle
from longtake.clock import Clock
from longtake.context import JobContext
from longtake.errors import NotJson, words_of
from longtake.insisting import until_stored
from longtake.job import Job, Sleep, Step
from longtake.job_file import JobFile
from longtake.kinds import Kind
from longtake.limits import Limits
from longtake.recorded import latest
from longtake.redaction import without_keys
from longtake.requests import changes_in
from longtake.store import Request, Store
from longtake.values import to_json

log = logging.getLogger("longtake")

CANCEL_AGAIN = 5.0
"""At least so many seconds a handler that goes on in spite of a cancel is cancelled once more."""


class RunningAttempt:
    """A handler that runs, and everything that may happen to it."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        limits: Limits,
        kind: Kind,
        job: Job,
        *,
        recorded: list[Step] | None,
        aside: Callable[[], AbstractAsyncContextManager[None]],
    ) -> None:
        self.aside = aside
        """Leaves the job's place among those that run, and waits for one again at the end."""
        self._store = store
        self._limits = limits
        self._clock = clock
        self._kind = kind
        self._file = JobFile(store, job)
        self._recorded = recorded
        self._number = job.attempts[-1].number
        self._journaling = asyncio.Lock()
        self._handler: asyncio.Task[Any] | None = None
        self._context: JobContext | None = None
        self._cancelling = job.cancel_requested
        self._giving_up = False
        self._patience_over = False

    @property
    def job(self) -> Job:
        """The job as it was written last."""
        return self._file.job

    @property
    def is_ending(self) -> bool:
        """Whether the handler has ended, and only the job's end is still to be written."""
        return self._handler is not None and self._handler.done()

    async def run(self) -> Job:
        """Run the handler to its end; returns the job as it was committed then."""
        recorded = self._recorded
        if recorded is None:
            recorded = await until_stored(self._store.repair, self.job)
        self._file.steps = len(recorded)
        by_name = latest(recorded)
        self._context = JobContext(self.job.id, self._number, by_name, self)
        self._handler = asyncio.ensure_future(self._call(self._context))
        asyncio.get_running_loop().call_soon(self._show)
        if self._cancelling or self._giving_up:
            self._context.halt(cancelled=self._cancelling)
            self._handler.cancel()
        await self._end_of(self._handler)
        await self._context.settle()
        await self._file.stop()
        await self._finish(self._handler)
        return self.job

    async def cancel(self) -> Job:
        """Stop the handler; no step starts from now on. Returns when the request is durable.

        Raises:
            NotPossibleNow: the job ended first. StorageProblem: it stops, but that is not on the disk yet.
        """
        self._cancelling = True
        if self._context is not None:
            self._context.halt(cancelled=True)
        if self._handler is not None:
            self._handler.cancel()
        await self._file.change(lambda job: lifecycle.cancel(job, self._clock.now()), insist=False)
        return self.job

    async def edit(self, changes: Mapping[str, Any]) -> None:
        """Change title, tags or keep. Raises NotPossibleNow."""
        await self._file.change(lambda job: lifecycle.edit(job, changes_in(changes)))

    async def stop(self, grace: float) -> None:
        """Start no further step, and stop the handler after `grace` seconds: the worker is going."""
        self._giving_up = True
        if self._context is None or self._handler is None:
            return
        self._context.halt(cancelled=False)
        resting = asyncio.ensure_future(self._context.rest())
        await asyncio.wait({self._handler, resting}, timeout=grace, return_when=asyncio.FIRST_COMPLETED)
        resting.cancel()
        self._patience_over = True
        self._handler.cancel()

    def woke_up(self, seconds: float) -> None:
        """The computer has slept so long while the handler ran."""
        self._file.slept(Sleep(woke_at=self._clock.now(), seconds=seconds))
        if self._context is not None:
            self._context.woke_up()

    # What the context writes -----------------------------------------------------------------------------------

    async def record(self, name: str, args: str, value: Any) -> None:
        """Journal a finished step, however long the disk takes to have room."""
        async with self._journaling:
            now = self._clock.now()
            step = Step(number=self._file.steps + 1, name=name, args=args, value=value, finished_at=now)
            await until_stored(self._store.append, self.job.id, step)
            self._file.steps += 1
        self._file.flush()

    def report(self, percent: float, message: str | None) -> None:
        """Note progress: told at once to those who watch, written within a quarter of a second, unsynced."""
        self._file.report(percent, message)

    def publish(self, name: str, value: Any) -> None:
        """Show or take away a live value within a quarter of a second."""
        self._file.publish(name, value)

    def limit(self, name: str, at_most: int) -> AbstractAsyncContextManager[None]:
        """A place under a named limit of the worker."""
        return self._limits.hold(name, at_most)

    # -----------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Have the job file say that it runs; of a handler that has ended at once the end says it all."""
        if not self.is_ending:
            self._file.flush()

    async def _call(self, context: JobContext) -> Any:
        try:
            async with asyncio.timeout(self._kind.timeout) as limit:
                return await self._kind.call(context, self.job.args)
        except TimeoutError as error:
            if limit.expired():
                raise TimeoutError(f"It took longer than its limit of {self._kind.timeout:g} s.") from error
            raise
        except SystemExit as error:
            raise RuntimeError(f"It wanted to end the whole worker: {error!r}.") from error

    async def _end_of(self, handler: asyncio.Task[Any]) -> None:
        """Wait for the handler; one that has swallowed a cancel is cancelled again."""
        was_cancelled = False
        while not handler.done():
            await asyncio.wait({handler}, timeout=CANCEL_AGAIN)
            if was_cancelled:
                handler.cancel()
            was_cancelled = self._cancelling or self._patience_over

    async def _finish(self, handler: asyncio.Task[Any]) -> None:
        if self.job.notify:
            await until_stored(self._store.ask, Request(self.job.id, "notify"))
        if handler.cancelled():
            await self._file.change(self._halted)
            return
        error = handler.exception()
        if error is None:
            try:
                await self._file.change(lambda job: self._completed(job, handler.result()))
            except NotJson as not_json:
                error = not_json
        if isinstance(error, Exception):
            why = error
            log.warning("Job %s (%s) failed", self.job.id, self.job.kind, exc_info=why)
            await self._file.change(lambda job: self._failed(job, why))
        elif error is not None:
            raise error

    def _completed(self, job: Job, value: Any) -> Job:
        if self._cancelling:
            return lifecycle.stop(job, self._number, self._clock.now())
        result = to_json(value, f"result of {job.kind!r}")
        return lifecycle.complete(job, self._number, self._clock.now(), result)

    def _failed(self, job: Job, error: Exception) -> Job:
        now = self._clock.now()
        if self._cancelling:
            return lifecycle.stop(job, self._number, now)
        text = without_keys(words_of(error))
        delay = self._kind.retries.delay(error, job.failures + 1)
        if delay is None:
            return lifecycle.fail(job, self._number, now, text)
        return lifecycle.retry(job, self._number, now, text, now + timedelta(seconds=delay))

    def _halted(self, job: Job) -> Job:
        now = self._clock.now()
        if self._cancelling:
            return lifecycle.stop(job, self._number, now)
        if self._giving_up:
            return lifecycle.interrupt(job, self._number, now, "worker stopped", self._file.steps)
        return lifecycle.fail(job, self._number, now, "The handler cancelled itself.")
