"""Run is pressed while videos are uploaded: the job is there at once, waits for all of them, and says how it goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser.accessibility import violations
from browser.conftest import pictures
from browser.hands import ask
from browser.hands import run as press_run
from films import tiny_film
from playwright.sync_api import Page, Route, expect
from servers import Server

pytestmark = pytest.mark.browser

DEMO = "Demo: slow answer"


class HeldUploads:
    """The pieces of files that a page sends, held back until they are let go."""

    def __init__(self, page: Page) -> None:
        self._held: list[Route] = []
        self._holds = True
        page.route("**/api/uploads/*", self._take)

    def let_go(self) -> None:
        """Send what was held, and hold nothing more."""
        self._holds = False
        for route in self._held:
            route.continue_()

    def _take(self, route: Route) -> None:
        if self._holds and route.request.method == "PATCH":
            self._held.append(route)
        else:
            route.continue_()


@pytest.fixture
def held(page: Page) -> HeldUploads:
    return HeldUploads(page)


def run_with(page: Page, server: Server, folder: Path, *colours: str) -> str:
    """Choose a film of each colour and press Run while none of them has come; the id of the job."""
    page.goto(server.address)
    expect(page.get_by_role("checkbox", name=DEMO)).to_be_visible()
    ask(page, "What happens?", DEMO)
    films = [folder / f"{colour}.mp4" for colour in colours]
    for film in films:
        film.write_bytes(tiny_film(film.stem))
    page.get_by_label("Choose videos").set_input_files(films)
    expect(page.get_by_text("still being uploaded: the job waits for")).to_be_visible()
    pictures(page, f"run_bar_while_uploading_{len(films)}")
    return press_run(page)


def test_a_job_waits_for_all_files_that_were_chosen_also_those_whose_turn_has_not_come(
    page: Page, shared_server: Server, held: HeldUploads, tmp_path: Path
) -> None:
    job_id = run_with(page, shared_server, tmp_path, "green", "yellow")
    uploads = page.get_by_role("list", name="Uploads")
    for name in ("green.mp4", "yellow.mp4"):
        expect(uploads).to_contain_text(name)
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_text("keep this tab open")).to_be_visible()
    expect(page.get_by_text("0 of 2 cells. Waiting for 2 uploads, 0 %")).to_be_visible()
    pictures(page, "uploading_for_a_job")
    page.emulate_media(reduced_motion="reduce")
    assert violations(page) == []
    held.let_go()
    expect(uploads).to_have_count(0)
    job = shared_server.finished(job_id)
    assert [cell["state"] for cell in job["result"]["cells"]] == ["completed", "completed"]
    for name in ("green.mp4", "yellow.mp4"):
        expect(page.get_by_label(f"Player of {name}")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Player of yellow.mp4")).to_be_visible()


@pytest.mark.usefixtures("held")
def test_an_upload_that_is_stopped_fails_the_job_that_waits_for_it_and_says_why(
    page: Page, shared_server: Server, tmp_path: Path
) -> None:
    job_id = run_with(page, shared_server, tmp_path, "purple")
    page.get_by_role("button", name="Stop uploading purple.mp4").click()
    lost = "The upload of purple.mp4 never came to its end: it was given up. Upload it again"
    expect(page.get_by_text(lost).first).to_be_visible()
    expect(page.get_by_text("Never uploaded").first).to_be_visible()
    assert shared_server.job(job_id)["status"] == "failed"
    pictures(page, "upload_given_up")


@pytest.mark.usefixtures("held")
def test_a_job_is_cancelled_while_it_waits_for_an_upload(page: Page, shared_server: Server, tmp_path: Path) -> None:
    job_id = run_with(page, shared_server, tmp_path, "orange")
    expect(page.get_by_text("Waiting for 1 upload, 0 %")).to_be_visible()
    page.get_by_role("button", name="Cancel", exact=True).click()
    assert shared_server.finished(job_id)["status"] == "cancelled"
    expect(page.get_by_role("list", name="Uploads")).to_have_count(0)
