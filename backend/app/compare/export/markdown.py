"""The export for notes and wikis. Answers are quoted as they came: whoever shows the file decides about HTML in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.compare.cells import CellPlan
from app.compare.export import words
from app.compare.export.report import Question, Report
from app.compare.ratings import win_table

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")


def as_markdown(report: Report) -> str:
    """Headings for videos, prompts and models; each answer as a quotation."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield f"# {_plain(report.title)}"
    yield ""
    yield _plain(words.summary(report))
    yield f"Job {report.standing.job.id}, exported {report.exported_at:%Y-%m-%d %H:%M} UTC."
    last_video = None
    for question in report.questions():
        if question.video_id != last_video:
            last_video = question.video_id
            yield from _video(question)
        yield from ("", "### Prompt", "", _quoted(_plain(question.prompt)))
        for plan in question.plans:
            yield from _answer(report, plan)
    yield from _votes(report)
    yield ""


def _video(question: Question) -> Iterator[str]:
    yield ""
    yield f"## {_plain(question.video.name)}"
    if facts := words.of_video(question.video):
        yield ""
        yield facts


def _answer(report: Report, plan: CellPlan) -> Iterator[str]:
    cell = report.cell(plan)
    yield from ("", f"#### {_plain(words.of_plan(plan))}: {words.of_state(report.standing.state(plan.cell))}")
    if cell is not None:
        paragraphs = (_plain(words.of_cell(cell)), _plain(words.of_error(cell)), _quoted(cell.text))
        for paragraph in filter(None, paragraphs):
            yield from ("", paragraph)
    if rating := words.of_rating(report.rating(plan)):
        yield from ("", f"Rating: {_plain(rating)}")


def _votes(report: Report) -> Iterator[str]:
    wins = win_table(report.ratings.votes)
    if not wins:
        return
    yield from ("", "## Votes", "", "| Model | Won | Lost | Tied |", "| --- | --- | --- | --- |")
    for model, counts in wins.items():
        yield f"| {_plain(model)} | {counts.won} | {counts.lost} | {counts.tied} |"


def _plain(text: str) -> str:
    """Text in which nothing is markup."""
    return _SPECIAL.sub(r"\\\1", text)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())
