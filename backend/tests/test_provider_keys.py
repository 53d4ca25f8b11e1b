"""A key is sent to its host and shown nowhere: the canary must not sing."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from standin import StandIn
from standin.trying import gemini, looks_like_film, openai_compatible, real_film
from standin.usual import CANARY, KEY, PROMPT

from app.models.base import Video, VideoModel
from app.models.errors import ModelError
from app.models.gemini.shelf import UploadShelf
from app.models.keys import Key, read_key
from app.models.openai_compatible.showing import Showing
from app.models.remote import RemoteModels
from app.models.testing import Recorder

SHOWING = Showing()
FAULTS = ["echo-key", "bad-key", "429", "502", "reset", "hang", "truncated", "ends-early", "error-in-stream"]


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Video:
    return real_film(tmp_path_factory.mktemp("film") / "film.mp4")


def background(standin: StandIn) -> VideoModel:
    return gemini(standin)


def foreground(standin: StandIn) -> VideoModel:
    return gemini(standin, in_background=False)


def with_pictures(standin: StandIn) -> VideoModel:
    return openai_compatible(standin, showing=SHOWING)


@pytest.mark.parametrize("make", [background, foreground, with_pictures])
@pytest.mark.parametrize("fault", FAULTS)
def test_no_error_log_or_trace_tells_the_key(
    standin: StandIn,
    film: Video,
    caplog: pytest.LogCaptureFixture,
    make: Callable[[StandIn], VideoModel],
    fault: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    standin.control(fault=fault)
    recorder = Recorder()
    told = ""
    try:
        told = repr(asyncio.run(make(standin).answer(film, PROMPT, recorder)))
    except ModelError as error:
        told = "".join(traceback.format_exception(error)) + error.message + error.what_to_do
    told += caplog.text + json.dumps(recorder._kept) + "".join(recorder.partials)
    assert CANARY not in told
    assert any(request["key"] == CANARY for request in standin.log()["requests"]), "the key was not even used"


def test_no_file_tells_the_key(standin: StandIn, tmp_path: Path) -> None:
    video = looks_like_film(tmp_path / "film.mp4")
    asyncio.run(gemini(standin, shelf=UploadShelf(tmp_path / "uploads.json")).answer(video, PROMPT, Recorder()))
    environ = {"GEMINI_API_KEY": CANARY, "GOOGLE_GEMINI_BASE_URL": standin.address}
    asyncio.run(RemoteModels(environ, folder=tmp_path).refresh())
    texts = [path.read_bytes() for path in tmp_path.glob("*.json")]
    assert len(texts) == 2
    assert all(CANARY.encode() not in text for text in texts)


def test_a_key_is_blotted_out_of_texts_also_when_it_is_escaped() -> None:
    key = Key("K", "top secret+key/1")
    assert key.hide("with top secret+key/1 in it") == "with [key] in it"
    assert key.hide(f"?key={quote(key.value, safe='')}") == "?key=[key]"
    assert "secret" not in repr(key)
    assert Key("K", "a").hide("a cat") == "a cat"


def test_the_first_variable_that_is_set_holds_the_key() -> None:
    assert read_key({"A": " ", "B": " two "}, "A", "B") == Key("B", "two")
    assert read_key({}, "A", "B") is None


def test_a_fingerprint_tells_keys_and_places_apart() -> None:
    prints = {KEY.fingerprint("here"), KEY.fingerprint("there"), Key("K", "another").fingerprint("here")}
    assert len(prints) == 3
    assert all(CANARY not in each for each in prints)
