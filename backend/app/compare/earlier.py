"""Answers from earlier cells in place of new calls: only to the same question, and marked as such."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

import msgspec
from msgspec.structs import replace

from app import __version__
from app.compare.answer_index import AnswerIndex, Origin
from app.compare.cells import Cell, CellPlan, CellState, Timings
from app.compare.standing import NotAComparison, Standing, standing_of
from app.compare.terms import given
from app.models.base import AskOptions, InputMode, ModelInfo
from longtake import JobDamaged, JobNotFound, JobQueue, StorageProblem

_REMEMBERED = 8
"""Comparisons: a new one mostly reuses the answers of one or two."""


class EarlierAnswers:
    """Finds what was answered before, in the jobs of one queue."""

    def __init__(self, index: AnswerIndex, queue: JobQueue) -> None:
        self._index = index
        self._queue = queue
        self._read: OrderedDict[tuple[str, int], Standing] = OrderedDict()

    async def find(
        self, plan: CellPlan, model: ModelInfo, *, for_job: str = "", read: dict[str, Standing | None] | None = None
    ) -> Cell | None:
        """The finished cell whose answer this one may have; None when it must be asked.

        `read` holds the comparisons that were read a moment ago, and takes those that are read now.
        """
        question = question_of(plan, model)
        if question is None:
            return None
        for origin in await self._index.find(question, for_job=for_job):
            cell = await self._cell(origin, {} if read is None else read)
            if cell is not None and question == question_of(_plan_of(cell), model) and is_reusable(cell):
                return reused(cell, plan, origin)
            await self._index.forget(question, origin)
        return None

    async def note(self, plan: CellPlan, model: ModelInfo, cell: Cell, job_id: str) -> None:
        """Let later cells have the answer of this one, if it is good for that."""
        question = question_of(plan, model)
        if question is not None and (is_reusable(cell) or cell.reused_from):
            origin = Origin(job_id=job_id, cell=cell.cell)
            await self._index.note(question, origin, is_reused=cell.reused_from is not None)

    async def _cell(self, origin: Origin, read: dict[str, Standing | None]) -> Cell | None:
        if origin.job_id not in read:
            read[origin.job_id] = await self._standing(origin.job_id)
        standing = read[origin.job_id]
        return None if standing is None else standing.cells.get(origin.cell)

    async def _standing(self, job_id: str) -> Standing | None:
        """A comparison as it is now; None when it is gone."""
        try:
            job = await self._queue.get(job_id)
            standing = self._read.get((job.id, job.revision)) or await standing_of(self._queue, job.id)
        except (JobNotFound, JobDamaged, NotAComparison, StorageProblem):
            return None
        if job.status.is_final:
            self._read[job.id, job.revision] = standing
            if len(self._read) > _REMEMBERED:
                self._read.popitem(last=False)
        return standing


def question_of(plan: CellPlan, model: ModelInfo) -> str | None:
    """Hash of all that an answer depends on; None for simulations, which answer nothing."""
    if model.input_mode is InputMode.SIMULATED:
        return None
    program = __version__ if model.input_mode is InputMode.LOCAL else None
    asked = (plan.video_id, plan.prompt, plan.model, program, given(plan.options), plan.repeat)
    return hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).hexdigest()


def is_reusable(cell: Cell) -> bool:
    """Whether it has a whole answer of its own, by the model that was asked, as it was asked for."""
    whole = cell.state is CellState.COMPLETED and cell.schema_error is None
    return whole and cell.reused_from is None and not cell.rerouted


def reused(cell: Cell, plan: CellPlan, origin: Origin) -> Cell:
    """The cell of a plan with the answer of an earlier one."""
    return replace(
        cell,
        cell=plan.cell,
        reused_from=origin,
        cost_usd=0.0,
        saved_usd=cell.cost_usd,
        timings=Timings(),
        attempts=0,
        provider_id=None,
        reattached=False,
        paid_twice_possible=False,
    )


def _plan_of(cell: Cell) -> CellPlan:
    options = msgspec.convert(cell.options, AskOptions)
    return CellPlan(
        cell=cell.cell,
        video_id=cell.video_id,
        prompt=cell.prompt,
        model=cell.model,
        repeat=cell.repeat,
        options=options,
    )
