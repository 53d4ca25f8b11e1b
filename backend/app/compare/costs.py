"""What comparisons have cost so far, by the estimated prices of their answers."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from app.compare.cells import Cell, CellState
from app.compare.standing import NotAComparison, read_standing
from longtake import Job, JobDamaged, JobNotFound, JobQueue, Step, StorageProblem


class Cost(Struct, frozen=True, kw_only=True):
    """What one comparison cost."""

    usd: float
    """Of the answers whose price is known."""
    unknown: int = 0
    """Answers whose price nobody knows: `usd` is without them."""


async def costs_of(queue: JobQueue, job_ids: Sequence[str]) -> dict[str, Cost]:
    """The costs of those that are comparisons with an answer and can be read."""
    costs: dict[str, Cost] = {}
    for job_id in job_ids:
        try:
            job = await queue.get(job_id)
            steps = [] if job.result is not None else await queue.steps(job_id)
            cost = cost_of(job, steps)
        except (JobNotFound, JobDamaged, NotAComparison, StorageProblem):  # its own page says why
            continue
        if cost is not None:
            costs[job_id] = cost
    return costs


def cost_of(job: Job, steps: Sequence[Step]) -> Cost | None:
    """What a comparison cost; None before its first answer. Raises NotAComparison."""
    cells = [cell for cell in read_standing(job, steps).cells.values() if _counts(cell)]
    if not cells:
        return None
    known = [cell.cost_usd for cell in cells if cell.cost_usd is not None]
    return Cost(usd=sum(known), unknown=len(cells) - len(known))


def _counts(cell: Cell) -> bool:
    """An error tells no price, and mostly has none."""
    return cell.state is not CellState.FAILED or cell.cost_usd is not None
