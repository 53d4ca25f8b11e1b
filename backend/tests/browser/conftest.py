"""A real Chromium; in CI its absence is a failure, elsewhere the tests are skipped and say how to get it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from servers import Server

SCREENSHOTS = Path(__file__).resolve().parents[3] / "screenshots"
NEEDED = (
    "Chromium is not installed. On Debian or Ubuntu: sudo apt-get install chromium; "
    "on macOS: brew install --cask google-chrome"
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
ON_A_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


PATIENCE = 20_000
"""How long a page may take for anything, in milliseconds: a busy machine is no failure."""
expect.set_options(timeout=PATIENCE)


class Console:
    """What the console of the test's pages complains of."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.server_may_refuse = False
        """Whether the test makes the server refuse or be gone, which the browser itself complains of."""

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page of a profile."""
        context.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def complaints(self) -> list[str]:
        """The errors that nobody caused on purpose."""
        network = "Failed to load resource"
        return [text for text in self.errors if not (self.server_may_refuse and text.startswith(network))]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a module; while it is open, asyncio cannot be used in this thread."""
    found = next((path for path in map(shutil.which, (*NAMES, ON_A_MAC)) if path), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(NEEDED)
        pytest.skip(NEEDED)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def console() -> Console:
    """The console of the test's pages."""
    return Console()


@pytest.fixture
def profile(browser: Browser, console: Console) -> Iterator[BrowserContext]:
    """A fresh profile, for tests with several tabs; any error in the console of one fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    console.watch(context)
    yield context
    context.close()
    assert console.complaints() == []


@pytest.fixture
def page(profile: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab in a fresh profile; its last state is kept as a picture."""
    page = profile.new_page()
    yield page
    SCREENSHOTS.mkdir(exist_ok=True)
    if not page.is_closed():
        page.screenshot(path=SCREENSHOTS / f"{request.node.name}.png", full_page=True)


@pytest.fixture
def film(shared_server: Server, tmp_path: Path) -> Path:
    """A video file on the disk of the person at the browser."""
    video = shared_server.post("/api/videos/sample")["video_id"]
    path = tmp_path / "my-film.mp4"
    path.write_bytes(shared_server.http.get(f"/api/video/{video}/file").content)
    assert shared_server.http.delete(f"/api/video/{video}?force=true").status_code == 204
    return path


def pictures(page: Page, name: str) -> None:
    """How it looks on a wide and a narrow screen, light and dark, for people to see."""
    SCREENSHOTS.mkdir(exist_ok=True)
    usual = page.viewport_size
    for width in (1440, 390):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=SCREENSHOTS / f"{name}_{width}_{scheme}.png")
    if usual is not None:
        page.set_viewport_size(usual)
