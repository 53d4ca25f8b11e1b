"""What a comparison comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from app.compare.cells import Cell, CellState


class Totals(Struct, frozen=True, kw_only=True):
    """The cells in figures."""

    cells: int
    completed: int = 0
    failed: int = 0
    blocked: int = 0
    cut_off: int = 0
    empty: int = 0
    cancelled: int = 0
    cost_usd: float | None = None
    """Estimated; None when the price of any answer is unknown."""
    reused: int = 0
    """Cells with the answer of an earlier one."""
    saved_usd: float = 0.0
    """What those answers had cost, as far as it is known."""
    seconds: float = 0.0
    """Sum of what the cells took."""


class Comparison(Struct, frozen=True, kw_only=True):
    """The result of a job that compares."""

    cells: tuple[Cell, ...]
    totals: Totals


def summed_up(cells: Sequence[Cell]) -> Comparison:
    """The comparison of these cells."""
    states = Counter(cell.state.value for cell in cells)
    costs = [cell.cost_usd for cell in cells if cell.state is not CellState.FAILED]
    known = [cost for cost in costs if cost is not None]
    totals = Totals(
        cells=len(cells),
        cost_usd=sum(known) if len(known) == len(costs) else None,
        reused=sum(cell.reused_from is not None for cell in cells),
        saved_usd=sum(cell.saved_usd or 0.0 for cell in cells),
        seconds=sum(cell.timings.total or 0.0 for cell in cells),
        **states,
    )
    return Comparison(cells=tuple(cells), totals=totals)


def why_all_failed(cells: Sequence[Cell]) -> str | None:
    """One sentence when no cell was answered, None when any was."""
    errors = [cell.error for cell in cells if cell.state is CellState.FAILED and cell.error is not None]
    if not cells or len(errors) < len(cells):
        return None
    first = f"{cells[0].model}: {errors[0].message} {errors[0].what_to_do}"
    return first if len(cells) == 1 else f"All {len(cells)} cells failed. The first: {first}"
