"""What a comparison did not pay again: calls that an earlier attempt had finished, or that went on meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from app.compare.cells import Cell
from app.compare.standing import Standing
from longtake import Step


class KeptCalls(Struct, frozen=True):
    """Paid calls, and what they cost."""

    calls: int
    usd: float
    """Estimated."""


def finished_before(standing: Standing, steps: Iterable[Step]) -> KeptCalls:
    """The paid calls that the job's latest attempt found answered."""
    attempts = standing.job.attempts
    if len(attempts) <= 1:
        return KeptCalls(0, 0.0)
    begun = attempts[-1].started_at
    names = {step.name for step in steps if step.finished_at < begun}
    return _of([cell for name, cell in standing.cells.items() if f"cell {name}" in names])


def heard_again(standing: Standing) -> KeptCalls:
    """The paid calls that went on at the provider, and were only listened to again."""
    return _of([cell for cell in standing.cells.values() if cell.reattached])


def _of(cells: Sequence[Cell]) -> KeptCalls:
    paid = [cell for cell in cells if cell.provider_id is not None]
    return KeptCalls(len(paid), sum(cell.cost_usd or 0.0 for cell in paid))
