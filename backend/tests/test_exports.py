"""Comparisons as files: whole, harmless, and true while the job still runs."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import httpx2
import msgspec
import pytest
from films import tiny_film
from msgspec.structs import replace
from servers import Server
from waiting import eventually

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


@pytest.fixture(scope="module")
def job_id(shared_server: Server) -> str:
    """A comparison with two finished cells."""
    body = {"video_id": upload(shared_server), "prompt": "=What?", "models": ["local/scenes", "demo/stream"]}
    return str(shared_server.post("/api/compare", body)["job_id"])


def upload(server: Server, colour: str = "red") -> str:
    """The id of a short film."""
    answer = server.http.post("/api/videos", files={"file": (f"{colour}.mp4", tiny_film(colour))})
    return str(answer.json()["video_id"])


def fetch(server: Server, job_id: str, wanted: str) -> httpx2.Response:
    answer = server.http.get(f"/api/jobs/{job_id}/export?format={wanted}")
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize(
    ("wanted", "media_type"),
    [("json", "application/json"), ("csv", "text/csv"), ("md", "text/markdown"), ("html", "text/html")],
)
def test_a_comparison_is_saved_as_a_file(shared_server: Server, job_id: str, wanted: str, media_type: str) -> None:
    answer = fetch(shared_server, job_id, wanted)
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.headers["content-disposition"] == f'attachment; filename="comparison-{job_id}.{wanted}"'
    assert "sandbox" in answer.headers["content-security-policy"]
    for words in ("No cuts", "local/scenes", "demo/stream", "What?"):
        assert words in answer.text


def test_the_json_file_has_all_that_the_api_has(shared_server: Server, job_id: str) -> None:
    document = fetch(shared_server, job_id, "json").json()
    result = shared_server.get(f"/api/jobs/{job_id}/result")
    assert document["cells"] == result["cells"]
    assert document["totals"] == result["totals"]
    assert document["waiting"] == []
    assert document["job"]["job_id"] == job_id


def test_a_running_comparison_is_saved_as_far_as_it_is(shared_server: Server) -> None:
    prompts = [f"Question {number}" for number in range(20)]
    body = {"video_ids": [upload(shared_server)], "prompts": prompts, "models": ["demo/stream"]}
    job_id = shared_server.post("/api/batch-compare-async", body)["job_id"]
    document: Any = eventually(lambda: d if (d := fetch(shared_server, job_id, "json").json())["cells"] else None)
    assert document["job"]["status"] == "running"
    names = [cell["cell"] for cell in (*document["cells"], *document["waiting"])]
    assert sorted(names) == sorted(f"1.{number}.1" for number in range(1, 21))
    assert len(document["waiting"]) > 5
    assert "so far: the job is running" in fetch(shared_server, job_id, "html").text
    rows = list(csv.DictReader(io.StringIO(fetch(shared_server, job_id, "csv").text)))
    assert {row["state"] for row in rows} == {"completed", "waiting"}
    shared_server.post(f"/api/jobs/{job_id}/cancel")
    shared_server.finished(job_id)
    rows = list(csv.DictReader(io.StringIO(fetch(shared_server, job_id, "csv").text)))
    assert {row["state"] for row in rows} == {"completed", "cancelled"}


def test_a_comparison_whose_video_is_gone_is_saved_all_the_same(shared_server: Server) -> None:
    video_id = upload(shared_server, "blue")
    body = {"video_id": video_id, "prompt": "?", "models": ["local/scenes"]}
    job_id = shared_server.post("/api/compare", body)["job_id"]
    shared_server.http.delete(f"/api/video/{video_id}")
    for wanted in Format:
        assert video_id in fetch(shared_server, job_id, wanted).text


@pytest.mark.parametrize(("path", "status"), [("unknown/export", 404), ("{job}/export?format=exe", 422)])
def test_what_cannot_be_saved_says_why(shared_server: Server, job_id: str, path: str, status: int) -> None:
    answer = shared_server.http.get(f"/api/jobs/{path.format(job=job_id)}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def _many(server: Server, body: object) -> httpx2.Response:
    answer = server.http.post("/api/jobs/export", json=body)
    assert answer.is_success, answer.text
    return answer


@pytest.fixture
def two_comparisons(server: Server) -> list[str]:
    """Two finished ones: a single and a batch of two cells; and a job that the filter leaves out."""
    video = server.http.post("/api/videos", files={"file": ("a.mp4", tiny_film())}).json()["video_id"]
    asked = {"video_id": video, "prompt": "What?", "models": ["local/scenes"], "tags": ["night"], "title": "=one"}
    several = {"video_ids": [video], "prompts": ["A?", "B?"], "models": ["local/scenes"], "tags": ["night"]}
    other = {"video_id": video, "prompt": "Other?", "models": ["local/scenes"]}
    ids = [
        server.post("/api/compare-async", asked)["job_id"],
        server.post("/api/batch-compare-async", several)["job_id"],
        server.post("/api/compare-async", other)["job_id"],
    ]
    assert [server.finished(job_id)["status"] for job_id in ids] == ["completed"] * 3
    return ids[:2]


def test_all_that_match_come_as_one_spreadsheet(server: Server, two_comparisons: list[str]) -> None:
    single, batch = two_comparisons
    answer = _many(server, {"format": "csv", "filter": {"tag": "night"}})
    assert answer.headers["content-disposition"].startswith('attachment; filename="2-comparisons-')
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["job_id"], row["prompt"]) for row in rows] == [(batch, "A?"), (batch, "B?"), (single, "What?")]
    assert rows[2]["title"] == "'=one"
    assert all(row["state"] == "completed" for row in rows)


def test_chosen_ones_come_as_an_archive_that_says_what_is_not_in_it(server: Server, two_comparisons: list[str]) -> None:
    single, batch = two_comparisons
    (server.jobs / f"{batch}.json").write_text("damaged")
    answer = _many(server, {"format": "json", "jobs": [single, batch, single]})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"comparison-{single}.json", "not-exported.txt"]
        assert json.loads(archive.read(f"comparison-{single}.json"))["job"]["job_id"] == single
        assert f"{batch}: " in archive.read("not-exported.txt").decode()
    row = next(csv.DictReader(io.StringIO(_many(server, {"format": "csv", "jobs": [batch]}).text)))
    assert (row["job_id"], "damaged" in row["error"]) == (batch, True)


def test_an_export_of_nothing_is_a_problem(server: Server) -> None:
    answer = server.http.post("/api/jobs/export", json={"filter": {"tag": "nobody"}})
    assert (answer.status_code, "nothing to export" in answer.json()["detail"]) == (404, True)
