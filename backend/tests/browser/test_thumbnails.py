"""Below the player, the mouse shows what is to be seen at a moment."""

from __future__ import annotations

import pytest
from browser.conftest import SCREENSHOTS, Console
from playwright.sync_api import Page, expect
from servers import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def job_id(shared_server: Server) -> str:
    """A comparison that has ended."""
    body = {"video_id": shared_server.sample(), "prompt": "What happens?", "models": ["local/scenes"]}
    return str(shared_server.post("/api/compare", body)["job_id"])


def _open_and_point(page: Page, server: Server, job_id: str, share: float) -> None:
    page.goto(f"{server.address}jobs/{job_id}/view?cells=1.1.1")
    track = page.get_by_role("button", name="local/scenes: ")
    box = track.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)


def test_the_mouse_over_a_lane_shows_the_picture_of_that_moment(page: Page, shared_server: Server, job_id: str) -> None:
    _open_and_point(page, shared_server, job_id, 0.5)
    moments = page.get_by_role("list", name="Moments")
    picture = moments.locator("img")
    expect(picture).to_be_visible()
    expect(picture).to_have_attribute("data-picture", "12")
    expect(moments).to_contain_text("0:06")
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / "thumbnail.png")
    box = moments.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 10)
    expect(picture).to_have_attribute("data-picture", "23")
    page.mouse.move(5, 5)
    expect(picture).to_have_count(0)


def test_without_pictures_nothing_is_in_the_way(
    page: Page, shared_server: Server, job_id: str, console: Console
) -> None:
    console.server_may_refuse = True
    page.route("**/filmstrip", lambda route: route.fulfill(status=422))
    with page.expect_response("**/filmstrip"):
        _open_and_point(page, shared_server, job_id, 0.5)
    picture = page.get_by_role("list", name="Moments").locator("img")
    expect(picture).to_be_attached()
    expect(picture).to_be_hidden()
    page.get_by_role("button", name="local/scenes: ").click()
