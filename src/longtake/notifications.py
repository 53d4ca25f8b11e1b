"""Tells people that a job is finished: by whatever apprise can reach, or by a function of your own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from longtake.errors import LongtakeError
from longtake.job import Job, JobStatus

log = logging.getLogger("longtake")

Notify = Callable[[Job], Awaitable[None]]
"""A function of your own that is told of a finished job."""

SECONDS = 60.0
"""A target gets so long to take a message."""


class Notifications:
    """The targets of a queue, by name; jobs name them, and never hold addresses or passwords."""

    def __init__(self, targets: Mapping[str, str | Notify]) -> None:
        self._targets = dict(targets)

    def check(self, names: tuple[str, ...]) -> None:
        """Refuse names that nobody registered."""
        unknown = sorted(set(names) - self._targets.keys())
        if unknown:
            known = ", ".join(sorted(self._targets)) or "none"
            raise LongtakeError(f"There is no notification target {unknown[0]!r}. Known: {known}.")

    async def tell(self, job: Job) -> dict[str, str]:
        """Tell every target of the job; for each "sent", or why not. Never raises."""
        results = await asyncio.gather(*(self._tell_one(name, job) for name in job.notify))
        return dict(zip(job.notify, results, strict=True))

    async def _tell_one(self, name: str, job: Job) -> str:
        target = self._targets.get(name)
        if target is None:
            return "not sent: there is no such target any more"
        try:
            async with asyncio.timeout(SECONDS):
                await (_by_apprise(target, job) if isinstance(target, str) else target(job))
        except Exception as error:  # noqa: BLE001 (whatever a target does, the job is not touched)
            log.warning("Notification %r about job %s failed: %s", name, job.id, type(error).__name__)
            return f"not sent: {type(error).__name__}"
        return "sent"


def subject(job: Job) -> str:
    """One line about a finished job; no result in it, because mail subjects travel far."""
    sign = {JobStatus.COMPLETED: "Done", JobStatus.FAILED: "Failed", JobStatus.CANCELLED: "Cancelled"}
    return f"{sign.get(job.status, job.status)}: {job.title or job.kind}"


async def _by_apprise(url: str, job: Job) -> None:
    try:
        from apprise import Apprise  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise LongtakeError("Notifications need the extra `notify`: pip install 'longtake[notify]'.") from error
    sender = Apprise()
    if not sender.add(url):
        raise LongtakeError("apprise does not know this kind of address")
    body = job.error or job.progress_message or str(job.status)
    if not await asyncio.to_thread(sender.notify, title=subject(job), body=f"{body}\n\nJob {job.id}"):
        raise LongtakeError("the target did not take it")
