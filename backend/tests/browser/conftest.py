"""A real Chromium; in CI its absence is a failure, elsewhere the tests are skipped and say how to get it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

SCREENSHOTS = Path(__file__).resolve().parents[3] / "screenshots"
NEEDED = "Chromium is not installed. On Debian or Ubuntu: apt-get install chromium"


class Console:
    """What the page's console complains of."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.server_may_refuse = False
        """Whether the test makes the server refuse or be gone, which the browser itself complains of."""

    def complaints(self) -> list[str]:
        """The errors that nobody caused on purpose."""
        network = "Failed to load resource"
        return [text for text in self.errors if not (self.server_may_refuse and text.startswith(network))]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a module; while it is open, asyncio cannot be used in this thread."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail(NEEDED)
        pytest.skip(NEEDED)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def console() -> Console:
    """The console of the test's page."""
    return Console()


@pytest.fixture
def page(browser: Browser, console: Console, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh profile; any error in its console fails the test, and its last state is kept as a picture."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("console", lambda message: console.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: console.errors.append(str(error)))
    yield page
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{request.node.name}.png", full_page=True)
    context.close()
    assert console.complaints() == []
