"""Cancelling single cells of an unfinished comparison, from any process: a mark in a folder, seen by who asks the cell.

cancels/
├── .gitignore
└── <job id>.<cell>            empty; gone when the job has ended
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

from app.compare import kinds
from app.compare.standing import standing_of
from app.videos import disk
from longtake import Filter, Job, JobContext, JobQueue, NotPossibleNow

T = TypeVar("T")

_SECONDS_BETWEEN_LOOKS = 0.25


class Wishes:
    """Which cells of one job are to be cancelled."""

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def of(self, cell: str) -> asyncio.Event:
        """Set as soon as somebody wants the cell cancelled."""
        return self._events[cell]


class CellCancels:
    """The marks of all jobs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def ask(self, job_id: str, cell: str) -> None:
        """Want a cell cancelled; `job_id` and `cell` are known to be such. Raises NoRoom."""
        await asyncio.to_thread(self._ask, job_id, cell)

    async def clear(self, job_id: str, cell: str) -> None:
        """Want it no more."""
        await asyncio.to_thread((self._folder / f"{job_id}.{cell}").unlink, missing_ok=True)

    @asynccontextmanager
    async def watching(self, job: JobContext) -> AsyncIterator[Wishes]:
        """See the marks of a job while it runs; once it has ended they are gone."""
        wishes = Wishes()
        await self._look(job.job_id, wishes)
        watching = asyncio.create_task(self._keep_looking(job.job_id, wishes))
        try:
            yield wishes
        except asyncio.CancelledError:
            if job.cancelled:
                await self._clear_all(job.job_id)
            raise  # else only the worker stops: another one goes on
        except Exception:
            await self._clear_all(job.job_id)
            raise
        else:
            await self._clear_all(job.job_id)
        finally:
            watching.cancel()

    async def _keep_looking(self, job_id: str, wishes: Wishes) -> None:
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            await self._look(job_id, wishes)

    async def _look(self, job_id: str, wishes: Wishes) -> None:
        for path in await asyncio.to_thread(self._marks, job_id):
            wishes.of(path.name.removeprefix(f"{job_id}.")).set()

    async def _clear_all(self, job_id: str) -> None:
        for path in await asyncio.to_thread(self._marks, job_id):
            path.unlink(missing_ok=True)

    def _marks(self, job_id: str) -> list[Path]:
        return list(self._folder.glob(f"{job_id}.*"))

    def _ask(self, job_id: str, cell: str) -> None:
        with disk.full_disk_as_no_room():
            if not self._folder.is_dir():
                self._folder.mkdir(disk.PRIVATE_FOLDER, parents=True, exist_ok=True)
                with suppress(FileExistsError):
                    disk.write_file(self._folder / ".gitignore", b"*\n")
            with suppress(FileExistsError):
                disk.write_file(self._folder / f"{job_id}.{cell}", b"")


async def cancel_cell(queue: JobQueue, cancels: CellCancels, job_id: str, cell: str) -> Job:
    """Want one cell of an unfinished comparison cancelled; the others go on. Returns the job.

    Raises JobNotFound, NotAComparison, CellNotFound, NoRoom, and NotPossibleNow when the cell or the job has ended.
    """
    standing = await standing_of(queue, job_id)
    plan = standing.plan(cell)
    if standing.job.status.is_final or plan.cell in standing.cells:
        what = f"Cell {plan.cell} is {standing.state(plan.cell)}"
        raise NotPossibleNow(f"{what}: only cells that wait or are being asked can be cancelled.")
    await cancels.ask(standing.job.id, plan.cell)
    return standing.job


async def cancel_all(queue: JobQueue) -> int:
    """Cancel every unfinished comparison, those that wait for their time too; returns how many those were."""
    return sum([await queue.bulk("cancel", Filter(kind=kind)) for kind in (kinds.SINGLE, kinds.BATCH)])


async def unless(end: Awaitable[object], work: Awaitable[T]) -> T | None:
    """Wait for some work; when the end comes first the work is cancelled, and None is returned once it has stopped."""
    task, waiting = asyncio.ensure_future(work), asyncio.ensure_future(end)
    try:
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        await _stop(task)
        if task.cancelled() or task.exception() is not None:
            raise
    finally:
        waiting.cancel()
    await _stop(task)
    return None if task.cancelled() else task.result()


async def _stop(task: asyncio.Future[T]) -> None:
    """Cancel until it is over; who is cancelled once more meanwhile waits all the same, for what the task comes to."""
    while not task.done():
        task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait({task})
