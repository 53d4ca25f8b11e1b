"""Many jobs at once: their priority with the way back, and their answers as one file."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.accessibility import violations
from playwright.sync_api import Locator, Page, expect
from servers import Server, running_server
from waiting import eventually

pytestmark = pytest.mark.browser

FAR_OFF = "2100-01-01T00:00:00Z"
WAITING = 3


@pytest.fixture(scope="module")
def busy_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Comparisons that are done, and some that wait for their time."""
    with running_server(tmp_path_factory.mktemp("busy")) as server:
        asked = {"video_id": server.sample(), "models": ["local/scenes"], "tags": ["night"]}
        for number in range(2):
            job = server.post("/api/compare-async", asked | {"prompt": f"Done {number}?", "title": f"Done {number}"})
            assert server.finished(job["job_id"])["status"] == "completed"
        for number in range(WAITING):
            later = {"prompt": "Later?", "title": f"Later {number}", "run_at": FAR_OFF, "priority": number}
            server.post("/api/compare-async", asked | later)
        yield server


def _priorities(server: Server) -> list[int]:
    jobs = server.get("/api/jobs?status=pending")["jobs"]
    return [job["priority"] for job in reversed(jobs)]


def _chosen(page: Page) -> Locator:
    return page.get_by_role("region", name="Chosen jobs")


def _set_priority(page: Page, number: int, priority: str) -> None:
    _chosen(page).get_by_role("button", name="Priority").click()
    dialog = page.get_by_role("dialog", name=f"Priority of {number} waiting job")
    field = dialog.get_by_role("spinbutton", name="Priority")
    field.fill("1.5")
    expect(dialog.get_by_role("button", name="Set priority")).to_be_disabled()
    assert violations(page) == []
    field.fill(priority)
    field.press("Enter")


def test_chosen_jobs_get_another_priority_and_their_own_ones_back(page: Page, busy_server: Server) -> None:
    page.goto(f"{busy_server.address}jobs")
    for title in ("Later 0", "Later 2", "Done 0"):
        page.get_by_role("checkbox", name=f"Select {title}").check()
    _set_priority(page, 2, "50")
    expect(page.get_by_text("2 jobs given another priority")).to_be_visible()
    expect(page.get_by_text("Priority 50")).to_have_count(2)
    assert _priorities(busy_server) == [50, 1, 50]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Priority 50")).to_have_count(0)
    eventually(lambda: _priorities(busy_server) == [0, 1, 2])


def test_all_that_match_and_wait_get_a_priority_and_are_counted_before(page: Page, busy_server: Server) -> None:
    page.goto(f"{busy_server.address}jobs?tag=night")
    page.get_by_role("checkbox", name="Select Later 1").check()
    page.get_by_role("checkbox", name="Select Done 1").check()
    page.get_by_role("button", name="Select all 5 matching").click()
    _set_priority(page, WAITING, "7")
    expect(page.get_by_text(f"{WAITING} jobs given another priority")).to_be_visible()
    expect(page.get_by_text("Priority 7")).to_have_count(WAITING)
    assert _priorities(busy_server) == [7] * WAITING


def _export(page: Page, kind: str, to: Path) -> bytes:
    _chosen(page).get_by_role("button", name="Export").click()
    with page.expect_download() as saved:
        page.get_by_role("menuitem", name=kind).click()
    saved.value.save_as(to)
    return to.read_bytes()


def test_the_answers_of_all_that_match_are_saved_as_one_file(page: Page, busy_server: Server, tmp_path: Path) -> None:
    page.goto(f"{busy_server.address}jobs?tag=night")
    for title in ("Done 0", "Done 1"):
        page.get_by_role("checkbox", name=f"Select {title}").check()
    archive = zipfile.ZipFile(io.BytesIO(_export(page, "Archive of pages", tmp_path / "pages.zip")))
    assert len(archive.namelist()) == 2
    page.get_by_role("button", name="Select all 5 matching").click()
    rows = list(csv.DictReader(io.StringIO(_export(page, "One spreadsheet", tmp_path / "all.csv").decode())))
    assert [row["title"] for row in rows] == ["Later 2", "Later 1", "Later 0", "Done 1", "Done 0"]
    assert [row["state"] for row in rows] == ["waiting"] * WAITING + ["completed"] * 2
    expect(page.get_by_text("5-comparisons-").last).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
