"""What people think of the answers: stars, notes and votes, one small file a job.

ratings/<job id>.json is replaced whole, durably. It lives as long as its job; what belongs to no job any more is swept
away when the server starts.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from app.compare.standing import Standing
from app.videos import disk
from longtake import JobNotFound, JobQueue, LongtakeError

LONGEST_NOTE = 5000
TIE = "tie"
BAD = "bad"
_log = logging.getLogger(__name__)


class Rating(Struct, frozen=True, kw_only=True):
    """What a person thinks of one answer."""

    stars: Annotated[int, Meta(ge=1, le=5)] | None = None
    note: Annotated[str, Meta(max_length=LONGEST_NOTE)] = ""


class Vote(Struct, frozen=True, kw_only=True):
    """Which of two answers to one question is better."""

    video_id: str
    prompt: str
    models: tuple[str, str]
    winner: str
    """One of the models, `tie`, or `bad` when neither is any good."""

    def is_about_the_same(self, other: Vote) -> bool:
        """Whether both judge the same two answers."""
        mine, theirs = ((vote.video_id, vote.prompt, {*vote.models}) for vote in (self, other))
        return mine == theirs


class Ratings(Struct, frozen=True, kw_only=True):
    """All that people think of one comparison."""

    cells: Mapping[str, Rating] = {}
    """By the name of the cell; only those with stars or a note."""
    votes: tuple[Vote, ...] = ()
    """The last one on each pair of answers."""


class Wins(Struct, frozen=True, kw_only=True):
    """How a model did in the votes."""

    won: int = 0
    lost: int = 0
    tied: int = 0
    """Also those where both were bad."""


class VoteNotPossible(ValueError):
    """The vote does not fit the comparison; the message says why."""


def win_table(votes: Iterable[Vote]) -> dict[str, Wins]:
    """Count the votes for and against each model."""
    table: dict[str, Wins] = {}
    for vote in votes:
        for model in vote.models:
            so_far = table.get(model, Wins())
            if vote.winner in {TIE, BAD}:
                table[model] = replace(so_far, tied=so_far.tied + 1)
            elif vote.winner == model:
                table[model] = replace(so_far, won=so_far.won + 1)
            else:
                table[model] = replace(so_far, lost=so_far.lost + 1)
    return table


class RatingsShelf:
    """Keeps the ratings in one folder; one program writes it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writing = asyncio.Lock()

    async def read(self, job_id: str) -> Ratings:
        """The ratings of a job that there is; empty when nobody has rated."""
        return await asyncio.to_thread(self._read, job_id)

    async def rate(self, standing: Standing, cell: str, rating: Rating) -> Ratings:
        """Set, or by an empty rating take back, what is thought of a cell. Raises CellNotFound, NoRoom."""
        standing.plan(cell)
        async with self._writing:
            before = await self.read(standing.job.id)
            cells = {name: kept for name, kept in before.cells.items() if name != cell}
            if rating != Rating():
                cells[cell] = rating
            return await self._replace(standing.job.id, replace(before, cells=cells))

    async def vote(self, standing: Standing, vote: Vote) -> Ratings:
        """Take a vote; a second one on the same pair replaces the first. Raises VoteNotPossible, NoRoom."""
        _check(standing, vote)
        async with self._writing:
            before = await self.read(standing.job.id)
            votes = [kept for kept in before.votes if not kept.is_about_the_same(vote)]
            return await self._replace(standing.job.id, replace(before, votes=(*votes, vote)))

    async def sweep(self, queue: JobQueue) -> None:
        """Remove the ratings of jobs that are gone."""
        for path in await asyncio.to_thread(lambda: list(self._folder.glob("*.json"))):
            try:
                await queue.get(path.stem)
            except JobNotFound:
                await asyncio.to_thread(path.unlink, missing_ok=True)
            except LongtakeError as error:  # it is there, but cannot be read now
                _log.warning("The ratings of job %s are kept: %s", path.stem, error)

    def _read(self, job_id: str) -> Ratings:
        path = self._path(job_id)
        try:
            return msgspec.json.decode(path.read_bytes(), type=Ratings)
        except FileNotFoundError:
            return Ratings()
        except (msgspec.MsgspecError, RecursionError) as error:
            aside = path.with_suffix(f".damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}")
            path.rename(aside)
            _log.warning("The ratings of job %s are damaged (%s) and kept as %s", job_id, error, aside.name)
            return Ratings()

    async def _replace(self, job_id: str, ratings: Ratings) -> Ratings:
        await asyncio.to_thread(self._write, job_id, ratings)
        return ratings

    def _write(self, job_id: str, ratings: Ratings) -> None:
        with disk.full_disk_as_no_room():
            self._set_up()
            half = self._folder / f"{secrets.token_hex(8)}.tmp"
            try:
                disk.write_file(half, msgspec.json.format(msgspec.json.encode(ratings)) + b"\n")
                half.rename(self._path(job_id))
            finally:
                half.unlink(missing_ok=True)
            disk.sync_folder(self._folder)

    def _set_up(self) -> None:
        if self._folder.is_dir():
            return
        self._folder.mkdir(disk.PRIVATE_FOLDER, parents=True)
        disk.write_file(self._folder / ".gitignore", b"*\n")

    def _path(self, job_id: str) -> Path:
        """Where the ratings of a job are; `job_id` was found in the queue, so it is no path."""
        return self._folder / f"{job_id}.json"


def _check(standing: Standing, vote: Vote) -> None:
    asked = {plan.model for plan in standing.plans if (plan.video_id, plan.prompt) == (vote.video_id, vote.prompt)}
    if not asked:
        raise VoteNotPossible("This comparison does not ask that prompt about that video.")
    if len({*vote.models} & asked) != len(vote.models):
        raise VoteNotPossible(f"Vote on two of the models that were asked: {', '.join(sorted(asked))}.")
    if vote.winner not in {*vote.models, TIE, BAD}:
        raise VoteNotPossible(f"The winner must be one of the two models, {TIE!r} or {BAD!r}.")
