"""Ten thousand jobs in the list: quick to open, to scroll, to find in and to act on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser.stored import store_jobs
from playwright.sync_api import Locator, Page, expect
from servers import Server, running_server
from waiting import eventually

pytestmark = pytest.mark.browser

JOBS = 10_000
FAILED_EVERY = 50
FAILED = JOBS // FAILED_EVERY
ROWS_IN_THE_PAGE = 60
"""At most this many: those in sight and some around them."""


@pytest.fixture(scope="module")
def full_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that finds the jobs on its disk."""
    data = tmp_path_factory.mktemp("full")
    store_jobs(data / "jobs", JOBS, failed_every=FAILED_EVERY)
    with running_server(data) as server:
        eventually(lambda: server.get("/api/jobs?limit=1")["counts"]["completed"] == JOBS - FAILED, 60)
        yield server


def _rows(page: Page) -> Locator:
    return page.get_by_role("list", name="Jobs").get_by_role("listitem")


def _number_of_rows(page: Page) -> int:
    return int(page.evaluate("document.querySelectorAll('ul[aria-label=Jobs] > li').length"))


def test_scrolling_loads_more_while_only_the_rows_in_sight_are_in_the_page(page: Page, full_server: Server) -> None:
    page.goto(f"{full_server.address}jobs")
    expect(page.get_by_text(f"{JOBS:,} jobs")).to_be_visible()
    expect(page.get_by_role("link", name="Night 09999")).to_be_visible()
    assert _number_of_rows(page) <= ROWS_IN_THE_PAGE

    def goes_to_the_end() -> bool:
        page.keyboard.press("End")
        page.wait_for_function("document.elementFromPoint(640, 450).closest('ul[aria-label=Jobs] > li')")
        assert _number_of_rows(page) <= ROWS_IN_THE_PAGE
        return int(_rows(page).last.get_attribute("aria-setsize") or 0) >= 600

    eventually(goes_to_the_end, 60)
    page.keyboard.press("Home")
    expect(page.get_by_role("link", name="Night 09999")).to_be_in_viewport()


def test_keys_walk_through_the_rows_and_open_one(page: Page, full_server: Server) -> None:
    page.goto(f"{full_server.address}jobs")
    expect(page.get_by_role("link", name="Night 09999")).to_be_visible()
    for number in ("09999", "09998", "09997"):
        page.keyboard.press("j")
        expect(page.get_by_role("link", name=f"Night {number}")).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_role("checkbox", name="Select Night 09997")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Night 09997")).to_be_visible()


def test_one_of_them_is_found_and_the_filter_is_in_the_address(page: Page, full_server: Server) -> None:
    page.goto(f"{full_server.address}jobs")
    page.get_by_role("searchbox", name="Find jobs").fill("Night 00050")
    expect(_rows(page)).to_have_count(1)
    page.wait_for_url("**/jobs?*q=*")
    page.reload()
    expect(page.get_by_role("link", name="Night 00050")).to_be_visible()
    expect(_rows(page)).to_have_count(1)


def test_all_that_match_are_deleted_after_their_number_is_typed(page: Page, full_server: Server) -> None:
    page.goto(f"{full_server.address}jobs?status=failed")
    expect(page.get_by_text(f"{FAILED} jobs")).to_be_visible()
    page.get_by_role("checkbox", name="Select all rows").check()
    page.get_by_role("button", name=f"Select all {FAILED} matching").click()
    chosen = page.get_by_role("region", name="Chosen jobs")
    expect(chosen).to_contain_text(f"All {FAILED} matching selected")
    chosen.get_by_role("button", name="Delete").click()
    question = page.get_by_role("dialog", name=f"Delete {FAILED} jobs?")
    expect(question.get_by_role("button", name="Delete")).to_be_disabled()
    question.get_by_role("textbox").fill(str(FAILED))
    question.get_by_role("button", name="Delete").click()
    expect(page.get_by_text(f"{FAILED} jobs deleted")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("No failed jobs")).to_be_visible()
    assert full_server.get("/api/jobs?limit=1")["counts"] == {
        "pending": 0, "running": 0, "completed": JOBS - FAILED, "failed": 0, "cancelled": 0,
    }  # fmt: skip


def test_a_deletion_is_taken_back(page: Page, full_server: Server) -> None:
    page.goto(f"{full_server.address}jobs?q=Night+00077")
    page.get_by_role("button", name="Delete Night 00077").click()
    expect(_rows(page)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Night 00077")).to_be_visible()
    assert full_server.get("/api/jobs?q=Night+00077")["jobs"]
