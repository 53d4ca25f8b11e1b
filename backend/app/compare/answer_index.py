"""Where each question was answered before: what was asked, as a hash, and the cells that hold the answers.

The answers themselves stay in their jobs, and go with them. The file (SQLite) may be deleted at any time: then what was
answered until now is asked anew.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

T = TypeVar("T")

_TABLE = """
create table if not exists answers (
    question text not null, job_id text not null, cell text not null, is_reused integer not null,
    primary key (question, job_id)
) without rowid
"""
_PATIENCE = 5.0
_log = logging.getLogger(__name__)


class Origin(Struct, frozen=True, kw_only=True):
    """The cell that an answer comes from."""

    job_id: str
    cell: str


class AnswerIndex:
    """Knows cells by question. It never stands in the way: when the file gives trouble, nothing is known."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def find(self, question: str, *, for_job: str) -> list[Origin]:
        """The cells that answered it, newest job first; none when this very job had its answer once.

        A job that asks the same again was told to by a person, who wants another answer.
        """
        return await asyncio.to_thread(self._try, lambda db: _find(db, question, for_job), [])

    async def note(self, question: str, origin: Origin, *, is_reused: bool) -> None:
        """Note that a cell has its answer, of its own or from an earlier cell."""
        row = (question, origin.job_id, origin.cell, is_reused)
        await asyncio.to_thread(
            self._try, lambda db: db.execute("insert or replace into answers values (?, ?, ?, ?)", row), None
        )

    async def forget(self, question: str, origin: Origin) -> None:
        """Note that a cell holds no such answer (any more)."""
        row = (question, origin.job_id)
        await asyncio.to_thread(
            self._try, lambda db: db.execute("delete from answers where question = ? and job_id = ?", row), None
        )

    def _try(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        try:
            return self._work(work)
        except sqlite3.OperationalError as error:  # busy, full, not allowed: another time
            _log.warning("%s cannot be used now: %s", self._path, error)
        except sqlite3.DatabaseError as error:
            _log.warning("%s is damaged and made anew: %s", self._path, error)
            self._path.unlink(missing_ok=True)
        return otherwise

    def _work(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
        with closing(sqlite3.connect(self._path, timeout=_PATIENCE)) as db, db:
            db.execute("pragma synchronous = off")
            db.execute(_TABLE)
            return work(db)


def _find(db: sqlite3.Connection, question: str, for_job: str) -> list[Origin]:
    rows = db.execute(
        "select job_id, cell, is_reused from answers where question = ? order by job_id desc", (question,)
    )
    found = rows.fetchall()
    if any(job_id == for_job for job_id, _, _ in found):
        return []
    return [Origin(job_id=job_id, cell=cell) for job_id, cell, is_reused in found if not is_reused]
