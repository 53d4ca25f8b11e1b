"""Between one cell and the model that answers it: what is shown, kept, waited for and paid."""

from __future__ import annotations

from typing import Any, Protocol

from app.compare.cells import CellPlan
from app.compare.till import Bill
from app.models.limits.line import Line
from app.models.limits.pace import Wait, Why

_WAITS = {
    Why.REFUSED: "{model} takes no more requests just now",
    Why.REQUESTS: "The limit of requests a minute for {model} is reached",
    Why.TOKENS: "The limit of tokens a minute for {model} is reached",
    Why.PACE: "Keeping to the pace that {model} allows",
    Why.SCOUT: "Another cell asks {model} first",
}
_WORTH_SHOWING = 1.0
"""Seconds."""


class Notebook(Protocol):
    """What the job offers to a cell while it is asked."""

    @property
    def cancelled(self) -> bool:
        """Whether a person has cancelled the job."""
        ...

    async def show(self, plan: CellPlan, **values: Any) -> None:
        """Show how the cell is doing."""
        ...

    def kept(self, plan: CellPlan, name: str) -> Any:
        """What was kept for this cell by an earlier attempt."""
        ...

    async def keep(self, plan: CellPlan, name: str, value: Any) -> None:
        """Keep a value for later attempts, durably."""
        ...


class CellListener:
    """Hears how one answer grows, for the page and for what must survive a crash."""

    def __init__(self, plan: CellPlan, notebook: Notebook, line: Line) -> None:
        self._plan = plan
        self._notebook = notebook
        self._has_waited = False
        self.turn = line.turn(self._waits)
        self.text = ""
        self.bill: Bill | None = None
        """Of the attempt that is made now; None where nobody charges."""

    async def partial(self, text: str) -> None:
        """Take the whole text so far."""
        self.text = text
        self.turn.heard()
        await self._notebook.show(self._plan, text=text)

    async def progress(self, percent: float, message: str) -> None:
        """Take the progress of this answer."""
        await self._notebook.show(self._plan, percent=percent, message=message)

    async def asking(self) -> None:
        """Wait until the call may be made, then let it through or refuse it. Raises ModelError."""
        await self.turn.before_call()
        if self._has_waited:
            self._has_waited = False
            await self._notebook.show(self._plan, message=f"Asking {self._plan.model}")
        if self.bill is not None:
            await self.bill.asking()

    async def call_accepted(self) -> None:
        """The provider has let the call in."""
        self.turn.heard()
        if self.bill is not None:
            self.bill.accepted()

    async def waits(self, message: str, seconds: float) -> None:
        """Show that nothing happens for so long, and why."""
        self._has_waited = True
        await self._notebook.show(self._plan, message=f"{message} Going on in {seconds:.0f} s.", waiting=seconds)

    async def _waits(self, wait: Wait) -> None:
        if wait.seconds >= _WORTH_SHOWING:
            await self.waits(_WAITS[wait.why].format(model=self._plan.model) + ".", wait.seconds)

    def kept(self, name: str) -> Any:
        """What an earlier attempt or process kept under this name; None if nothing."""
        return self._notebook.kept(self._plan, name)

    async def keep(self, name: str, value: Any) -> None:
        """Keep a value, durably; a later one replaces it."""
        await self._notebook.keep(self._plan, name, value)
