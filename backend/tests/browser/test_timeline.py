"""The timeline of a job that runs, was interrupted, and whose computer slept: what is drawn is what happened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from browser.accessibility import violations
from browser.conftest import SCREENSHOTS
from playwright.sync_api import FloatRect, Locator, Page, expect
from servers import Server, running_server

from app.compare import kinds
from longtake import Job, Sleep, lifecycle
from longtake.codec import encode_job
from longtake.ids import new_id

pytestmark = pytest.mark.browser

SIZES = {"": {"width": 1440, "height": 900}, "-phone": {"width": 390, "height": 844}}
WAITED, WORKED, SLEPT, AWAKE = (timedelta(seconds=seconds) for seconds in (10, 100, 40, 20))


def _interrupted(video_id: str) -> Job:
    """A comparison whose computer slept and then was shut down, a moment ago."""
    end = datetime.now(UTC)
    began = end - WORKED
    args = {"video_id": video_id, "prompt": "What happens?", "models": ["local/quality", "demo/stream"]}
    job = Job(id=new_id(began), kind=kinds.SINGLE, title="Through the night", args=args, created_at=began - WAITED)
    job = lifecycle.start(job, "1-worker", began)
    job = lifecycle.note_sleeps(job, 1, [Sleep(woke_at=end - AWAKE, seconds=SLEPT.total_seconds())])
    return lifecycle.interrupt(job, 1, end, "worker died", 0)


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """The comparison, taken up again and at work until the end of the module."""
    data: Path = tmp_path_factory.mktemp("night")
    with running_server(data) as before:
        job = _interrupted(before.sample())
    (data / "jobs" / f"{job.id}.json").write_bytes(encode_job(job))
    with running_server(data, DEMO_STREAM_SECONDS="600") as server:
        yield server, job.id


def _bar(page: Page, lane: str, says: str) -> Locator:
    row = page.get_by_role("listitem").filter(has=page.get_by_text(lane, exact=True))
    return row.get_by_role("listitem").filter(has_text=re.compile(says))


def _box(bar: Locator) -> FloatRect:
    box = bar.bounding_box()
    assert box is not None
    return box


def _ends(bar: Locator) -> float:
    box = _box(bar)
    return box["x"] + box["width"]


@pytest.fixture
def timeline(page: Page, job: tuple[Server, str]) -> Page:
    server, job_id = job
    page.goto(f"{server.address}jobs/{job_id}")
    page.get_by_role("button", name="Timeline").click()
    expect(_bar(page, "local/quality", "completed after")).to_be_visible()
    expect(_bar(page, "demo/stream", "being asked")).to_be_visible()
    return page


def test_bars_of_what_goes_on_reach_to_now_and_grow_at_the_cost_of_the_others(timeline: Page) -> None:
    running, asked = _bar(timeline, "Job", "Attempt 2: running"), _bar(timeline, "demo/stream", "being asked")
    first = _bar(timeline, "Job", "Attempt 1: interrupted")
    before = _box(running)["width"], _box(asked)["width"], -_box(first)["width"]
    for _ in range(2):
        expect(running).not_to_have_text(running.inner_text())
    after = _box(running)["width"], _box(asked)["width"], -_box(first)["width"]
    assert all(now > then for now, then in zip(after, before, strict=True))
    (edge,) = timeline.get_by_role("listitem").filter(has=timeline.get_by_text("Job", exact=True)).locator("ol").all()
    assert _ends(running) == pytest.approx(_ends(edge), abs=2)
    assert _ends(asked) == pytest.approx(_ends(edge), abs=2)


def test_a_sleep_is_drawn_where_and_as_long_as_it_was(timeline: Page) -> None:
    attempt, sleep = _box(_bar(timeline, "Job", "Attempt 1")), _box(_bar(timeline, "Computer asleep", "Slept 40 s"))
    assert sleep["width"] / attempt["width"] == pytest.approx(SLEPT / WORKED, abs=0.02)
    assert (sleep["x"] - attempt["x"]) / attempt["width"] == pytest.approx(4 / 10, abs=0.02)
    waiting = _box(_bar(timeline, "Job", "Waiting 10 s"))
    assert waiting["width"] / attempt["width"] == pytest.approx(WAITED / WORKED, abs=0.02)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_timeline_of_a_running_job_is_accessible_and_fits(timeline: Page, size: str, theme: str) -> None:
    timeline.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of the two
    timeline.set_viewport_size(SIZES[size])  # type: ignore[arg-type]  # it is one
    expect(_bar(timeline, "demo/stream", "being asked")).to_be_visible()
    SCREENSHOTS.mkdir(exist_ok=True)
    timeline.screenshot(path=SCREENSHOTS / f"timeline-running{size}-{theme}.png", full_page=True)
    assert violations(timeline) == []
    assert timeline.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]
