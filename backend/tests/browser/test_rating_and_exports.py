"""Answers are rated without knowing whose they are, and taken home as files."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from servers import Server

pytestmark = pytest.mark.browser

MODELS = ("local/scenes", "local/quality")


@pytest.fixture(scope="module")
def compared(shared_server: Server) -> str:
    """A comparison that has ended."""
    body = {"video_id": shared_server.sample(), "prompt": "What is to be seen?", "models": list(MODELS)}
    job_id = str(shared_server.post("/api/compare-async", body)["job_id"])
    assert shared_server.finished(job_id)["status"] == "completed"
    return job_id


def test_a_blind_vote_reveals_the_models_and_counts_for_the_one_that_was_chosen(
    page: Page, shared_server: Server, compared: str
) -> None:
    page.goto(f"{shared_server.address}jobs/{compared}/view?cells=0.0.0,0.0.1&blind=0")
    left, right = page.get_by_role("article", name="A: answer"), page.get_by_role("article", name="B: answer")
    expect(left).to_be_visible()
    expect(right).to_be_visible()
    for name in MODELS:
        expect(page.get_by_role("main")).not_to_contain_text(name)
    for words in ("cuts", "H.264"):
        expect(page.get_by_role("main")).to_contain_text(words)
    is_scenes = "cuts" in right.inner_text()

    with page.expect_response(lambda answer: answer.request.method != "GET" and answer.ok):
        page.get_by_role("button", name="B is better").click()
    expect(page.get_by_role("article", name="local/scenes: answer")).to_be_visible()
    expect(page.get_by_role("article", name="local/quality: answer")).to_be_visible()
    ratings = shared_server.get(f"/api/jobs/{compared}/ratings")
    winner, loser = MODELS if is_scenes else reversed(MODELS)
    assert [vote["winner"] for vote in ratings["votes"]] == [winner]
    page.get_by_text("Wins").click()
    expect(page.get_by_role("row", name=f"{winner} 1 0 0")).to_be_visible()
    expect(page.get_by_role("row", name=f"{loser} 0 0 1")).to_be_visible()

    page.goto(f"{shared_server.address}jobs/{compared}/view?cells=0.0.0,0.0.1")
    expect(page.get_by_role("button", name=f"{winner} is better")).to_have_attribute("aria-pressed", "true")


def test_stars_and_a_note_are_there_after_a_reload(page: Page, shared_server: Server, compared: str) -> None:
    page.goto(f"{shared_server.address}jobs/{compared}/view?cells=0.0.0,0.0.1")
    stars = page.get_by_role("group", name="Your rating of local/scenes")
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
        stars.get_by_role("button", name="4 stars").click()
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
        page.get_by_role("textbox", name="Your note on local/scenes").fill("It counts well.")
        page.keyboard.press("Tab")
    page.reload()
    expect(stars.get_by_role("button", name="4 stars")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("textbox", name="Your note on local/scenes")).to_have_value("It counts well.")


@pytest.mark.parametrize(
    ("word", "ending"), [("JSON", "json"), ("CSV", "csv"), ("Markdown", "md"), ("One page (HTML)", "html")]
)
def test_a_comparison_is_taken_home(page: Page, shared_server: Server, compared: str, word: str, ending: str) -> None:
    page.goto(f"{shared_server.address}jobs/{compared}")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name=word).click()
    assert waiting.value.suggested_filename.endswith(f".{ending}")
    text = Path(waiting.value.path()).read_text()
    assert all(model in text for model in MODELS)
    if ending == "json":
        assert len(json.loads(text)["cells"]) == len(MODELS)
    if ending == "csv":
        assert len(list(csv.DictReader(io.StringIO(text)))) == len(MODELS)


def test_the_page_taken_home_is_whole_without_a_network(
    profile: BrowserContext, shared_server: Server, compared: str, tmp_path: Path
) -> None:
    file = tmp_path / "comparison.html"
    file.write_bytes(shared_server.http.get(f"/api/jobs/{compared}/export?format=html").content)
    profile.set_offline(True)
    page = profile.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    expect(page.get_by_text("What is to be seen?").first).to_be_visible()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
