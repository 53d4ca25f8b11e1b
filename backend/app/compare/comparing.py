"""Runs the cells of a comparison as steps of its job: each is asked once, whatever happens in between."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from app.compare.asking import CellAsker
from app.compare.cells import Cell, CellError, CellPlan, not_asked
from app.compare.results import Comparison, summed_up, why_all_failed
from app.models.errors import ErrorKind
from longtake import JobContext, PermanentError


async def compare_cells(job: JobContext, plans: Sequence[CellPlan], asker: CellAsker) -> Comparison:
    """Ask every cell and sum up.

    Raises:
        PermanentError: no cell was answered; the message says why.
    """
    board = _Board(job, plans)
    used_up: dict[str, CellError] = {}
    begun = time.monotonic()
    await board.report()

    async def ask(plan: CellPlan) -> Cell:
        if (error := used_up.get(plan.model)) is not None:
            return not_asked(plan, error, time.monotonic() - begun)
        board.begins(plan, datetime.now(UTC))
        cell = await asker.ask(plan, board, time.monotonic() - begun)
        if cell.error is not None and cell.error.kind == ErrorKind.DAILY_QUOTA:
            used_up[plan.model] = cell.error
        return cell

    async def in_turn(plan: CellPlan) -> Cell:
        async with asker.place(plan, job.job_id):
            cell: Cell = await job.step(f"cell {plan.cell}", ask, plan)
            times = 1
            while cell.is_to_be_asked_again and not job.cancelled:  # broken off in an earlier attempt
                times += 1
                cell = await job.step(f"cell {plan.cell} again {times}", ask, plan)
        await board.finished(plan)
        return cell

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(in_turn(plan)) for plan in plans]
    cells = [task.result() for task in tasks]
    if reason := why_all_failed(cells):
        raise PermanentError(reason)
    return summed_up(cells)


class _Board:
    """Turns what the cells say into the progress of the job."""

    def __init__(self, job: JobContext, plans: Sequence[CellPlan]) -> None:
        self._job = job
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
        await self._job.report(percent, f"{self._done} of {total} cells. {self._message}")
