"""Every screen in its main states, light and dark: nothing for axe to find, no console error, no sideways scrolling.

Pictures of all of them are in `screenshots/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import pytest
from browser.accessibility import violations
from browser.conftest import SCREENSHOTS, Console
from browser.hands import is_live
from films import tiny_film
from paying import FLASH, paying_server
from playwright.sync_api import Browser, FilePayload, Page, Response, ViewportSize, expect
from servers import Server, running_server
from standin.running import StandIn
from waiting import eventually

pytestmark = pytest.mark.browser

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
PHONE: ViewportSize = {"width": 390, "height": 844}
WIDE: ViewportSize = {"width": 1440, "height": 900}
FIRST_LOAD_BYTES = 170_000
FAILING = ["gemini-fake-bad-key", "gemini-fake-blocked", "gemini-fake-max-tokens-text", "local/quality"]


@dataclass(frozen=True)
class World:
    """A server with something of everything, and the ids of its jobs."""

    server: Server
    earlier: str
    completed: str
    failed: str
    cancelled: str
    running: str
    wide: str


@pytest.fixture(scope="module")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A newcomer's server."""
    with running_server(tmp_path_factory.mktemp("empty")) as server:
        yield server


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, empty_server: Server) -> Iterator[World]:
    """One for the module, started after the newcomer's, which has no keys; the running job runs until its end."""
    with (
        _labelled_standin() as standin,
        paying_server(tmp_path_factory.mktemp("world"), standin, DEMO_STREAM_SECONDS="600") as server,
    ):
        eventually(lambda: set(FAILING) <= {model["id"] for model in server.get("/api/models")["models"]})
        sample = server.sample()
        (tiny := tmp_path_factory.mktemp("films") / "tiny.mp4").write_bytes(tiny_film())
        other = server.upload(tiny)["video_id"]

        def compare(models: list[str], videos: list[str], *prompts: str, fresh: bool = False) -> str:
            body = {"video_ids": videos, "prompts": prompts, "models": models, "fresh": fresh}
            return str(server.post("/api/batch-compare-async", body)["job_id"])

        local = ["local/scenes", "local/quality"]
        standin.control(answer="At 0:02 a **red** ball rolls in.")
        earlier = compare([*local, FLASH], [sample], "When does the picture change?")
        server.finished(earlier)
        standin.control(answer=None)
        completed = compare([*local, FLASH], [sample], "When does the picture change?", fresh=True)
        wide = compare(["local/quality"], [other], *(f"Question {n}: is this wide?" for n in range(45)))
        failed = compare(FAILING, [sample, other], "What goes wrong?")
        server.finished(completed)
        server.finished(wide)
        server.finished(failed)
        running = compare(["local/quality", "demo/stream"], [sample], "Tell me a long story")
        cancelled = compare(["demo/stream"], [other], "Never mind")
        server.post(f"/api/jobs/{cancelled}/cancel")
        server.finished(cancelled)
        yield World(server, earlier, completed, failed, cancelled, running, wide)


@contextmanager
def _labelled_standin() -> Iterator[StandIn]:
    """A stand-in that lists a model for each fault, from the first time on that it is asked."""
    with StandIn() as standin:
        standin.control(labelled=True)
        yield standin


def _article(name: str) -> Callable[[Page], None]:
    """An answer that is set as prose and can be rated."""

    def look(page: Page) -> None:
        article = page.get_by_role("article", name=name).first
        expect(article.locator("strong").first).to_be_visible()
        expect(article.get_by_role("button", name="5 stars")).to_be_visible()

    return look


def _text(text: str) -> Callable[[Page], None]:
    return lambda page: expect(page.get_by_text(text).first).to_be_visible()


def _heading(name: str) -> Callable[[Page], None]:
    return lambda page: expect(page.get_by_role("heading", name=name).first).to_be_visible()


SCREENS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "compare": ("", _text("a-day-by-the-sea.mp4")),
    "jobs": (
        "jobs",
        lambda page: expect(page.get_by_role("list", name="Jobs").get_by_role("link").nth(3)).to_be_visible(),
    ),
    "jobs-none-match": ("jobs?q=nowhere", _text("No job matches")),
    "jobs-of-a-model": (
        "jobs?about=local/scenes",
        lambda page: expect(page.get_by_role("combobox", name="Model")).to_have_value("local/scenes"),
    ),
    "job-completed": ("jobs/{completed}", _article("local/scenes: answer")),
    "job-matrix": ("jobs/{completed}?layout=matrix", lambda page: expect(page.get_by_role("table")).to_be_visible()),
    "job-45-cells": ("jobs/{wide}", lambda page: expect(page.get_by_role("table")).to_be_visible()),
    "job-running": ("jobs/{running}", _article("local/quality: answer")),
    "job-cancelled": ("jobs/{cancelled}", _text("Cancelled")),
    "job-failed-cells": ("jobs/{failed}", _text("Retry this cell")),
    "job-failed-cells-matrix": (
        "jobs/{failed}?layout=matrix&show=failed",
        lambda page: expect(page.get_by_role("table")).to_contain_text("does not accept the key"),
    ),
    "side-by-side-failed-cells": ("jobs/{failed}/view?cells=1.1.1,1.1.2", _text("Check the value of")),
    "job-unknown": ("jobs/01000000000000000000000000", _heading("There is no such job")),
    "side-by-side": ("jobs/{completed}/view?cells=0.0.0,0.0.1", _article("local/scenes: answer")),
    "side-by-side-diff": (
        "jobs/{completed}/view?cells=0.0.0,0.0.1&diff=0",
        lambda page: expect(page.locator("ins").first).to_be_visible(),
    ),
    "side-by-side-earlier": (
        "jobs/{completed}/view?cells=1.1.1,1.1.3&earlier={earlier}",
        lambda page: expect(page.get_by_role("region", name=f"Text of {FLASH}").locator("del").nth(1)).to_be_visible(),
    ),
    "side-by-side-blind": ("jobs/{completed}/view?cells=0.0.0,0.0.1&blind=0", _article("A: answer")),
    "videos": ("videos", _text("tiny.mp4")),
    "settings": ("settings", _heading("Settings")),
    "not-found": ("nowhere", _heading("There is no such page")),
}
EMPTY_SCREENS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "empty-compare": ("", lambda page: expect(page.get_by_role("textbox", name="Prompt", exact=True)).to_be_visible()),
    "empty-jobs": ("jobs", _text("No jobs yet")),
    "empty-videos": ("videos", lambda page: expect(page.get_by_label("Choose videos")).to_be_attached()),
}


def _open(page: Page, address: str, is_there: Callable[[Page], None], theme: Theme) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.goto(address)
    is_there(page)
    is_live(page)


def _look(page: Page, name: str) -> None:
    """Take its picture, wide and on a phone; axe and the width have nothing to say."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    expect(page.get_by_text(re.compile("^Loading "))).to_have_count(0)
    page.screenshot(path=SCREENSHOTS / f"{name}-phone.png", full_page=True)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_accessible_and_fits(page: Page, world: World, name: str, theme: Theme, console: Console) -> None:
    path, is_there = SCREENS[name]
    console.server_may_refuse = name == "job-unknown"
    _open(page, world.server.address + path.format(**vars(world)), is_there, theme)
    _look(page, f"{name}-{theme}")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", EMPTY_SCREENS)
def test_a_newcomers_screen_is_accessible_and_fits(page: Page, empty_server: Server, name: str, theme: Theme) -> None:
    path, is_there = EMPTY_SCREENS[name]
    _open(page, empty_server.address + path, is_there, theme)
    _look(page, f"{name}-{theme}")


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_done_with_chosen_jobs_is_accessible_and_fits(page: Page, world: World, theme: Theme) -> None:
    page.set_viewport_size(WIDE)
    later = {"prompt": "Later?", "title": "Later", "run_at": "2100-01-01T00:00:00Z", "priority": 5}
    asked = {"video_id": world.server.sample(), "models": ["local/scenes", "local/quality", "demo/stream"]}
    waiting = world.server.post("/api/compare-async", later | asked)["job_id"]
    _open(page, f"{world.server.address}jobs", SCREENS["jobs"][1], theme)
    expect(page.get_by_text("free").first).to_be_visible()
    page.get_by_role("checkbox", name="Select Later").check()
    page.get_by_role("checkbox", name="Select Compare").last.check()
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("menuitem", name="One spreadsheet")).to_be_visible()
    _look(page, f"jobs-chosen-{theme}")
    page.set_viewport_size(WIDE)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Priority").click()
    expect(page.get_by_role("dialog", name="Priority of 1 waiting job")).to_be_visible()
    _look(page, f"jobs-priority-{theme}")
    world.server.post(f"/api/jobs/{waiting}/cancel")
    world.server.http.delete(f"/api/jobs/{waiting}").raise_for_status()


@pytest.mark.parametrize("theme", THEMES)
def test_what_opens_over_a_screen_is_accessible(page: Page, world: World, theme: Theme) -> None:
    _open(page, f"{world.server.address}jobs", SCREENS["jobs"][1], theme)
    page.get_by_role("button", name="Clean up").click()
    expect(page.get_by_role("dialog", name="Clean up")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Find and go").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("path", ["", "videos"])
def test_an_upload_that_failed_is_accessible_and_fits(
    page: Page, world: World, path: str, theme: Theme, console: Console
) -> None:
    console.server_may_refuse = True
    _open(page, world.server.address + path, _text("tiny.mp4"), theme)
    no_film: FilePayload = {"name": "no-film-but-a-long-name.mp4", "mimeType": "video/mp4", "buffer": b"no film"}
    page.get_by_label("Choose videos").set_input_files(no_film)
    failed = page.get_by_role("list", name="Uploads").get_by_role("alert")
    expect(failed).to_contain_text("no-film-but-a-long-name.mp4")
    _look(page, f"upload-failed-{path or 'compare'}-{theme}")
    page.get_by_role("button", name="Dismiss").click()
    expect(failed).to_have_count(0)


def test_an_unreachable_server_leaves_a_page_that_is_accessible(
    page: Page, tmp_path_factory: pytest.TempPathFactory, console: Console
) -> None:
    with running_server(tmp_path_factory.mktemp("gone")) as server:
        _open(page, f"{server.address}jobs", _text("No jobs yet"), "light")
        console.server_may_refuse = True
        server.kill()
        expect(page.get_by_text("The server does not answer").first).to_be_visible()
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            _look(page, f"offline-{theme}")


def test_the_first_load_is_small(browser: Browser, empty_server: Server) -> None:
    """As it comes from the real server, compressed."""
    context = browser.new_context()
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 (Playwright marks what it is given)
    page.goto(empty_server.address)
    is_live(page)
    assets = [each for each in answers if "/api/" not in each.url]
    sizes = {each.url: each.request.sizes()["responseBodySize"] for each in assets}
    context.close()
    assert len(sizes) > 2
    assert sum(sizes.values()) <= FIRST_LOAD_BYTES, sizes
