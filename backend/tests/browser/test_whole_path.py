"""Drop, run, close the tab; then server and worker are killed; and the result is there."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path

import pytest
from browser.conftest import Console
from browser.hands import ask, drop, run
from films import tiny_film
from playwright.sync_api import BrowserContext, expect
from servers import running_server
from waiting import eventually

pytestmark = pytest.mark.browser

MODELS = ("Quality", "Demo: slow answer")


def test_a_result_comes_though_tab_server_and_worker_are_gone_in_between(
    profile: BrowserContext, console: Console, tmp_path: Path
) -> None:
    film = tmp_path / "holiday.mp4"
    film.write_bytes(tiny_film())
    with running_server(tmp_path / "data", DEMO_STREAM_SECONDS="60") as server:
        page = profile.new_page()
        page.goto(server.address)
        drop(page, film)
        expect(page.get_by_role("checkbox", name="holiday.mp4")).to_be_checked()
        ask(page, "What is to be seen?", *MODELS)
        job_id = run(page)
        expect(page.get_by_role("article", name="local/quality: answer")).to_contain_text("H.264")
        expect(page.get_by_text("You can lock your screen or close this tab.")).to_be_visible()
        page.close()

        console.server_may_refuse = True
        server.kill()
        assert server.file(job_id)["status"] == "running"
        server.restart(DEMO_STREAM_SECONDS="1")  # for the worker that it starts after the kill
        os.kill(server.worker_pid(), signal.SIGKILL)
        eventually(lambda: len(server.file(job_id)["attempts"]) > 1)

        page = profile.new_page()
        page.goto(f"{server.address}jobs")
        page.get_by_role("list", name="Jobs").get_by_role("link").first.click()
        expect(page).to_have_url(f"{server.address}jobs/{job_id}")
        expect(page.get_by_text("1 finished cell was kept")).to_be_visible()
        expect(page.get_by_text("Completed").first).to_be_visible()
        expect(page.get_by_role("article", name="demo/stream: answer")).to_contain_text("What is to be seen?")
        expect(page.get_by_role("article", name="local/quality: answer")).to_contain_text("H.264")
        recorded = Counter(step.get("name") for step in server.journal(job_id) if "name" in step)
        assert recorded
        assert set(recorded.values()) == {1}, "no finished cell was asked again"
