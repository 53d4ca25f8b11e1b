"""The export for spreadsheets: one line a cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

import msgspec

from app.compare.cells import CellPlan
from app.compare.export import words
from app.compare.export.report import Report
from app.compare.terms import given

COLUMNS = (
    "cell",
    "video_id",
    "video",
    "prompt",
    "model",
    "repeat",
    "options",
    "state",
    "answered_by",
    "rerouted",
    "text",
    "finish_reason",
    "schema_error",
    "input_tokens",
    "output_tokens",
    "thinking_tokens",
    "cost_usd",
    "reused_from",
    "saved_usd",
    "paid_twice_possible",
    "first_token_seconds",
    "total_seconds",
    "input_mode",
    "frames",
    "ignored_options",
    "error",
    "stars",
    "note",
)
JOB_COLUMNS = ("job_id", "title")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a spreadsheet tells a formula, which may call programs and addresses: such a text gets a ' before it."""


def as_csv(report: Report) -> str:
    """Lines of RFC 4180, the first with the names of the columns."""
    return written([COLUMNS, *(_row(report, plan) for plan in report.standing.plans)])


def rows_of_job(report: Report) -> list[Iterable[object]]:
    """The rows of one comparison among others: `JOB_COLUMNS` before the others."""
    job = report.standing.job
    return [(job.id, job.title, *_row(report, plan)) for plan in report.standing.plans]


def row_of_failure(job_id: str, why: str) -> Iterable[object]:
    """The row in place of a comparison that could not be read."""
    return (job_id, None, *(why if column == "error" else None for column in COLUMNS))


def written(rows: Iterable[Iterable[object]]) -> str:
    """Lines of RFC 4180, without anything that a spreadsheet would run."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerows(map(_harmless, row) for row in rows)
    return file.getvalue()


def _row(report: Report, plan: CellPlan) -> Iterator[object]:
    cell, rating = report.cell(plan), report.rating(plan)
    yield from (plan.cell, plan.video_id, report.video(plan.video_id).name, plan.prompt, plan.model)
    options = given(plan.options)
    yield from (plan.repeat, msgspec.json.encode(options).decode() if options else None)
    yield report.standing.state(plan.cell)
    usage, timings, shown = (cell.usage, cell.timings, cell.input) if cell else (None, None, None)
    yield from (cell.answered_by, cell.rerouted, cell.text) if cell else (None, None, None)
    yield from (cell.finish_reason, cell.schema_error) if cell else (None, None)
    yield from (usage.input_tokens, usage.output_tokens, usage.thinking_tokens) if usage else (None, None, None)
    yield from (cell.cost_usd, words.of_origin(cell) or None, cell.saved_usd) if cell else (None, None, None)
    yield cell.paid_twice_possible if cell else None
    yield from (timings.first_token, timings.total) if timings else (None, None)
    yield from (shown.mode.value, shown.frames, " ".join(shown.ignored)) if shown else (None, None, None)
    yield words.of_error(cell) if cell else None
    yield from (rating.stars, rating.note)


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
