"""A job as a row of the index, and what a filter asks of rows."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from longtake.ids import first_id
from longtake.job import JobSummary
from longtake.store import Filter

_BETWEEN = "\x1f"
"""Parts words; the sign that ASCII has for it."""

Known = tuple[int, int]
"""Time of last change (ns) and size of a job file when it was put into the index."""


def stat_of(path: Path | str) -> Known:
    """What the index keeps of a file's state."""
    stat = os.stat(path, follow_symlinks=False)
    return stat.st_mtime_ns, stat.st_size


def row_of(job: JobSummary, known: Known, position: int) -> tuple[Any, ...]:
    """The values of the columns, in their order."""
    words = " ".join((job.id, job.kind, job.title, *job.about, job.progress_message, job.error or "")).casefold()
    finished = job.finished_at.timestamp() if job.finished_at else None
    summary = msgspec.json.encode(job)
    found_by = (job.status.value, job.kind, _parted(job.tags), _parted(job.about), words, finished, job.keep)
    return (job.id, job.revision, *found_by, *known, position, summary)


def summary_in(data: bytes) -> JobSummary:
    """The job as its row has it."""
    return msgspec.json.decode(data, type=JobSummary)


def conditions_of(where: Filter) -> tuple[list[str], list[Any]]:
    """Conditions that a row has to meet, and the values in them."""
    conditions: list[str] = []
    values: list[Any] = []
    if where.status:
        conditions.append(f"status in ({', '.join('?' * len(where.status))})")
        values += [status.value for status in where.status]
    if where.kind is not None:
        conditions.append("kind = ?")
        values.append(where.kind)
    if where.tag is not None:
        conditions.append("instr(tags, ?) > 0")
        values.append(_parted((where.tag,)))
    if where.about is not None:
        conditions.append("instr(about, ?) > 0")
        values.append(_parted((where.about,)))
    if where.text:
        conditions.append("instr(words, ?) > 0")
        values.append(where.text.casefold())
    if where.keep is not None:
        conditions.append("keep = ?")
        values.append(where.keep)
    if where.created_since is not None:
        conditions.append("id >= ?")
        values.append(first_id(where.created_since))
    if where.finished_before is not None:
        conditions.append("finished < ?")
        values.append(where.finished_before.timestamp())
    return conditions, values


def _parted(words: Iterable[str]) -> str:
    """Words in which each can be found whole."""
    return f"{_BETWEEN}{_BETWEEN.join(words)}{_BETWEEN}"
