"""Ten thousand jobs in the list: quick to open, to scroll, to find in and to act on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from browser.conftest import Console
from browser.stored import RARE, RARE_EVERY, store_jobs
from playwright.sync_api import Locator, Page, Route, expect
from servers import Server, running_server
from waiting import eventually

pytestmark = pytest.mark.browser

JOBS = 10_000
FAILED_EVERY = 50
FAILED = JOBS // FAILED_EVERY
LOADED = 2_000
"""So many rows are loaded when the storm of changes comes."""
SLOW = 2_500
"""Milliseconds until a slow way brings the first byte: longer than the page waits before it polls again."""
HALTED = 1_500
"""Milliseconds that the page may halt in all while it is told of 10,000 changes, also on a slow machine."""
WATCH_LONG_TASKS = """() => {
    window.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
        .observe({ type: "longtask" });
}"""
AT_REST = """() => new Promise((atRest) => {
    let [last, still] = [scrollY, 0];
    const look = () => {
        still = scrollY === last ? still + 1 : 0;
        last = scrollY;
        if (still > 10) atRest();
        else requestAnimationFrame(look);
    };
    look();
})"""
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


def _go_home(page: Page) -> None:
    """Press Home, once the way to the end is over: in the middle of it the browser may not hear the key."""
    page.evaluate(AT_REST)
    page.keyboard.press("Home")
    expect(page.get_by_role("link", name="Night 09999")).to_be_in_viewport()


def _load(page: Page, number: int) -> None:
    """Scroll until so many rows are loaded, and back to the first one."""
    page.wait_for_function(
        """(wanted) => {
            window.scrollTo(0, document.body.scrollHeight);
            return document.querySelector("ul[aria-label=Jobs] > li")?.ariaSetSize >= wanted;
        }""",
        arg=number,
        polling=100,
    )
    _go_home(page)


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
    _go_home(page)


HELD = 150
"""So often a key that is held repeats before it is let go."""


def test_a_key_that_is_held_moves_by_one_row_each_time_and_the_row_stays_in_view(
    page: Page, full_server: Server
) -> None:
    page.goto(f"{full_server.address}jobs")
    expect(page.get_by_role("link", name="Night 09999")).to_be_visible()
    _load(page, 2 * HELD)
    page.evaluate(
        """(times) => {
            const press = () => window.dispatchEvent(new KeyboardEvent("keydown", { key: "j" }));
            for (let time = 0; time < times; time++) setTimeout(press, 5 * time);
            for (let time = 0; time < 20; time++) press();
        }""",
        HELD,
    )
    walked = page.get_by_role("link", name=f"Night {9999 - (HELD + 20 - 1):05}")
    expect(walked).to_be_focused()
    box = walked.bounding_box()
    assert box is not None
    assert 56 <= box["y"] <= 900 - box["height"], "not below the head of the page"
    page.evaluate("window.scrollTo(0, 0)")
    expect(walked).to_have_count(0)
    page.keyboard.press("k")
    expect(page.get_by_role("link", name=f"Night {9999 - (HELD + 20 - 2):05}")).to_be_focused()


def test_keys_walk_through_the_rows_and_open_one(page: Page, full_server: Server, console: Console) -> None:
    console.server_may_refuse = True  # the video of that comparison is gone
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


def test_those_created_since_a_day_are_listed_and_the_day_is_in_the_address(page: Page, full_server: Server) -> None:
    tomorrow = (datetime.now().astimezone() + timedelta(days=1)).date().isoformat()
    page.goto(f"{full_server.address}jobs")
    page.get_by_label("Created since").fill("2000-01-01")
    page.wait_for_url("**/jobs?since=*")
    expect(page.get_by_role("link", name="Night 09999")).to_be_visible()
    page.get_by_label("Created since").fill(tomorrow)
    expect(page.get_by_text("No job matches")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Created since")).to_have_value(tomorrow)
    expect(page.get_by_text("No job matches")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_role("link", name="Night 09999")).to_be_visible()


def test_those_that_asked_a_model_are_found_among_all_and_the_model_is_in_the_address(
    page: Page, full_server: Server
) -> None:
    asked = JOBS // RARE_EVERY
    page.goto(f"{full_server.address}jobs")
    expect(page.get_by_role("link", name="Night 09999")).to_be_visible()
    page.goto(f"{full_server.address}jobs?about={RARE}")
    expect(_rows(page)).to_have_count(asked)
    expect(page.get_by_role("combobox", name="Model")).to_have_value(RARE)
    first = _rows(page).first
    expect(first.get_by_role("link", name="Night 09501")).to_be_visible()
    expect(first.get_by_text("usual/model")).to_be_visible()
    expect(first.get_by_text("est. $0.25 + ?")).to_be_visible()
    page.get_by_role("checkbox", name="Select all rows").check()
    expect(page.get_by_role("region", name="Chosen jobs")).to_contain_text(f"{asked} selected")
    page.get_by_role("combobox", name="Model").select_option("Model: any")
    expect(page.get_by_text(f"{JOBS:,} jobs")).to_be_visible()
    _rows(page).first.get_by_role("button", name="Only jobs about usual/model").click()
    page.wait_for_url("**/jobs?about=usual%2Fmodel")
    expect(page.get_by_role("link", name="Night 09999")).to_be_visible()
    expect(page.get_by_text("est. $0.25").first).to_be_visible()


def test_on_a_slow_way_without_events_the_list_still_loads_page_by_page(
    page: Page, full_server: Server, console: Console
) -> None:
    console.server_may_refuse = True
    page.route("**/api/events*", lambda route: route.abort())
    page.goto(f"{full_server.address}jobs")
    expect(page.get_by_role("link", name="Night 09999")).to_be_visible()
    expect(page.get_by_role("status", name="Updates")).to_contain_text("Polling")
    slow = {"offline": False, "latency": SLOW, "downloadThroughput": -1, "uploadThroughput": -1}
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", slow)
    for loaded in (200, 300):
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        page.wait_for_function(
            "(wanted) => document.querySelector('ul[aria-label=Jobs] > li')?.ariaSetSize >= wanted",
            arg=loaded,
            timeout=60_000,
        )


def test_a_storm_of_changes_is_shown_without_a_long_halt(page: Page, full_server: Server) -> None:
    jobs: list[Any] = []
    after = ""
    while len(jobs) < LOADED:
        found = full_server.get(f"/api/jobs?limit=200{after}")
        jobs, after = [*jobs, *found["jobs"]], f"&after={found['next']}"
    storm = [job | {"revision": 1_000 + round_} for round_ in range(5) for job in jobs]
    storm.append(jobs[0] | {"revision": 2_000, "title": "The last of the storm"})
    streams: list[Route] = []
    page.route("**/api/events*", lambda route: streams.append(route))  # noqa: PLW0108 (a built-in has no signature)
    page.goto(f"{full_server.address}jobs")
    expect(page.get_by_role("link", name="Night 09999")).to_be_visible()
    _load(page, LOADED)
    page.evaluate(WATCH_LONG_TASKS)
    body = "".join(f"event: job\ndata: {json.dumps(job)}\n\n" for job in storm)
    streams[-1].fulfill(headers={"content-type": "text/event-stream"}, body=f"retry: 600000\n\n{body}")
    expect(page.get_by_role("link", name="The last of the storm")).to_be_visible()
    assert sum(page.evaluate("longTasks")) < HALTED


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
