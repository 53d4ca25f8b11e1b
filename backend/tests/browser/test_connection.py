"""Ten tabs, a frozen tab, a dead link, no network: the page comes back to the truth by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from browser.conftest import Console
from browser.hands import is_live
from browser.link import Link, open_link
from browser.sleeping import asleep, processes_of
from playwright.sync_api import Browser, BrowserContext, Page, expect
from servers import Server, running_server
from waiting import eventually

pytestmark = pytest.mark.browser

TABS = 10


@dataclass(frozen=True)
class Place:
    """A server and the link that leads to it."""

    server: Server
    link: Link

    @property
    def address(self) -> str:
        """Where the browser finds the server."""
        return f"http://127.0.0.1:{self.link.port}"

    def submit(self, prompt: str, *more: str) -> str:
        """Submit a job as a script does, past the link."""
        body = {"video_ids": [self.server.sample()], "prompts": [prompt, *more], "models": ["demo/stream"]}
        return str(self.server.post("/api/batch-compare-async", body)["job_id"])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server behind a link, for the module."""
    with open_link() as link:
        hosts = f"127.0.0.1:{link.port}"
        data = tmp_path_factory.mktemp("linked")
        with running_server(data, ALLOWED_HOSTS=hosts, DEMO_STREAM_SECONDS="1") as server:
            link.target = int(server.address.strip("/").rsplit(":", 1)[1])
            yield Place(server, link)


@pytest.fixture(autouse=True)
def carried(place: Place) -> Iterator[None]:
    """Each test finds and leaves the link open."""
    place.link.restore()
    yield
    place.link.restore()
    place.link.cut()


def test_ten_tabs_share_one_stream_and_when_its_tab_closes_another_takes_over(
    profile: BrowserContext, place: Place
) -> None:
    tabs = [profile.new_page() for _ in range(TABS)]
    for tab in tabs:
        tab.goto(f"{place.address}/jobs")
    for tab in tabs:
        is_live(tab)
    assert place.link.streams() == 1

    first = place.submit("Seen by ten")
    for tab in tabs:
        expect(tab.locator(f"[data-job='{first}']").or_(tab.get_by_text("new, show"))).to_be_visible()

    tabs[0].close()
    eventually(lambda: place.link.streams() == 1)
    place.submit("Seen by nine")
    for tab in tabs[1:]:
        is_live(tab)
        expect(tab.get_by_text("new, show")).to_be_visible()
    assert place.link.streams() == 1


def test_a_frozen_tab_shows_the_truth_when_it_is_thawed(page: Page, place: Place) -> None:
    job_id = place.submit("Frozen", "1", "2", "3")
    page.goto(f"{place.address}/jobs/{job_id}")
    is_live(page)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    place.server.finished(job_id)
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    expect(page.get_by_text("Completed").first).to_be_visible()
    expect(page.get_by_role("article", name="demo/stream: answer")).to_have_count(4)


def test_a_stopped_browser_shows_the_truth_when_it_goes_on(page: Page, browser: Browser, place: Place) -> None:
    job_id = place.submit("Stopped", "1", "2", "3")
    page.goto(f"{place.address}/jobs/{job_id}")
    is_live(page)
    renderers = processes_of(browser, "renderer")
    assert renderers
    with asleep(renderers):
        place.server.finished(job_id)
    expect(page.get_by_text("Completed").first).to_be_visible()
    is_live(page)


def test_a_link_that_died_without_a_word_is_noticed_and_replaced(page: Page, place: Place, console: Console) -> None:
    page.clock.install()
    job_id = place.submit("Dead link", "1", "2", "3")
    page.goto(f"{place.address}/jobs/{job_id}")
    is_live(page)
    console.server_may_refuse = True
    place.link.silence()
    place.server.finished(job_id)
    page.clock.run_for(18_000)
    expect(page.get_by_role("status", name="Updates")).not_to_contain_text("Live")
    place.link.restore()
    page.clock.run_for(10_000)
    page.clock.resume()
    expect(page.get_by_text("Completed").first).to_be_visible()
    is_live(page)


def test_without_a_network_the_page_says_so_keeps_what_it_knows_and_comes_back(
    page: Page, place: Place, console: Console
) -> None:
    job_id = place.submit("No network", "1", "2", "3")
    page.goto(f"{place.address}/jobs/{job_id}")
    is_live(page)
    console.server_may_refuse = True
    page.context.set_offline(True)
    place.link.cut()
    expect(page.get_by_role("status", name="Updates")).to_contain_text("Offline")
    expect(page.get_by_text("The server does not answer")).to_be_visible()
    expect(page.get_by_role("article", name="demo/stream: answer").first).to_be_visible()
    place.server.finished(job_id)
    page.context.set_offline(False)
    expect(page.get_by_text("Completed").first).to_be_visible()
    is_live(page)
    expect(page.get_by_text("The server does not answer")).to_have_count(0)
