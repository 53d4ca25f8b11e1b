"""What a queue can do: kinds of job, schedules, notification targets. Declared at the top of a module."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

from longtake.context import JobContext
from longtake.errors import LongtakeError
from longtake.handles import JobKind, Submit
from longtake.kinds import Kind, Kinds
from longtake.notifications import Notifications, Notify
from longtake.retries import NO_RETRY, RetryPolicy
from longtake.schedules import Missed, Schedule

P = ParamSpec("P")
R = TypeVar("R")


class Declarations:
    """The part of a JobQueue that a worker and a web server have in common."""

    submit: Submit

    def __init__(self, notifications: Mapping[str, str | Notify]) -> None:
        self.kinds = Kinds()
        self.schedules: list[Schedule] = []
        self.notifications = Notifications(notifications)

    def job(
        self,
        kind: str,
        *,
        retries: RetryPolicy = NO_RETRY,
        concurrency: int | None = None,
        timeout: float | None = None,
        notify: Iterable[str] = (),
        about: str | None = None,
    ) -> Callable[[Callable[Concatenate[JobContext, P], Awaitable[R]]], JobKind[P, R]]:
        """Register an `async def` function as the handler of a kind of job.

        Args:
            kind: its name; jobs on disk refer to it.
            retries: what happens when it raises.
            concurrency: jobs of this kind at once.
            timeout: seconds an attempt may take; no limit by default.
            notify: notification targets of every job of this kind.
            about: the parameter, a text or a list of them, that says what a job is about: `find(about=...)` finds it.
        """

        def register(handler: Callable[Concatenate[JobContext, P], Awaitable[R]]) -> JobKind[P, R]:
            self.kinds.add(
                Kind(
                    name=kind,
                    handler=handler,
                    retries=retries,
                    concurrency=concurrency,
                    timeout=timeout,
                    notify=tuple(notify),
                    about=about,
                )
            )
            return JobKind(self.submit, kind, handler)

        return register

    def schedule(
        self,
        name: str,
        cron: str,
        kind: str,
        *,
        args: Mapping[str, Any] | None = None,
        zone: str = "UTC",
        missed: Missed = "once",
    ) -> Schedule:
        """Submit a job of a kind at the times of a cron line, for as long as a worker runs.

        Times that pass while none does are made up for by one job ("once") or not at all ("skip").
        """
        its_kind = self.kinds.get(kind)
        plain = its_kind.check(args or {})
        schedule = Schedule(
            name=name,
            cron=cron,
            kind=kind,
            args=plain,
            about=its_kind.about_of(plain),
            notify=self.targets_of(kind, ()),
            zone=zone,
            missed=missed,
        )
        if any(other.name == name for other in self.schedules):
            raise LongtakeError(f"There is a schedule {name!r} already.")
        self.schedules.append(schedule)
        return schedule

    def targets_of(self, kind: str, notify: Iterable[str]) -> tuple[str, ...]:
        """The notification targets of a job: those of its kind and its own. Raises LongtakeError for unknown ones."""
        own = self.kinds.get(kind).notify if kind in self.kinds else ()
        names = tuple(dict.fromkeys((*own, *notify)))
        self.notifications.check(names)
        return names
