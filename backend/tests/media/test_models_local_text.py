"""The model that reads: with the real OCR on our own films, in its limited child process."""

from __future__ import annotations

import asyncio
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from app.media.facts import SeenText, TextReport
from app.media.probe import probe
from app.models.base import Answer, AskOptions, Video, VideoModel
from app.models.errors import ErrorKind, ModelError
from app.models.local_text import LocalText
from app.models.testing import Recorder, VideoModelContract
from app.models.text_search import Sighting, Wanted, describe_texts, sightings, wanted_in
from app.models.timestamps import clock


class TestText(VideoModelContract):
    def model(self) -> VideoModel:
        return LocalText()


@pytest.fixture
def receipt(road: Path) -> Video:
    """Our film with a receipt from 0:07.2 to 0:09.0."""
    facts = asyncio.run(probe(road))
    return Video(
        video_id="five-stops",
        path=road,
        media_type=facts.media_type,
        duration=facts.duration,
        width=facts.width,
        height=facts.height,
    )


def ask(video: Video, prompt: str) -> Answer:
    return asyncio.run(LocalText().answer(video, prompt, Recorder()))


def test_it_reads_what_is_written_and_says_when(receipt: Video) -> None:
    answer = ask(receipt, 'Where does "station cafe" stand?')
    (hit,) = answer.timestamps
    assert 7.2 <= hit.seconds <= 9.0
    assert answer.text.startswith("**`station cafe`: found once.**")
    assert answer.text.endswith(f"- {hit.text}: `STATION CAFE`")
    assert answer.input.frames == 5


def test_a_film_without_text_has_none(clip: Callable[..., Path], moving: Callable[[float], list[Image.Image]]) -> None:
    path = clip("stripes.mp4", moving(1.0))
    video = Video(video_id="x", path=path, media_type="video/mp4", duration=1.0, width=320, height=240)
    assert ask(video, "What does it say?").text.startswith("**No text.**")


def test_options_that_it_cannot_follow_are_named(
    clip: Callable[..., Path], moving: Callable[[float], list[Image.Image]]
) -> None:
    path = clip("options.mp4", moving(1.0))
    video = Video(video_id="x", path=path, media_type="video/mp4", duration=1.0, width=320, height=240)
    answer = asyncio.run(LocalText().answer(video, "?", Recorder(), options=AskOptions(temperature=0.5, fps=2.0)))
    assert set(answer.input.ignored) == {"temperature", "fps"}


def test_markdown_that_is_written_in_a_film_stays_text(clip: Callable[..., Path]) -> None:
    picture = Image.new("RGB", (640, 240), "white")
    font = ImageFont.load_default(36)
    ImageDraw.Draw(picture).text((40, 90), "[CLICK](HTTP://EVIL)", fill="black", font=font)
    path = clip("evil.mp4", [picture] * 10)
    video = Video(video_id="x", path=path, media_type="video/mp4", duration=0.4, width=640, height=240)
    line = ask(video, "?").text.splitlines()[-1]
    assert line.count("`") == 2
    assert "CLICK" in line.split("`")[1]


def test_without_the_extra_it_is_listed_with_the_remedy(monkeypatch: pytest.MonkeyPatch, receipt: Video) -> None:
    monkeypatch.setattr("app.media.texts.find_spec", lambda _: None)
    missing = LocalText().missing()
    assert missing is not None
    assert "pip install 'longtake-compare[ocr]'" in missing.what_to_do
    with pytest.raises(ModelError) as caught:
        ask(receipt, "?")
    assert caught.value.kind is ErrorKind.INVALID
    assert not caught.value.retryable


def test_the_remedy_is_a_command_that_installs_it_for_the_app_as_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.media.texts.find_spec", lambda _: None)
    home = Path(sys.executable).parents[2]
    for place, python in ((home, str(Path(sys.executable).relative_to(home))), (tmp_path, sys.executable)):
        monkeypatch.chdir(place)
        missing = LocalText().missing()
        assert missing is not None
        words = shlex.split(missing.what_to_do.partition(": ")[2].partition(", and")[0])
        assert words[0] == python
        done = subprocess.run(  # it is all there in a test, so that nothing is fetched
            [*words, "--dry-run", "--no-index"], capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert "rapidocr" in done.stdout
        assert "does not provide the extra" not in done.stderr


def test_cancelling_kills_the_reader_at_once(receipt: Video) -> None:
    async def scenario() -> float:
        reading = asyncio.Event()

        class Heard(Recorder):
            async def progress(self, percent: float, message: str) -> None:
                if message == "Reading":
                    reading.set()

        asking = asyncio.create_task(LocalText().answer(receipt, "?", Heard()))
        await reading.wait()
        started = time.monotonic()
        asking.cancel()
        await asyncio.wait({asking})
        assert asking.cancelled()
        return time.monotonic() - started

    assert asyncio.run(scenario()) < 2


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        ('Find "Exit 4" and „Ausgang“', Wanted(quoted=("Exit 4", "Ausgang"))),
        ("Is 'sale' shown?", Wanted(quoted=("sale",))),
        ("What's the driver's name on the receipt?", Wanted(keywords=("driver", "receipt"))),
        ("What happens, and when?", Wanted()),
        ('""', Wanted()),
        ("", Wanted()),
    ],
)
def test_a_prompt_says_what_to_look_for(prompt: str, wanted: Wanted) -> None:
    assert wanted_in(prompt) == wanted


def test_a_text_seen_in_several_looks_in_a_row_is_one_sighting() -> None:
    seen = [(0, "HOME"), (0, "menu"), (1, "Home"), (3, "HOME")]
    report = TextReport(
        looks=(1.0, 3.0, 5.0, 7.0), seen=tuple(SeenText(look=look, text=text) for look, text in seen), resolution="1x1"
    )
    assert [(each.text, each.when) for each in sightings(report)] == [
        ("HOME", f"{clock(1.0)}\N{EN DASH}{clock(3.0)}"),
        ("menu", clock(1.0)),
        ("HOME", clock(7.0)),
    ]


def found(*texts: str) -> list[Sighting]:
    return [Sighting(text=text, start=float(n), end=float(n)) for n, text in enumerate(texts)]


def test_quoted_words_are_found_in_spite_of_case_and_misread_letters() -> None:
    text = describe_texts(found("T0TAL 12.49", "STATlON CAFE", "tea"), Wanted(quoted=("station cafe",)), looks=3)
    assert "`STATlON CAFE`" in text
    assert "tea" not in text
    assert "2 other texts were read (3 pictures looked at)" in text


def test_quoted_words_that_are_not_there_are_said_to_be_missing() -> None:
    text = describe_texts(found("tea"), Wanted(quoted=("coffee",)), looks=1)
    assert text == "**`coffee` is not written in the picture.** 1 other text was read (1 picture looked at)."


def test_keywords_rank_and_hide_nothing() -> None:
    text = describe_texts(found("tea", "total", "total tea"), Wanted(keywords=("total", "tea")), looks=3)
    lines = [line.split(": ")[1] for line in text.splitlines() if line.startswith("- ")]
    assert lines == ["`total tea`", "`tea`", "`total`"]
    assert "tea" in describe_texts(found("tea"), Wanted(keywords=("nothing",)), looks=1)
