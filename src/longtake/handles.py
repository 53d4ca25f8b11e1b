"""A decorated handler: still a function, and a way to submit jobs with checked arguments."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from longtake.context import JobContext
from longtake.job import Job

P = ParamSpec("P")
R = TypeVar("R")

Submit = Callable[..., Awaitable[Job]]


class JobKind(Generic[P, R]):
    """A decorated handler: call it as before, or submit it as a job with checked arguments."""

    def __init__(
        self, submit: Submit, name: str, handler: Callable[Concatenate[JobContext, P], Awaitable[R]], **options: Any
    ) -> None:
        self.name = name
        self._submit = submit
        self._handler = handler
        self._options = options
        self.__doc__ = handler.__doc__
        self.__wrapped__ = handler

    def __call__(self, context: JobContext, *args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
        """Call the handler itself."""
        return self._handler(context, *args, **kwargs)

    def using(
        self,
        *,
        priority: int = 0,
        run_at: datetime | None = None,
        key: str | None = None,
        tags: Iterable[str] = (),
        title: str = "",
        notify: Iterable[str] = (),
    ) -> JobKind[P, R]:
        """The same kind with options for the jobs it submits; they mean what they mean in `JobQueue.submit`."""
        options = {
            "priority": priority,
            "run_at": run_at,
            "key": key,
            "tags": tuple(tags),
            "title": title,
            "notify": tuple(notify),
        }
        return JobKind(self._submit, self.name, self._handler, **options)

    async def submit(self, *args: P.args, **kwargs: P.kwargs) -> Job:
        """Submit a job of this kind; arguments by name."""
        if args:
            raise TypeError(f"{self.name!r} takes its arguments by name.")
        return await self._submit(self.name, **self._options, **kwargs)
