"""Cells that are asked in this process, of models at the stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from standin.trying import looks_like_film

from app.compare.answer_index import AnswerIndex
from app.compare.asking import CellAsker
from app.compare.cancelling import CellCancels
from app.compare.cells import Cell, CellPlan, plan_cells
from app.compare.earlier import EarlierAnswers
from app.compare.ledger import Ledger
from app.compare.spending import Caps
from app.compare.till import Till
from app.models.base import VideoModel
from app.models.limits.limits import Limits
from app.models.registry import Registry
from app.videos.library import VideoLibrary
from longtake import JobQueue


class Board:
    """Remembers what the cells show and keep."""

    def __init__(self) -> None:
        self.shown: list[dict[str, Any]] = []
        self.journal: dict[tuple[str, str], Any] = {}
        self.cancelled = False

    async def show(self, plan: CellPlan, **values: Any) -> None:
        """Remember it."""
        self.shown.append({"cell": plan.cell, **values})

    def kept(self, plan: CellPlan, name: str) -> Any:
        """What was kept."""
        return self.journal.get((plan.cell, name))

    async def keep(self, plan: CellPlan, name: str, value: Any) -> None:
        """Keep it."""
        self.journal[plan.cell, name] = value

    def waits(self) -> list[str]:
        """The messages of all waits that were shown."""
        return [shown["message"] for shown in self.shown if "waiting" in shown]


class OneFilm:
    """A library that holds one film under every id."""

    def __init__(self, folder: Path) -> None:
        self._film = looks_like_film(folder / "film.mp4")

    async def get(self, video_id: str) -> Any:
        """The film."""
        return SimpleNamespace(video_id=video_id, facts=self._film)

    def path_of(self, video: object) -> Path:
        """Where it is."""
        return self._film.path


def asker_of(models: Sequence[VideoModel], folder: Path, limits: Limits) -> CellAsker:
    """An asker of these models about one film."""
    till = Till(Ledger(folder / "spending"), Caps())
    earlier = EarlierAnswers(AnswerIndex(folder / "answers.sqlite"), JobQueue(folder / "jobs", mode="external"))
    film = cast("VideoLibrary", OneFilm(folder))
    return CellAsker(Registry(models), film, limits, till, earlier, cancels=CellCancels(folder / "cancels"))


def prompts(count: int) -> list[str]:
    """So many prompts, each another."""
    return [f"Question {number}" for number in range(1, count + 1)]


def ask_all(
    asker: CellAsker,
    plans: Sequence[CellPlan],
    board: Board,
    meanwhile: Callable[[], None] = lambda: None,
) -> list[Cell]:
    """Ask every cell as a job does, without a job."""

    async def in_turn(plan: CellPlan) -> Cell:
        async with asker.place(plan, "job"):
            return await asker.ask(plan, board, 0.0)

    async def ask() -> list[Cell]:
        asking = asyncio.gather(*map(in_turn, plans))
        await asyncio.to_thread(meanwhile)
        return await asking

    return asyncio.run(ask())


def plans_of(models: Sequence[VideoModel], count: int = 1) -> list[CellPlan]:
    """So many questions to each model."""
    return plan_cells(["film"], prompts(count), [model.info.id for model in models])
