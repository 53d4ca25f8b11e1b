"""The page in a real browser, against the real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.conftest import Console
from browser.hands import ask, drop, run
from playwright.sync_api import Page, expect
from servers import Server, running_server
from waiting import eventually

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def slow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose jobs with demo/stream run until somebody stops them."""
    with running_server(tmp_path_factory.mktemp("slow"), DEMO_STREAM_SECONDS="600") as server:
        yield server


def test_drop_a_video_run_and_see_the_answers(page: Page, shared_server: Server, film: Path) -> None:
    page.goto(shared_server.address)
    drop(page, film)
    expect(page.get_by_role("checkbox", name="my-film.mp4")).to_be_checked()
    ask(page, "When does the picture change?", "Scenes", "Quality")
    page.get_by_role("button", name="Run").click()

    expect(page.get_by_role("heading", name="Compare 2 models on my-film.mp4")).to_be_visible()
    cells = page.get_by_role("region", name="Cells")
    expect(cells.get_by_role("article", name="local/scenes: answer")).to_contain_text("3 cuts")
    expect(cells.get_by_role("article", name="local/quality: answer")).to_contain_text("H.264")
    expect(page.get_by_text("Completed").first).to_be_visible()

    cells.get_by_role("button", name="Go to 0:05.6").first.click()
    page.wait_for_function("Math.abs(document.querySelector('video').currentTime - 5.6) < 0.3")


def test_a_reload_in_the_middle_changes_nothing(page: Page, slow_server: Server) -> None:
    slow_server.sample()
    page.goto(slow_server.address)
    page.get_by_role("checkbox", name="a-day-by-the-sea.mp4").check()
    ask(page, "Tell me a story", "Scenes", "Demo: slow answer")
    job_id = run(page)
    for _ in range(2):
        scenes = page.get_by_role("article", name="local/scenes: answer")
        expect(scenes).to_contain_text("3 cuts")
        expect(page.get_by_role("article", name="demo/stream: answer")).to_be_visible()
        expect(page.get_by_role("progressbar").first).to_be_visible()
        expect(page.get_by_text("You can lock your screen or close this tab.")).to_be_visible()
        page.reload()
    slow_server.post(f"/api/jobs/{job_id}/cancel")
    expect(page.get_by_text("Cancelled").first).to_be_visible()
    expect(scenes).to_contain_text("3 cuts")


def test_a_closed_tab_finds_its_job_in_the_list_of_jobs(page: Page, shared_server: Server, film: Path) -> None:
    video = shared_server.upload(film)["video_id"]
    body = {"video_id": video, "prompt": "Anything", "models": ["demo/stream"]}
    job_id = shared_server.post("/api/compare-async", body)["job_id"]
    shared_server.finished(job_id)
    page.goto(f"{shared_server.address}jobs")
    page.get_by_role("list", name="Jobs").get_by_role("link").first.click()
    expect(page).to_have_url(f"{shared_server.address}jobs/{job_id}")
    expect(page.get_by_role("article", name="demo/stream: answer")).to_contain_text("Anything")


def test_a_running_job_is_cancelled_from_the_page(page: Page, slow_server: Server) -> None:
    body = {"video_id": slow_server.sample(), "prompt": "Go on for ever", "models": ["demo/stream"]}
    job_id = slow_server.post("/api/compare-async", body)["job_id"]
    page.goto(f"{slow_server.address}jobs/{job_id}")
    page.get_by_role("button", name="Cancel").first.click()
    expect(page.get_by_text("Cancelled").first).to_be_visible()
    assert slow_server.finished(job_id)["status"] == "cancelled"


def test_the_page_shows_the_true_state_by_itself_when_a_killed_server_is_back(
    page: Page, server: Server, console: Console
) -> None:
    body = {"video_ids": [server.sample()], "prompts": [f"{n}" for n in range(12)], "models": ["demo/stream"]}
    job_id = server.post("/api/batch-compare-async", body)["job_id"]
    page.goto(f"{server.address}jobs/{job_id}")
    expect(page.get_by_role("progressbar").first).to_be_visible()
    console.server_may_refuse = True
    server.kill()
    eventually(lambda: server.file(job_id)["status"] == "completed")
    server.restart()
    expect(page.get_by_text("Completed").first).to_be_visible()
    expect(page.get_by_role("article", name="demo/stream: answer")).to_have_count(12)
    expect(page.get_by_role("status", name="Updates")).to_contain_text("Live")


def test_rubbish_is_refused_with_the_reason(
    page: Page, shared_server: Server, tmp_path: Path, console: Console
) -> None:
    rubbish = tmp_path / "rubbish.mp4"
    rubbish.write_bytes(b"this is no film")
    shared_server.sample()
    page.goto(shared_server.address)
    console.server_may_refuse = True
    page.get_by_label("Choose videos").set_input_files(rubbish)
    uploads = page.get_by_role("list", name="Uploads")
    expect(uploads).to_contain_text("rubbish.mp4")
    expect(uploads.get_by_role("alert")).to_contain_text("video")
