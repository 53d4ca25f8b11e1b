"""With a stand-in in the providers' place: the page says so, and its settings try the keys."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from browser.accessibility import violations
from browser.conftest import Console
from playwright.sync_api import Page, expect
from servers import Server
from standin.beside import KEY, environment
from standin.running import StandIn

pytestmark = pytest.mark.browser

MADE_UP = "Answers are made up"


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture(scope="module")
def server(standin: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app as `dev run --standin` starts it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(standin.address, os.environ).items():
            patch.setenv(name, value)
        for name in ("GOOGLE_API_KEY", "OPENAI_API_KEY"):
            patch.delenv(name, raising=False)
        server = Server(tmp_path_factory.mktemp("made-up"))
    yield server
    server.close()


@pytest.mark.parametrize("path", ["", "jobs", "videos", "settings"])
def test_every_screen_says_that_answers_are_made_up(page: Page, server: Server, path: str) -> None:
    page.goto(server.address + path)
    expect(page.get_by_text(MADE_UP)).to_be_visible()


def test_a_server_that_asks_real_providers_says_no_such_thing(page: Page, shared_server: Server) -> None:
    with page.expect_response("**/api/health"):
        page.goto(shared_server.address)
    expect(page.get_by_role("textbox", name="Prompt", exact=True)).to_be_visible()
    expect(page.get_by_text(MADE_UP)).to_have_count(0)


def test_keys_are_tried_from_the_settings(page: Page, server: Server, standin: StandIn, console: Console) -> None:
    standin.control(key=KEY)
    page.goto(f"{server.address}settings")
    keys = page.get_by_role("region", name="Keys")
    gemini, mine, openai = (
        keys.get_by_role("listitem").filter(has_text=name)
        for name in ("GEMINI_API_KEY", "STANDIN_API_KEY", "OPENAI_API_KEY")
    )
    expect(openai).to_contain_text("set OPENAI_API_KEY and start the server again")
    expect(openai.get_by_role("button")).to_have_count(0)
    gemini.get_by_role("button", name="Test the key of gemini").click()
    expect(gemini.get_by_role("status")).to_contain_text("The provider takes it")
    standin.control(key="another-key-that-is-good")
    mine.get_by_role("button").click()
    expect(mine.get_by_role("status")).to_contain_text("Check the value of STANDIN_API_KEY")
    console.server_may_refuse = True
    server.kill()
    gemini.get_by_role("button").click()
    expect(gemini.get_by_role("status")).to_contain_text("The server does not answer")
    server.restart()
    assert KEY not in page.content()
    assert standin.paid() == 0
    assert violations(page) == []
