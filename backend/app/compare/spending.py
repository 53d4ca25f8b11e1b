"""What paid calls come to: frozen data and sums. `ledger.py` keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

Usd = Annotated[float, Meta(ge=0)]


class Intent(Struct, frozen=True, kw_only=True, tag="asked", tag_field="line"):
    """The line before a call: it is about to be made."""

    call: str
    """The day of this line, and a random part."""
    at: datetime
    job_id: str
    cell: str
    model: str
    estimated_usd: Usd | None
    """None when nobody knows."""


class Ending(StrEnum):
    """What came of a call."""

    ANSWERED = "answered"
    REFUSED = "refused"
    """It never reached the provider, or the provider refused it: nothing is charged."""
    FAILED = "failed"
    """It may have been charged."""
    STOPPED = "stopped"
    """A person cancelled it: it may have been charged."""
    LOST = "lost"
    """Nobody was there any more when it ended: it may have been charged."""


class Outcome(Struct, frozen=True, kw_only=True, tag="ended", tag_field="line"):
    """The line after a call."""

    call: str
    at: datetime
    ending: Ending
    cost_usd: Usd | None = None
    """None when nobody knows."""
    provider_id: str | None = None
    """The provider's own name for the call."""


class Call(Struct, frozen=True):
    """One paid call, as the two lines tell it."""

    intent: Intent
    outcome: Outcome | None = None
    """None while it goes on, and for ever when its process died in it."""

    @property
    def usd(self) -> float | None:
        """What it counts for: its cost, or its estimate while that is not known; None when neither is."""
        if self.outcome is None or self.outcome.cost_usd is None:
            return self.intent.estimated_usd
        return self.outcome.cost_usd


class Spending(Struct, frozen=True, kw_only=True):
    """What several calls come to, in US dollars, estimated by published prices."""

    usd: float = 0.0
    """All that is known or estimated, what goes on included."""
    open_usd: float = 0.0
    """The part of it that is reserved for calls without an outcome."""
    calls: int = 0
    open_calls: int = 0
    unknown_calls: int = 0
    """Calls of which neither cost nor estimate is known: `usd` is without them."""


def summed(calls: Iterable[Call]) -> Spending:
    """Sum up calls."""
    all_calls = list(calls)
    opened = [call for call in all_calls if call.outcome is None]
    return Spending(
        usd=sum(call.usd or 0.0 for call in all_calls),
        open_usd=sum(call.usd or 0.0 for call in opened),
        calls=len(all_calls),
        open_calls=len(opened),
        unknown_calls=sum(call.usd is None for call in all_calls),
    )


class Caps(Struct, frozen=True, kw_only=True):
    """The most that may be spent; None is no limit."""

    job_usd: float | None = None
    day_usd: float | None = None
    """All jobs together, from midnight to midnight UTC."""
    allow_unknown: bool = False
    """Whether calls whose price nobody knows may be made although there is a cap."""


class Excess(Struct, frozen=True):
    """Why a call may not be made: two sentences."""

    why: str
    what_to_do: str


def excess(caps: Caps, estimated: float | None, job: Spending, day: Spending) -> Excess | None:
    """Tell what keeps a call from being made; None if nothing does."""
    if estimated is None:
        if caps.allow_unknown or (caps.job_usd is None and caps.day_usd is None):
            return None
        return Excess(
            "What this call would cost is not known, so the budget could not be kept.",
            "Ask this model without a budget, or set LONGTAKE_COMPARE_UNKNOWN_PRICES=allow and start again.",
        )
    if caps.job_usd is not None and job.usd + estimated > caps.job_usd:
        return Excess(
            f"The budget of this job is used up: {_spent(job, caps.job_usd, estimated)}.",
            "Submit the comparison again with a higher budget: what is answered already is not paid again.",
        )
    if caps.day_usd is not None and day.usd + estimated > caps.day_usd:
        return Excess(
            f"The cap of the day is reached: {_spent(day, caps.day_usd, estimated)}.",
            "Retry the failed cells after midnight UTC, or raise LONGTAKE_COMPARE_DAY_CAP_USD and start again.",
        )
    return None


class Outlook(Struct, frozen=True):
    """How a comparison would fare under the caps."""

    is_over: bool
    not_asked: tuple[str, ...]
    """Models that would not be asked, since their cost is not known."""
    why: str | None


def foresee(caps: Caps, costs: Mapping[str, float | None], day: Spending) -> Outlook:
    """Tell how calls would fare whose costs together are known by model, or not."""
    total = sum(cost or 0.0 for cost in costs.values())
    unknown = excess(caps, None, Spending(), day)
    not_asked = tuple(model for model, cost in costs.items() if cost is None and unknown)
    return Outlook(
        is_over=bool(total) and excess(caps, total, Spending(), day) is not None,
        not_asked=not_asked,
        why=f"{unknown.why} {unknown.what_to_do}" if unknown and not_asked else None,
    )


def _spent(spending: Spending, cap: float, estimated: float) -> str:
    return f"${spending.usd:.4f} of ${cap:g} are spent or reserved, and this call takes about ${estimated:.4f} (est.)"
