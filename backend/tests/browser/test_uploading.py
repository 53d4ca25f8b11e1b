"""An upload is continued, whatever happens in the middle of it, and what arrives is the file, byte for byte."""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser.accessibility import violations
from browser.conftest import Console, pictures
from browser.hands import ask
from browser.hands import run as press_run
from browser.link import Link, open_link
from browser.sleeping import asleep, processes_of
from films import tiny_film
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect
from servers import Server, running_server
from waiting import eventually

pytestmark = pytest.mark.browser

MEGABYTE = 1_000_000
SIZE = 60 * MEGABYTE
MIDDLE = 20 * MEGABYTE


@dataclass(frozen=True)
class Place:
    """A server, the link that leads to it, and a film of many bytes that nobody could guess."""

    server: Server
    link: Link
    film: Path


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """One for each test."""
    film = tiny_film()
    padding = os.urandom(SIZE - len(film) - 8)
    path = tmp_path / "long-take.mp4"
    path.write_bytes(film + (len(padding) + 8).to_bytes(4, "big") + b"free" + padding)
    with (
        open_link() as link,
        running_server(tmp_path / "data", ALLOWED_HOSTS=f"127.0.0.1:{link.port}") as server,
    ):
        link.target = int(server.address.strip("/").rsplit(":", 1)[1])
        yield Place(server, link, path)


@pytest.fixture
def offsets(page: Page) -> list[int]:
    """Where each piece of the file that the page sends begins."""
    found: list[int] = []

    def note(request: Request) -> None:
        if request.method == "PATCH":
            found.append(int(request.headers["upload-offset"]))

    page.on("request", note)
    return found


def _send_half(page: Page, place: Place, until: int = MIDDLE) -> None:
    """Choose the film; its link dies when so much of it is on its way."""
    place.link.silence_after(until)
    page.goto(f"http://127.0.0.1:{place.link.port}/videos")
    page.get_by_label("Choose videos").set_input_files(place.film)
    eventually(lambda: place.link.is_silent)
    assert until < place.link.uploaded < SIZE


def _arrived(page: Page, place: Place) -> None:
    """The whole file is there, once."""
    expect(page.get_by_role("list", name="Uploads")).to_have_count(0, timeout=40_000)
    expect(page.get_by_text("long-take.mp4").first).to_be_visible()
    (video,) = place.server.get("/api/videos")["videos"]
    got = hashlib.sha256(place.server.http.get(f"/api/video/{video['video_id']}/file").content)
    assert got.hexdigest() == hashlib.sha256(place.film.read_bytes()).hexdigest()


def test_after_a_reload_the_same_file_is_continued(
    page: Page, place: Place, offsets: list[int], console: Console
) -> None:
    _send_half(page, place)
    console.server_may_refuse = True
    place.link.restore()
    page.reload()
    expect(page.get_by_role("list", name="Uploads")).to_contain_text("Choose the same file again")
    page.get_by_label("Choose videos").set_input_files(place.film)
    _arrived(page, place)
    assert offsets[-1] > 0, "what had arrived was not sent again"


def test_a_killed_server_is_waited_for_and_the_upload_goes_on_by_itself(
    page: Page, place: Place, offsets: list[int], console: Console
) -> None:
    _send_half(page, place)
    console.server_may_refuse = True
    place.server.kill()
    place.link.restore()
    place.link.cut()
    expect(page.get_by_role("list", name="Uploads")).to_contain_text("Waiting for the network")
    place.server.restart()
    _arrived(page, place)
    assert offsets[-1] > 0


def test_a_laptop_that_sleeps_in_the_middle_goes_on_when_it_wakes(
    page: Page, place: Place, offsets: list[int], console: Console, browser: Browser
) -> None:
    _send_half(page, place)
    console.server_may_refuse = True
    with asleep([place.server.process.pid, *processes_of(browser)]):
        place.link.cut()
        place.link.restore()
    _arrived(page, place)
    assert offsets[-1] > 0


def test_a_link_that_dies_without_a_word_is_noticed_and_the_upload_goes_on(
    page: Page, place: Place, offsets: list[int], console: Console
) -> None:
    page.clock.install()
    _send_half(page, place)
    console.server_may_refuse = True
    place.link.restore()
    page.clock.run_for(21_000)
    page.clock.resume()
    _arrived(page, place)
    assert offsets[-1] > 0


def test_a_link_that_dies_with_the_last_bytes_handed_over_is_noticed_too(
    page: Page, place: Place, offsets: list[int], console: Console
) -> None:
    page.clock.install()
    _send_half(page, place, until=SIZE - MEGABYTE // 2)
    expect(page.get_by_role("list", name="Uploads")).to_contain_text("Reading the video")
    console.server_may_refuse = True
    place.link.restore()
    page.clock.run_for(21_000)
    page.clock.resume()
    _arrived(page, place)
    assert offsets[-1] > MIDDLE, "only what was lost was sent again"


DEMO = "Demo: slow answer"


def _run_in_mid_upload(page: Page, place: Place) -> str:
    """Choose the film, press Run while it is on its way over a link that dies in the middle; the id of the job."""
    place.link.silence_after(MIDDLE)
    page.goto(f"http://127.0.0.1:{place.link.port}/")
    expect(page.get_by_role("checkbox", name=DEMO)).to_be_visible()
    ask(page, "What happens, and when?", DEMO)
    page.get_by_label("Choose videos").set_input_files(place.film)
    expect(page.get_by_text("1 video is still being uploaded: the job waits for it.")).to_be_visible()
    expect(page.get_by_text("1 cell", exact=True)).to_be_visible()
    job_id = press_run(page)
    eventually(lambda: place.link.is_silent)
    return job_id


def _completed(page: Page, place: Place, job_id: str) -> None:
    """The job is done, about the whole file."""
    expect(page.get_by_text("1 completed").or_(page.get_by_text("Completed")).first).to_be_visible(timeout=60_000)
    job = place.server.finished(job_id)
    assert job["status"] == "completed", job["error"]
    (cell,) = job["result"]["cells"]
    got = hashlib.sha256(place.server.http.get(f"/api/video/{cell['video_id']}/file").content)
    assert got.hexdigest() == hashlib.sha256(place.film.read_bytes()).hexdigest()


def test_a_job_that_waits_for_an_upload_outlives_page_and_worker_and_goes_on_with_the_file_chosen_again(
    profile: BrowserContext, page: Page, place: Place, console: Console
) -> None:
    job_id = _run_in_mid_upload(page, place)
    console.server_may_refuse = True
    assert place.server.job(job_id)["status"] == "running"
    page.close()
    place.link.cut()
    place.link.restore()
    os.kill(place.server.worker_pid(), signal.SIGKILL)

    again = profile.new_page()
    sent: list[int] = []

    def note(sending: Request) -> None:
        if sending.method == "PATCH":
            sent.append(int(sending.headers["upload-offset"]))

    again.on("request", note)
    again.goto(f"http://127.0.0.1:{place.link.port}/jobs/{job_id}")
    waiting = again.get_by_role("list", name="Uploads")
    expect(waiting).to_contain_text("Not sent from this page")
    expect(again.get_by_text("Waiting for 1 upload, ").first).to_be_visible()
    expect(again.get_by_text("You can lock your screen or close this tab.")).to_be_visible()
    again.get_by_role("button", name="Timeline").click()
    expect(again.get_by_text("Waiting for long-take.mp4")).to_be_attached()
    pictures(again, "waiting_for_upload")
    again.emulate_media(reduced_motion="reduce")
    assert violations(again) == []
    other = place.film.with_name("other.mp4")
    other.write_bytes(b"another")
    again.get_by_label("Choose long-take.mp4 again").set_input_files(other)
    expect(waiting.get_by_role("alert")).to_contain_text("other.mp4 (7 B) is another file than long-take.mp4.")
    again.get_by_label("Choose long-take.mp4 again").set_input_files(place.film)
    _completed(again, place, job_id)
    assert min(sent) > 0, "what had arrived was not sent again"


def test_another_browser_goes_on_with_the_upload_of_a_job(
    page: Page, place: Place, console: Console, browser: Browser
) -> None:
    job_id = _run_in_mid_upload(page, place)
    console.server_may_refuse = True
    page.close()
    place.link.cut()
    place.link.restore()
    context = browser.new_context()
    console.watch(context)
    other = context.new_page()
    other.goto(f"http://127.0.0.1:{place.link.port}/jobs/{job_id}")
    other.get_by_label("Choose long-take.mp4 again").set_input_files(place.film)
    _completed(other, place, job_id)
    context.close()
    assert len(place.server.get("/api/videos")["videos"]) == 1
