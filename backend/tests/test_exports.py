"""What is in the files of answers: nothing of them is obeyed, and nothing is left out."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from html.parser import HTMLParser

import msgspec
import pytest
from msgspec.structs import replace

from app.compare.answer_index import Origin
from app.compare.cells import Cell, CellError, CellPlan, CellState, plan_cells
from app.compare.export import Format, Report, export
from app.compare.export.page import content_security_policy, style
from app.compare.export.report import ReportedVideo
from app.compare.ratings import Rating, Ratings, Vote
from app.compare.standing import Standing, read_standing
from app.compare.terms import Terms, given
from app.models.base import AskOptions, InputMode, InputNote
from longtake import Job, JobStatus

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    '=HYPERLINK("http://evil.example","x")',
    "=cmd|' /C calc'!A0",
]
MARKUP = '<script>alert(1)</script><img src=x onerror=alert(1)> "quoted" & ![pic](http://evil.example/p.png)'
LINKS = "[click](javascript:alert(1)) [out](http://evil.example) <http://evil.example>\n\n[ref]: http://evil.example"


def report_of(*texts: str, status: JobStatus = JobStatus.COMPLETED, answered: int | None = None) -> Report:
    """A report with one cell for each text; the video, the prompt and the note are such texts too."""
    plans = plan_cells([texts[0]], [texts[0]], [f"demo/{number}" for number in range(len(texts))])
    cells = {plan.cell: _cell(plan, text) for plan, text in zip(plans, texts, strict=True)}
    kept = dict(list(cells.items())[: len(texts) if answered is None else answered])
    job = Job(id="0" * 26, kind="compare", title=texts[0], status=status, created_at=datetime.now(UTC))
    return Report(
        standing=Standing(job=job, plans=tuple(plans), cells=kept),
        videos={texts[0]: ReportedVideo(name=texts[0], duration=1.0, width=2, height=2, size=3, poster=b"\xff\xd8")},
        ratings=Ratings(
            cells={plans[0].cell: Rating(stars=4, note=texts[0])},
            votes=(Vote(video_id="a", prompt="b", models=("demo/0", texts[0]), winner="tie"),),
        ),
        exported_at=datetime.now(UTC),
    )


def _cell(plan: CellPlan, text: str) -> Cell:
    error = CellError(kind="server", message=text, what_to_do=text, retryable=True)
    return Cell(
        cell=plan.cell,
        video_id=plan.video_id,
        prompt=plan.prompt,
        model=plan.model,
        state=CellState.CUT_OFF,
        text=text,
        answered_by=text,
        finish_reason=text,
        error=error,
    )


class Tags(HTMLParser):
    """Collects what a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_csv_is_taken_for_a_formula(text: str) -> None:
    rows = list(csv.reader(io.StringIO(export(report_of(text, "fine"), Format.CSV).text)))
    assert len(rows) == 3
    values = [value for row in rows[1:] for value in row]
    assert not [value for value in values if value.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert values.count(f"'{text}") >= 5
    assert rows[2][rows[0].index("text")] == "fine"


def test_the_page_runs_nothing_and_fetches_nothing() -> None:
    page = export(report_of(MARKUP, LINKS), Format.HTML).text
    tags = Tags(page).tags
    assert {tag for tag, _ in tags}.isdisjoint({"script", "iframe", "object", "link", "form", "a", "base"})
    pictures = [attributes["src"] for tag, attributes in tags if tag == "img"]
    assert [(source or "")[:22] for source in pictures] == ["data:image/jpeg;base64"]
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    assert "&lt;script&gt;" in page
    policies = [attributes["content"] for _, attributes in tags if attributes.get("http-equiv")]
    assert policies == [content_security_policy()]
    assert "default-src 'none'" in content_security_policy()
    assert f"<style>{style()}</style>" in page


def test_the_page_shows_the_answers_as_prose() -> None:
    page = export(
        report_of("**Two** cuts:\n\n1. 0:00 opening\n2. 0:05 end\n\n| a | b |\n| - | - |\n| 1 | 2 |"), Format.HTML
    )
    assert "<strong>Two</strong> cuts:" in page.text
    assert "<li>0:05 end</li>" in page.text
    assert "<td>2</td>" in page.text
    assert "★★★★☆" in page.text


def test_nothing_in_a_title_or_prompt_is_markup_in_markdown() -> None:
    text = export(report_of("# <b>*film*</b> [x](y) | z"), Format.MD).text
    assert "# \\# \\<b\\>\\*film\\*\\</b\\> \\[x\\](y) \\| z" in text
    assert "> # <b>*film*</b> [x](y) | z" in text


@pytest.mark.parametrize("wanted", Format)
@pytest.mark.parametrize("status", JobStatus)
def test_every_status_and_number_of_answers_can_be_exported(wanted: Format, status: JobStatus) -> None:
    for answered in (0, 1, 2):
        file = export(report_of("one", "two", status=status, answered=answered), wanted)
        assert file.name == f"comparison-{'0' * 26}.{wanted}"
        assert "demo/1" in file.text


def asked_with_care() -> Report:
    """A report with a reused repeat that did not follow its schema, and one that may be paid twice."""
    report = report_of("one")
    terms = Terms(options=AskOptions(clip_start=1.5, system_instruction="=Be brief"), repeats=2)
    plans = plan_cells(["one"], ["one"], ["demo/0"], terms)
    note = InputNote(mode=InputMode.LOCAL, ignored=("clip_start", "system_instruction"))
    both = {plan.cell: replace(_cell(plan, "text"), repeat=plan.repeat, options=given(plan.options)) for plan in plans}
    both["1.1.1"] = replace(both["1.1.1"], input=note, paid_twice_possible=True, error=None, rerouted=True)
    both["1.1.1.2"] = replace(
        both["1.1.1.2"],
        reused_from=Origin(job_id="earlier", cell="1.2.1"),
        saved_usd=0.25,
        cost_usd=0.0,
        schema_error="It is not JSON.",
        error=None,
    )
    return replace(report, standing=replace(report.standing, plans=tuple(plans), cells=both))


@pytest.mark.parametrize("wanted", Format)
def test_how_it_was_asked_and_paid_is_in_every_file(wanted: Format) -> None:
    text = export(asked_with_care(), wanted).text.replace("\\_", "_")
    for words in ("clip_start", "1.5", "Be brief", "earlier", "1.2.1", "0.25", "It is not JSON"):
        assert words in text, words
    if wanted in {Format.MD, Format.HTML}:
        assert "demo/0, repeat 2" in text
        assert "perhaps paid twice" in text
        assert "cannot follow clip_start" in text
        assert "another model answered" in text


def test_the_columns_of_a_csv_hold_what_they_say() -> None:
    first, second = csv.DictReader(io.StringIO(export(asked_with_care(), Format.CSV).text))
    assert (first["repeat"], second["repeat"]) == ("1", "2")
    assert (first["rerouted"], first["paid_twice_possible"]) == ("True", "True")
    assert first["ignored_options"] == "clip_start system_instruction"
    assert (second["reused_from"], second["saved_usd"]) == ("job earlier cell 1.2.1", "0.25")
    assert second["schema_error"] == "It is not JSON."
    assert json.loads(second["options"]) == {"clip_start": 1.5, "system_instruction": "=Be brief"}


def test_a_job_whose_journal_was_lost_is_read_from_its_result() -> None:
    plan = plan_cells(["v"], ["?"], ["demo/stream"])[0]
    totals = {"cells": 1, "cut_off": 1}
    result = {"cells": [msgspec.to_builtins(_cell(plan, "text"))], "totals": totals}
    args = {"video_id": "v", "prompt": "?", "models": ["demo/stream"]}
    job = Job(id="0" * 26, kind="compare", args=args, result=result, created_at=datetime.now(UTC))
    assert read_standing(job, []).cells["1.1.1"].text == "text"
