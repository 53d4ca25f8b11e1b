"""Runs the cells of a comparison as steps of its job: each is asked once, whatever happens in between."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from app.compare.arrivals import Arrivals
from app.compare.asking import CellAsker
from app.compare.cells import Cell, CellError, CellPlan, not_asked
from app.compare.results import Comparison, summed_up, why_all_failed
from app.models.errors import ErrorKind
from longtake import JobContext, PermanentError


async def compare_cells(job: JobContext, plans: Sequence[CellPlan], asker: CellAsker, arrivals: Arrivals) -> Comparison:
    """Ask every cell, those of a video that is still being uploaded once it is there, and sum up.

    Raises:
        PermanentError: no cell was answered; the message says why.
    """
    board = _Board(job, plans, arrivals)
    desk = _Desk(job, board, asker)
    await board.report()
    waiting = set(arrivals.awaited)
    async with asyncio.TaskGroup() as group:
        tasks = {plan.cell: group.create_task(desk.answer(plan)) for plan in plans if plan.video_id not in waiting}
        while arrivals.awaited:
            for arrival in await arrivals.some(tasks.values(), told=board.report):
                for plan in [plan for plan in plans if plan.video_id == arrival.upload_id]:
                    there = replace(plan, video_id=arrival.video_id or plan.video_id)
                    tasks[plan.cell] = group.create_task(desk.answer(there, arrival.error))
    cells = [tasks[plan.cell].result() for plan in plans]
    if reason := why_all_failed(cells):
        raise PermanentError(reason)
    return summed_up(cells)


class _Desk:
    """Brings each cell of a job to its end."""

    def __init__(self, job: JobContext, board: _Board, asker: CellAsker) -> None:
        self._job = job
        self._board = board
        self._asker = asker
        self._used_up: dict[str, CellError] = {}
        self._begun = time.monotonic()

    async def answer(self, plan: CellPlan, hindrance: CellError | None = None) -> Cell:
        """Ask a cell in its turn; with a hindrance it fails by that at once."""
        if hindrance is None:
            cell = await self._in_turn(plan)
        else:
            cell = await self._without_asking(plan, hindrance)
        await self._board.finished(plan)
        return cell

    async def _without_asking(self, plan: CellPlan, error: CellError) -> Cell:
        async def fail(plan: CellPlan) -> Cell:
            return await self._fail(plan, error)

        return await self._job.step(f"cell {plan.cell}", fail, plan)

    async def _in_turn(self, plan: CellPlan) -> Cell:
        async with self._asker.place(plan, self._job.job_id):
            cell: Cell = await self._job.step(f"cell {plan.cell}", self._ask, plan)
            times = 1
            while cell.is_to_be_asked_again and not self._job.cancelled:  # broken off in an earlier attempt
                times += 1
                cell = await self._job.step(f"cell {plan.cell} again {times}", self._ask, plan)
        return cell

    async def _ask(self, plan: CellPlan) -> Cell:
        if (error := self._used_up.get(plan.model)) is not None:
            return await self._fail(plan, error)
        self._board.begins(plan, datetime.now(UTC))
        cell = await self._asker.ask(plan, self._board, time.monotonic() - self._begun)
        if cell.error is not None and cell.error.kind == ErrorKind.DAILY_QUOTA:
            self._used_up[plan.model] = cell.error
        return cell

    async def _fail(self, plan: CellPlan, error: CellError) -> Cell:
        return not_asked(plan, error, time.monotonic() - self._begun)


class _Board:
    """Turns what the cells say into the progress of the job."""

    def __init__(self, job: JobContext, plans: Sequence[CellPlan], arrivals: Arrivals) -> None:
        self._job = job
        self._arrivals = arrivals
        self._percents = {plan.cell: 0.0 for plan in plans}
        self._shown: dict[str, dict[str, Any]] = {}
        self._done = 0
        self._message = "Starting"

    @property
    def cancelled(self) -> bool:
        """Whether a person has cancelled the job."""
        return self._job.cancelled

    def begins(self, plan: CellPlan, now: datetime) -> None:
        """Show that it is the cell's turn."""
        self._shown[plan.cell] = {"model": plan.model, "started_at": now.isoformat()}
        self._job.publish(f"cell {plan.cell}", self._shown[plan.cell])

    async def show(self, plan: CellPlan, **values: Any) -> None:
        """Show how a cell is doing; whoever looks at the job sees it within a quarter of a second."""
        shown = self._shown.setdefault(plan.cell, {"model": plan.model})
        shown.pop("waiting", None)
        shown.update(values)
        self._percents[plan.cell] = max(self._percents[plan.cell], min(99.0, shown.get("percent", 0.0)))
        self._message = f"{plan.model}: {shown['message']}" if "message" in shown else f"Asking {plan.model}"
        self._job.publish(f"cell {plan.cell}", shown)
        await self.report()

    def kept(self, plan: CellPlan, name: str) -> Any:
        """What an earlier attempt kept for the cell."""
        return self._job.kept(f"cell {plan.cell} {name}")

    async def keep(self, plan: CellPlan, name: str, value: Any) -> None:
        """Keep a value for later attempts."""
        await self._job.keep(f"cell {plan.cell} {name}", value)

    async def finished(self, plan: CellPlan) -> None:
        """Count a cell as done."""
        self._done += 1
        self._percents[plan.cell] = 100.0
        if self._shown.pop(plan.cell, None) is not None:
            self._job.publish(f"cell {plan.cell}", None)
        self._message = f"{plan.model} answered"
        await self.report()

    async def report(self) -> None:
        """Say how far the whole is."""
        total = len(self._percents)
        percent = sum(self._percents.values()) / total
        waiting = self._arrivals.in_words()
        says = [waiting, self._message if self._shown or not waiting else ""]
        await self._job.report(percent, f"{self._done} of {total} cells. {'. '.join(filter(None, says))}")
