"""One step's function, called until it succeeds: retries, a time limit, calls that died while the computer slept."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

from longtake.children import run_in_child
from longtake.retries import RetryPolicy

log = logging.getLogger("longtake")

PROOF_OF_LIFE = 15.0
"""Seconds after waking in which a call must end, or report or publish something, to be taken for alive."""

_current: ContextVar[StepCall | None] = ContextVar("longtake_step_call", default=None)


class StepCall:
    """A function with its arguments and the rules for calling it."""

    def __init__(
        self, function: Callable[..., Any], args: tuple[Any, ...], retries: RetryPolicy, timeout: float | None
    ) -> None:
        self._function = function
        self._args = args
        self._retries = retries
        self._timeout = timeout
        self._call: asyncio.Task[Any] | None = None
        self.finished: asyncio.Task[Any] | None = None
        """The call that has succeeded; kept, because a cancel in the same moment would hide its value."""
        self._doubt: asyncio.TimerHandle | None = None
        self._died_asleep = False

    async def until_it_succeeds(self, may_go_on: Callable[[], Awaitable[None]]) -> Any:
        """Call, and call again as the rules say, after asking whether it may; raises what the last call raised."""
        failures = 0
        while True:
            try:
                return await self._once()
            except Exception as error:
                failures += 1
                delay = self._retries.delay(error, failures)
                if delay is None:
                    raise
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if not self._died_asleep or (task is not None and task.cancelling()):
                    raise
                self._died_asleep = False
                continue  # the computer slept: nobody's fault, so no retry is used up
            await asyncio.sleep(delay)
            await may_go_on()

    def suspect(self) -> None:
        """Take the call for dead unless it shows life soon; one in a child process lives and dies with the computer."""
        if self._call is not None and _is_async(self._function) and self._doubt is None:
            self._doubt = asyncio.get_running_loop().call_later(PROOF_OF_LIFE, self._give_up_call, self._call)

    def show_life(self) -> None:
        """The call has done something."""
        if self._doubt is not None:
            self._doubt.cancel()
            self._doubt = None

    async def _once(self) -> Any:
        token = _current.set(self)
        try:
            self._call = asyncio.ensure_future(self._called())
        finally:
            _current.reset(token)
        self._call.add_done_callback(self._note_success)
        try:
            return await self._call
        finally:
            self.show_life()
            self._call = None

    async def _called(self) -> Any:
        try:
            async with asyncio.timeout(self._timeout) as limit:
                if _is_async(self._function):
                    return await self._function(*self._args)
                return await run_in_child(self._function, self._args)
        except TimeoutError as error:
            if limit.expired():
                raise TimeoutError(f"A step took longer than its limit of {self._timeout:g} s.") from error
            raise
        except SystemExit as error:
            raise RuntimeError(f"It wanted to end the whole worker: {error!r}.") from error

    def _note_success(self, call: asyncio.Task[Any]) -> None:
        if not call.cancelled() and call.exception() is None:
            self.finished = call

    def _give_up_call(self, call: asyncio.Task[Any]) -> None:
        self._doubt = None
        if call is self._call and not call.done():
            log.info("A call gave no sign of life after the computer slept; it is made again")
            self._died_asleep = True
            call.cancel()


def show_life() -> None:
    """Tell the call around this code, if there is one, that it is alive."""
    call = _current.get()
    if call is not None:
        call.show_life()


def _is_async(function: Callable[..., Any]) -> bool:
    call = getattr(function, "__call__", None)  # noqa: B004 (an object whose call is a coroutine function)
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(call)
