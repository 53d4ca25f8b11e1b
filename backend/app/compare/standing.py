"""A comparison as it stands, finished or not: what was asked, and which cells have been answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from app.compare import kinds
from app.compare.arrivals import arrived
from app.compare.cells import Cell, CellPlan, CellState, plan_cells
from app.compare.results import Comparison, Totals, summed_up
from app.compare.terms import Terms
from longtake import Job, JobQueue, Step

STEP_PREFIX = "cell "
"""The step that asks cell 1.2.3 is called `cell 1.2.3`; once it was cancelled, `cell 1.2.3 again 2`."""


class NotAComparison(ValueError):
    """The job is of another kind, or its arguments are not those of a comparison."""

    def __init__(self, job: Job) -> None:
        super().__init__(f"Job {job.id} is no comparison but of kind {job.kind!r}: it has no cells.")


class CellNotFound(LookupError):
    """The comparison has no such cell."""

    def __init__(self, cell: str) -> None:
        super().__init__(
            f"There is no cell {cell[:20]!r} in this comparison: cells are called video.prompt.model, such as 1.1.2."
        )


class Standing(Struct, frozen=True, kw_only=True):
    """A comparison as it stands."""

    job: Job
    plans: tuple[CellPlan, ...]
    """What was asked, in the order of reading."""
    cells: Mapping[str, Cell]
    """What is answered, by the name of the cell."""

    def plan(self, cell: str) -> CellPlan:
        """What is asked in a cell. Raises CellNotFound."""
        for plan in self.plans:
            if plan.cell == cell:
                return plan
        raise CellNotFound(cell)

    def state(self, cell: str) -> str:
        """How a cell ended; `waiting` or `cancelled` when it has not."""
        if cell in self.cells:
            return self.cells[cell].state.value
        return CellState.CANCELLED.value if self.job.status.is_final else "waiting"

    @property
    def failed(self) -> list[str]:
        """The names of the cells that came to an error, or were broken off."""
        return [
            name for name, cell in self.cells.items() if cell.state is CellState.FAILED or cell.is_to_be_asked_again
        ]

    @property
    def totals(self) -> Totals:
        """The answered cells in figures."""
        return summed_up(list(self.cells.values())).totals


async def standing_of(queue: JobQueue, job_id: str) -> Standing:
    """Read how a comparison stands. Raises JobNotFound, NotAComparison."""
    job = await queue.get(job_id)
    return read_standing(job, await queue.steps(job_id))


def read_standing(job: Job, steps: Sequence[Step]) -> Standing:
    """Put together how a comparison stands. Raises NotAComparison."""
    recorded = [step.value for step in steps if step.name.startswith(STEP_PREFIX)]
    try:
        result = (
            {} if job.result is None else {cell.cell: cell for cell in msgspec.convert(job.result, Comparison).cells}
        )
        cells = result | {cell.cell: cell for cell in msgspec.convert(recorded, list[Cell])}
        plans = tuple(arrived(plans_of(job), steps))
    except msgspec.ValidationError as error:
        raise NotAComparison(job) from error
    return Standing(job=job, plans=plans, cells={plan.cell: cells[plan.cell] for plan in plans if plan.cell in cells})


def plans_of(job: Job) -> list[CellPlan]:
    """The cells that a job asks. Raises NotAComparison."""
    try:
        if job.kind == kinds.SINGLE:
            asked = msgspec.convert(job.args, _SingleArgs)
            return plan_cells([asked.video_id], [asked.prompt], asked.models, terms_of(job))
        if job.kind == kinds.BATCH:
            several = msgspec.convert(job.args, _BatchArgs)
            return plan_cells(several.video_ids, several.prompts, several.models, terms_of(job))
    except msgspec.ValidationError as error:
        raise NotAComparison(job) from error
    raise NotAComparison(job)


def terms_of(job: Job) -> Terms:
    """How a job asks its cells. Raises msgspec.ValidationError."""
    return msgspec.convert(job.args, Terms)


class _SingleArgs(Struct):
    video_id: str
    prompt: str
    models: list[str]


class _BatchArgs(Struct):
    video_ids: list[str]
    prompts: list[str]
    models: list[str]
