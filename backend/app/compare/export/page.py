"""The export for people: one HTML page that works offline, runs no script and fetches nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from html import escape
from importlib.resources import files

from markdown_it import MarkdownIt

from app.compare.cells import CellPlan
from app.compare.export import words
from app.compare.export.report import Question, Report
from app.compare.ratings import win_table


@cache
def style() -> str:
    """The page's style sheet."""
    return files(__package__).joinpath("page.css").read_text(encoding="utf-8")


@cache
def content_security_policy() -> str:
    """What a browser may do with the page: show it, with its own style and pictures."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def as_page(report: Report) -> str:
    """The whole page."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    title = escape(report.title)
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(content_security_policy())}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{title}</title><style>{style()}</style></head><body>"
    yield f"<header><h1>{title}</h1><p>{escape(words.summary(report))}</p></header><main>"
    last_video = None
    for question in report.questions():
        if question.video_id != last_video:
            last_video = question.video_id
            yield from _video(question)
        yield f'<h3>Prompt</h3><blockquote class="prompt">{escape(question.prompt)}</blockquote><div class="answers">'
        for plan in question.plans:
            yield from _answer(report, plan)
        yield "</div>"
    yield from _votes(report)
    made = f"{report.exported_at:%Y-%m-%d %H:%M} UTC"
    yield f"</main><footer>Job {report.standing.job.id}, exported {made} by Longtake Compare.</footer></body></html>"


def _video(question: Question) -> Iterator[str]:
    video = question.video
    yield f"<h2>{escape(video.name)}</h2>"
    if video.poster is not None:
        data = base64.b64encode(video.poster).decode()
        yield f'<img class="poster" alt="A still picture of {escape(video.name)}" src="data:image/jpeg;base64,{data}">'
    if facts := words.of_video(video):
        yield f'<p class="facts">{escape(facts)}</p>'


def _answer(report: Report, plan: CellPlan) -> Iterator[str]:
    cell, state = report.cell(plan), report.standing.state(plan.cell)
    yield f'<article class="{escape(state)}"><h4>{escape(words.of_plan(plan))}</h4>'
    yield f'<p class="state">{escape(words.of_state(state))}</p>'
    if cell is not None:
        if facts := words.of_cell(cell):
            yield f'<p class="facts">{escape(facts)}</p>'
        if error := words.of_error(cell):
            yield f'<p class="error">{escape(error)}</p>'
        yield f'<div class="text">{_markdown().render(cell.text)}</div>'
    if rating := words.of_rating(report.rating(plan)):
        yield f'<p class="rating">{escape(rating)}</p>'
    yield "</article>"


def _votes(report: Report) -> Iterator[str]:
    wins = win_table(report.ratings.votes)
    if not wins:
        return
    yield "<h2>Votes</h2><table><tr><th>Model</th><th>Won</th><th>Lost</th><th>Tied</th></tr>"
    for model, counts in wins.items():
        yield f"<tr><td>{escape(model)}</td><td>{counts.won}</td><td>{counts.lost}</td><td>{counts.tied}</td></tr>"
    yield "</table>"


@cache
def _markdown() -> MarkdownIt:
    """Turns answers into HTML: tags in them are shown as text, pictures are not fetched, links stay text."""
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "link", "autolink", "reference"])
