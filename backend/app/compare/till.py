"""Where calls are paid: each is in the ledger before it is made, no cap is broken, and a crash is owned up to."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

from msgspec.structs import replace

from app.compare.cells import CellPlan
from app.compare.expected import Film, expected
from app.compare.ledger import Ledger
from app.compare.spending import Call, Caps, Ending, Intent, Outcome
from app.models.base import Answer, ModelInfo, Resumable, VideoModel
from app.models.errors import ErrorKind, ModelError
from app.videos.errors import NoRoom

KEPT = "call"
"""The name under which a cell keeps the name of its call."""
_NEVER_CHARGED = frozenset(
    {
        ErrorKind.RATE_LIMIT,
        ErrorKind.OVERLOADED,
        ErrorKind.FILE_LOST,
        ErrorKind.DAILY_QUOTA,
        ErrorKind.AUTH,
        ErrorKind.BILLING,
        ErrorKind.NOT_FOUND,
        ErrorKind.INVALID,
        ErrorKind.VIDEO_MISSING,
        ErrorKind.UNREADABLE,
    }
)
_log = logging.getLogger(__name__)


class Memory(Protocol):
    """What a cell keeps over attempts and processes."""

    def kept(self, name: str) -> Any:
        """A kept value; None if there is none."""
        ...

    async def keep(self, name: str, value: Any) -> None:
        """Keep a value, durably."""
        ...


class Till:
    """Pays for the calls of one job."""

    def __init__(self, ledger: Ledger, caps: Caps, job_id: str = "") -> None:
        self._ledger = ledger
        self._caps = caps
        self._job_id = job_id

    def of_job(self, job_id: str, budget_usd: float | None) -> Till:
        """The same for a job with a budget of its own."""
        return Till(self._ledger, replace(self._caps, job_usd=budget_usd), job_id)

    async def stopped(self, memory: Memory) -> None:
        """Note that the call that is open, if there is one, is stopped since a person cancelled it."""
        calls = _Calls(self._ledger, memory)
        if call := await calls.open():
            await calls.end(call, Ending.STOPPED)

    def bill(self, plan: CellPlan, model: VideoModel, film: Film, memory: Memory) -> Bill:
        """Open the bill of one attempt at a cell."""
        return Bill(self._ledger, self._caps, _intent(self._job_id, plan, model.info, film), model, memory)


def was_asked(memory: Memory) -> bool:
    """Whether a paid call was made for the cell, or about to be."""
    return memory.kept(KEPT) is not None


def _intent(job_id: str, plan: CellPlan, info: ModelInfo, film: Film) -> Callable[[str], Intent]:
    estimated = expected(info, film, plan.prompt, plan.options).cost_usd

    def intent(call: str) -> Intent:
        return Intent(call=call, at=_now(), job_id=job_id, cell=plan.cell, model=plan.model, estimated_usd=estimated)

    return intent


class Bill:
    """One attempt at a cell: the call it makes, or the one of an earlier attempt that it listens to again."""

    def __init__(
        self, ledger: Ledger, caps: Caps, intent: Callable[[str], Intent], model: VideoModel, memory: Memory
    ) -> None:
        self._ledger = ledger
        self._caps = caps
        self._intent = intent
        self._model = model
        self._memory = memory
        self._calls = _Calls(ledger, memory)
        self._asked = False
        self._is_taken_in = False

    async def asking(self) -> None:
        """Note a call that is about to be made. Raises ModelError when a cap forbids it or it cannot be noted."""
        if self._asked and not self._is_taken_in:
            return  # the same question once more, since the first was refused
        await self._own_up(Ending.FAILED if self._asked else Ending.LOST)
        self._is_taken_in = False
        call = self._ledger.new_call()
        await self._memory.keep(KEPT, {"id": call})
        try:
            reason = await self._ledger.begin(self._intent(call), self._caps)
        except (NoRoom, OSError) as error:
            message = f"The ledger of paid calls cannot be written: {error}"
            advice = "Make room on the disk, or mend the rights of the folder spending/, then retry this cell."
            raise ModelError(ErrorKind.BUDGET, message, advice) from error
        if reason is not None:
            raise ModelError(ErrorKind.BUDGET, reason.why, reason.what_to_do)
        self._asked = True

    def accepted(self) -> None:
        """Note that the provider has let the call in: from now on it may be charged."""
        self._is_taken_in = True

    async def answered(self, answer: Answer) -> None:
        """Note what the answer cost."""
        if call := await self._calls.open():
            await self._calls.end(call, Ending.ANSWERED, answer.cost_usd, answer.provider_id)

    async def failed(self, error: ModelError) -> None:
        """Note what failed, unless the provider goes on and can be listened to again."""
        if isinstance(self._model, Resumable) and self._model.goes_on(self._memory.kept):
            return
        if call := await self._calls.open():
            was_looked_at = error.kind is ErrorKind.FILE_LOST and self._is_taken_in
            free = (error.kind in _NEVER_CHARGED and not was_looked_at) or not error.was_sent
            await self._calls.end(call, Ending.REFUSED if free else Ending.FAILED, 0.0 if free else None)

    @property
    def was_heard_again(self) -> bool:
        """Whether it asked nothing, but listened to what an earlier attempt had asked."""
        return not self._asked and was_asked(self._memory)

    async def _own_up(self, ending: Ending) -> None:
        """End a call whose answer nobody took, before it is made again: what it cost is not known."""
        if call := await self._calls.open():
            await self._calls.end(call, ending)
            await self._memory.keep(PAID_TWICE, call.intent.call)


class _Calls:
    """The call that a cell has noted last."""

    def __init__(self, ledger: Ledger, memory: Memory) -> None:
        self._ledger = ledger
        self._memory = memory

    async def open(self) -> Call | None:
        """The call, if nothing is noted of its end."""
        kept = self._memory.kept(KEPT)
        call = await self._ledger.find(kept["id"]) if kept else None
        return call if call is not None and call.outcome is None else None

    async def end(self, call: Call, ending: Ending, cost: float | None = None, provider_id: str | None = None) -> None:
        """Note how it ended."""
        outcome = Outcome(call=call.intent.call, at=_now(), ending=ending, cost_usd=cost, provider_id=provider_id)
        try:
            await self._ledger.end(outcome)
        except (NoRoom, OSError) as error:  # the answer is worth more: the call goes on counting at its estimate
            _log.error("What call %s came to is not in the ledger: %s", call.intent.call, error)


PAID_TWICE = "paid-twice"
"""Holds the name of a call that was made again, since nobody knows what came of it."""


def _now() -> datetime:
    return datetime.now(UTC)
