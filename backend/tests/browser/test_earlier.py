"""The answers of a comparison are held against those of an earlier one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser.conftest import Console
from paying import FLASH, LITE, paying_server
from playwright.sync_api import Page, expect
from servers import Server
from standin.running import StandIn

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture(scope="module")
def server(standin: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with paying_server(tmp_path_factory.mktemp("earlier"), standin) as server:
        yield server


def _compare(server: Server, models: list[str], title: str) -> str:
    body = {"video_id": server.sample(), "prompt": "What rolls?", "models": models, "title": title, "fresh": True}
    return str(server.post("/api/compare", body)["job_id"])


def test_an_earlier_comparison_is_chosen_and_each_answer_shows_what_changed(
    page: Page, server: Server, standin: StandIn, console: Console
) -> None:
    standin.control(answer="A red ball rolls.")
    earlier = _compare(server, [FLASH], "Of yesterday")
    standin.control(answer="A blue ball rolls.")
    job_id = _compare(server, [FLASH, LITE], "Of today")
    page.goto(f"{server.address}jobs/{job_id}/view?cells=1.1.1,1.1.2&diff=0")
    picker = page.get_by_label("Compare with an earlier job")
    expect(picker).to_contain_text("Of yesterday · 1 same cell")
    picker.select_option(earlier)
    diff = page.get_by_role("button", name="Diff")
    expect(diff).to_have_attribute("aria-pressed", "false")
    asked_then, not_asked = (page.get_by_role("region", name=f"Text of {model}") for model in (FLASH, LITE))
    expect(asked_then.locator("del", has_text="red")).to_be_visible()
    expect(asked_then.locator("ins", has_text="blue")).to_be_visible()
    expect(not_asked).to_contain_text("The earlier job has no answer to this.")
    expect(not_asked).to_contain_text("A blue ball rolls.")
    page.reload()
    expect(asked_then.locator("del", has_text="red")).to_be_visible()

    page.keyboard.press("d")
    expect(diff).to_have_attribute("aria-pressed", "true")
    expect(picker).to_have_value("")
    picker.select_option(earlier)
    console.server_may_refuse = True
    server.http.delete(f"/api/jobs/{earlier}").raise_for_status()
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text(earlier)
    expect(asked_then).to_contain_text("A blue ball rolls.")
    picker.select_option("")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(picker).to_have_count(0)
