"""What a handler gets: its steps, its progress, and whether it should stop."""

from __future__ import annotations

import asyncio
import typing
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol, TypeVar, TypeVarTuple, overload

import msgspec

from longtake.calls import StepCall, show_life
from longtake.errors import StepNameUsed
from longtake.job import Step
from longtake.recorded import KEPT, kept_values
from longtake.retries import NO_RETRY, RetryPolicy
from longtake.values import fingerprint, from_json, to_json

T = TypeVar("T")
Args = TypeVarTuple("Args")


class Recorder(Protocol):
    """Where a context writes: the worker's side of an attempt."""

    async def record(self, name: str, args: str, value: Any) -> None:
        """Journal a finished step; returns when it is durable."""
        ...

    def report(self, percent: float, message: str | None) -> None:
        """Take a progress report."""
        ...

    def publish(self, name: str, value: Any) -> None:
        """Show a value that is not worth keeping."""
        ...

    def limit(self, name: str, at_most: int) -> AbstractAsyncContextManager[None]:
        """A place under a named limit of the worker."""
        ...

    @property
    def aside(self) -> Callable[[], AbstractAsyncContextManager[None]]:
        """Leave the job's place among those that run, and wait for one again at the end."""
        ...


class JobContext:
    """One attempt of one job, as its handler sees it.

    `job.job_id` says which job; `job.attempt` is 1 for the first attempt and higher for each later one.
    """

    def __init__(self, job_id: str, attempt: int, recorded: Mapping[str, Step], recorder: Recorder) -> None:
        self.job_id = job_id
        self.attempt = attempt
        """1 for the first attempt; each later one, for whatever reason, is higher."""
        self._recorded = recorded
        self._kept = kept_values(recorded)
        self._recorder = recorder
        self._names: set[str] = set()
        self._in_flight: set[asyncio.Task[Any]] = set()
        self._recording: set[asyncio.Task[None]] = set()
        self._calls: set[StepCall] = set()
        self._halted = False
        self._cancelled = False
        self._held: set[asyncio.Task[Any] | None] = set()
        self._is_aside = False
        self._at_rest = asyncio.Event()
        self._dismissed = asyncio.Event()

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to cancel the job."""
        return self._cancelled

    async def report(self, percent: float, message: str | None = None) -> None:
        """Say how far the job is: percent from 0 to 100, and a few words. Cheap: call it as often as you like."""
        show_life()
        if message is not None and not isinstance(message, str):
            raise TypeError(f"The message of a progress report is a text, not {message!r}.")
        self._recorder.report(float(percent), message)

    def publish(self, name: str, value: Any) -> None:
        """Show a value at once that is not worth keeping (a partial text); None takes it away."""
        show_life()
        self._recorder.publish(name, None if value is None else to_json(value, f"published value {name!r}"))

    def limit(self, name: str, at_most: int) -> AbstractAsyncContextManager[None]:
        """`async with job.limit("gemini", 4):` lets so many be inside at once, in all jobs of the worker together."""
        return self._recorder.limit(name, at_most)

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[None]:
        """`async with job.aside():` waits for something outside, while another job may run in the place of this one.

        At its end the job waits until it may run again. Raises RuntimeError when it stands aside already.
        """
        if self._is_aside:
            raise RuntimeError(f"Job {self.job_id} stands aside already: wait for everything in one `job.aside()`.")
        self._is_aside = True
        self._note_rest()
        try:
            async with self._recorder.aside():
                yield
        finally:
            self._is_aside = False

    def kept(self, name: str) -> Any:
        """The value kept last under this name, by this attempt or an earlier one; None if there is none."""
        return self._kept.get(name)

    async def keep(self, name: str, value: Any) -> None:
        """Keep a value for later attempts, durably when this returns; a later one replaces it.

        For what a step must know again after a crash, such as the id of a request that a server goes on with.
        """
        show_life()
        if name in self._names:
            raise StepNameUsed(f"{name!r} is the name of a step of job {self.job_id}: keep the value under another.")
        plain = to_json(value, f"kept value {name!r}")
        await self._record(name, KEPT, plain)
        self._kept[name] = plain

    @overload
    async def step(
        self,
        name: str,
        function: Callable[[*Args], Awaitable[T]],
        *args: *Args,
        retries: RetryPolicy = ...,
        timeout: float | None = ...,  # noqa: ASYNC109 (each try gets it anew, the waits between do not count)
    ) -> T: ...

    @overload
    async def step(
        self,
        name: str,
        function: Callable[[*Args], T],
        *args: *Args,
        retries: RetryPolicy = ...,
        timeout: float | None = ...,  # noqa: ASYNC109 (each try gets it anew, the waits between do not count)
    ) -> T: ...

    async def step(
        self,
        name: str,
        function: Callable[[*Args], Any],
        *args: *Args,
        retries: RetryPolicy = NO_RETRY,
        timeout: float | None = None,  # noqa: ASYNC109 (each try gets it anew, the waits between do not count)
    ) -> Any:
        """Run a part of the job once: its value is recorded, and later attempts get the record instead.

        An `async def` function runs here; a plain one runs in a child process, which a cancel really stops. The value
        comes back as JSON holds it, in the function's return type where it names one.

        Args:
            name: unique within the job.
            function: what to run.
            args: JSON values, dataclasses or models; other arguments than last time make it run again.
            retries: how often to try when it raises.
            timeout: seconds a try may take.

        Raises:
            StepNameUsed: the name was used before in this attempt.
            NotJson: an argument (before anything runs) or the value cannot be kept as JSON.
        """
        if name in self._names | self._kept.keys():
            raise StepNameUsed(f"The step name {name!r} is used twice in job {self.job_id}: give each step its own.")
        self._names.add(name)
        key = fingerprint(args, f"arguments of step {name!r}")
        step = self._recorded.get(name)
        if step is not None and step.args == key:
            return _in_type(step.value, function)
        await self._hold_if_halted()
        task = asyncio.ensure_future(self._perform(name, key, StepCall(function, args, retries, timeout)))
        self._in_flight.add(task)
        task.add_done_callback(self._landed)
        return _in_type(await task, function)

    async def _perform(self, name: str, key: str, call: StepCall) -> Any:
        self._calls.add(call)
        try:
            value = await call.until_it_succeeds(self._hold_if_halted)
        except asyncio.CancelledError:
            if call.finished is None:
                raise
            value = call.finished.result()
        finally:
            self._calls.discard(call)
        plain = to_json(value, f"value of step {name!r}")
        await self._record(name, key, plain)
        if self._cancelled:
            raise asyncio.CancelledError
        return plain

    async def _record(self, name: str, args: str, value: Any) -> None:
        """Journal a value; goes on to its end also when the caller is cancelled meanwhile."""
        recording = asyncio.ensure_future(self._recorder.record(name, args, value))
        self._recording.add(recording)
        recording.add_done_callback(self._recording.discard)
        await asyncio.shield(recording)

    async def _hold_if_halted(self) -> None:
        """Hold a call back once the attempt is to end, so that the handler lives on until the running ones have ended.

        Raised at once, the cancel would end a handler that waits for several steps, and with it the steps that run; and
        a task group would take it for the end of the one step and go on as if it had been done.
        """
        if not self._halted:
            return
        self._held.add(asyncio.current_task())
        self._note_rest()
        await self._dismissed.wait()
        raise asyncio.CancelledError

    def _landed(self, task: asyncio.Task[Any]) -> None:
        self._in_flight.discard(task)
        self._note_rest()

    def _note_rest(self) -> None:
        waits = self._halted and (self._held or self._is_aside)
        if waits and not self._in_flight - self._held:
            self._at_rest.set()

    # For the worker ----------------------------------------------------------------------------------------------

    def woke_up(self) -> None:
        """The computer has slept: calls that show no life now are taken for dead, and made again."""
        for call in list(self._calls):
            call.suspect()

    def halt(self, *, cancelled: bool) -> None:
        """Let no further step start; those that run go on, unless the job is cancelled."""
        self._halted = True
        self._cancelled = self._cancelled or cancelled
        self._note_rest()
        if cancelled:
            self._dismissed.set()
            for task in self._in_flight:
                task.cancel()

    async def rest(self) -> None:
        """Wait, after `halt`, until no step runs and the handler stands aside or waits for one that is held back."""
        await self._at_rest.wait()

    async def settle(self) -> None:
        """Stop the steps that still run and wait until every finished one is recorded."""
        self._halted = True
        self._dismissed.set()
        for task in self._in_flight:
            task.cancel()
        while pending := self._in_flight | self._recording:
            await asyncio.wait(pending)


def _in_type(value: Any, function: Callable[..., Any]) -> Any:
    """The recorded value in the type that the function promises; as JSON where it promises nothing we can make."""
    try:
        wanted = typing.get_type_hints(function).get("return", Any)
    except (NameError, TypeError):
        return value
    try:
        return from_json(value, wanted)
    except (msgspec.ValidationError, NotImplementedError, TypeError):
        return value
