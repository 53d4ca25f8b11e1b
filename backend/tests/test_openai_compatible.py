"""Servers that speak like OpenAI: pictures with their times, or the file itself; and what their SDK lets pass."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image
from standin import StandIn
from standin.trying import ask, failure, openai_compatible, real_film
from standin.usual import CANARY, PROMPT, QUICK, WHOLE

from app.models.base import AskOptions, InputMode, Resolution, ThinkingLevel, Video
from app.models.errors import ErrorKind
from app.models.keys import Key
from app.models.openai_compatible.endpoint import ON_THIS_COMPUTER, OPENAI, Endpoint, parse_endpoints
from app.models.openai_compatible.model import OpenAICompatibleModel
from app.models.openai_compatible.showing import Showing
from app.models.testing import Recorder


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Video:
    return real_film(tmp_path_factory.mktemp("film") / "film.mp4")


def asked(standin: StandIn) -> dict[str, Any]:
    return dict(standin.seen("openai.chat")[-1]["body"])


def test_frames_are_shown_in_order_each_after_its_time(standin: StandIn, video: Video) -> None:
    answer = ask(openai_compatible(standin), video)
    assert answer.text == WHOLE
    parts = asked(standin)["messages"][-1]["content"]
    assert parts[0]["text"].startswith("These 4 pictures are frames of one video of 0:04.0")
    times = [part["text"] for part in parts[1:-1:2]]
    assert times == ["0:00.5", "0:01.5", "0:02.5", "0:03.5"]
    for part in parts[2:-1:2]:
        url = part["image_url"]["url"]
        assert url.startswith("data:image/jpeg;base64,")
        assert Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).size == (160, 96)
    assert parts[-1] == {"type": "text", "text": PROMPT}
    assert answer.input.mode is InputMode.FRAMES
    assert (answer.input.frames, answer.input.fps, answer.input.resolution) == (4, 1.0, "160x96")


def test_no_more_frames_are_shown_than_the_server_takes_but_some_of_every_scene(standin: StandIn, video: Video) -> None:
    answer = ask(openai_compatible(standin, max_frames=2), video, options=AskOptions(fps=10.0))
    times = [part["text"] for part in asked(standin)["messages"][-1]["content"][1:-1:2]]
    assert times == ["0:01.0", "0:03.0"]
    assert answer.input.frames == 2


def test_a_clip_is_all_that_is_shown(standin: StandIn, video: Video) -> None:
    answer = ask(openai_compatible(standin), video, options=AskOptions(clip_start=2.0, clip_end=4.0, fps=2.0))
    times = [part["text"] for part in asked(standin)["messages"][-1]["content"][1:-1:2]]
    assert len(times) == 4
    assert all("0:02.0" <= time <= "0:04.0" for time in times)
    assert answer.input.clip == (2.0, 4.0)


def test_the_same_frames_are_taken_once_for_all_models(standin: StandIn, video: Video) -> None:
    showing = Showing()
    server = Endpoint("server", f"{standin.address}/v1")
    models = [OpenAICompatibleModel(server, name, None, showing, QUICK) for name in ("a", "b")]
    pictures: list[float] = []

    class Counting(Recorder):
        async def progress(self, percent: float, message: str) -> None:
            if message == "Taking pictures":
                pictures.append(percent)

    ask(models[0], video, Counting())
    taken = len(pictures)
    ask(models[1], video, Counting())
    assert 0 < taken == len(pictures)


def test_a_server_that_takes_video_is_shown_the_file_itself(standin: StandIn, video: Video) -> None:
    answer = ask(openai_compatible(standin, native_video=True), video)
    shown, said = asked(standin)["messages"][-1]["content"]
    url = shown["video_url"]["url"]
    assert url.startswith("data:video/mp4;base64,")
    assert base64.b64decode(url.partition(",")[2]) == video.path.read_bytes()
    assert said["text"] == PROMPT
    assert answer.input.mode is InputMode.NATIVE


def test_a_file_too_large_for_one_request_is_refused_with_advice(
    standin: StandIn, video: Video, tmp_path: Path
) -> None:
    huge = tmp_path / "huge.mp4"
    with huge.open("wb") as file:
        file.truncate(60_000_000)
    error = failure(openai_compatible(standin, native_video=True), msgspec.structs.replace(video, path=huge))
    assert error.kind is ErrorKind.INVALID
    assert "native_video" in error.what_to_do
    gone = msgspec.structs.replace(video, path=tmp_path / "gone.mp4")
    assert failure(openai_compatible(standin, native_video=True), gone).kind is ErrorKind.VIDEO_MISSING


def test_all_options_reach_the_server(standin: StandIn, video: Video) -> None:
    options = AskOptions(
        temperature=0.2,
        thinking_level=ThinkingLevel.LOW,
        resolution=Resolution.LOW,
        system_instruction="Be brief.",
        response_schema={"type": "object"},
        label="cell-1",
    )
    ask(openai_compatible(standin), video, options=options)
    body = asked(standin)
    assert (body["temperature"], body["reasoning_effort"]) == (0.2, "low")
    assert body["messages"][0] == {"role": "system", "content": "Be brief."}
    assert body["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert standin.log()["paid_by_label"] == {"cell-1": 1}


def test_thinking_is_counted_apart_from_the_answer(standin: StandIn, video: Video) -> None:
    usage = ask(openai_compatible(standin), video).usage
    assert usage is not None
    assert (usage.input_tokens, usage.output_tokens, usage.thinking_tokens) == (504, 24, 7)


def test_the_key_goes_to_its_server(standin: StandIn, video: Video) -> None:
    ask(openai_compatible(standin), video)
    assert standin.seen("openai.chat")[0]["key"] == CANARY


def test_a_server_without_a_key_is_not_told_the_keys_of_others(
    standin: StandIn, video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(variable, CANARY)
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", f"Authorization: Bearer {CANARY}\nX-Gateway: {CANARY}")
    server = Endpoint("server", f"{standin.address}/v1")
    ask(OpenAICompatibleModel(server, "m", None, Showing(), QUICK), video)
    assert CANARY not in str(standin.seen("openai.chat")[0]["headers"])


def test_the_sdk_does_not_retry_by_itself(standin: StandIn, video: Video) -> None:
    standin.control(fault="503", times=5)
    failure(openai_compatible(standin), video)
    assert len(standin.seen("openai.chat")) == 1


def test_a_hanging_call_is_noticed_long_before_the_sdks_ten_minutes(standin: StandIn, video: Video) -> None:
    standin.control(fault="hang")
    assert failure(openai_compatible(standin), video).kind is ErrorKind.TIMEOUT


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("ends-early", ErrorKind.CONNECTION),
        ("reset-mid", ErrorKind.CONNECTION),
        ("truncated-mid", ErrorKind.CONNECTION),
        ("hang-mid", ErrorKind.TIMEOUT),
        ("error-in-stream", ErrorKind.SERVER),
    ],
)
def test_a_stream_that_breaks_is_an_error_and_what_came_is_kept(
    standin: StandIn, video: Video, fault: str, kind: ErrorKind
) -> None:
    standin.control(fault=fault)
    recorder = Recorder()
    error = failure(openai_compatible(standin), video, recorder)
    assert (error.kind, error.retryable) == (kind, True)
    assert recorder.partials
    assert WHOLE.startswith(recorder.partials[-1])


def test_an_answer_that_takes_too_long_is_given_up(standin: StandIn, video: Video) -> None:
    standin.control(latency=0.2)
    hasty = msgspec.structs.replace(QUICK, answer=0.9)
    error = failure(openai_compatible(standin, patience=hasty), video)
    assert (error.kind, error.retryable) == (ErrorKind.TIMEOUT, True)


def test_a_server_that_is_not_there_is_said_to_be_unreachable(video: Video) -> None:
    model = OpenAICompatibleModel(Endpoint("ollama", "http://127.0.0.1:9/v1"), "m", None, Showing(), QUICK)
    error = failure(model, video)
    assert (error.kind, error.retryable) == (ErrorKind.CONNECTION, True)
    assert "http://127.0.0.1:9/v1" in error.what_to_do


def test_a_model_that_needs_a_key_says_which_variable_is_missing(standin: StandIn, video: Video) -> None:
    model = OpenAICompatibleModel(OPENAI, "gpt-5", None, Showing(), QUICK)
    missing = model.missing()
    assert missing is not None
    assert "OPENAI_API_KEY" in missing.what_to_do
    assert failure(model, video).kind is ErrorKind.AUTH


def test_answers_of_this_computer_are_free_and_others_have_a_price_if_it_is_known() -> None:
    def price(endpoint: Endpoint, name: str) -> str | None:
        return OpenAICompatibleModel(endpoint, name, Key("K", CANARY), Showing(), QUICK).info.price

    assert price(ON_THIS_COMPUTER[0], "qwen3-vl:8b") == "free"
    assert price(OPENAI, "gpt-5") == "$1.25 in, $10 out per million tokens (est.)"
    assert price(Endpoint("vllm", "http://gpu:8000/v1"), "qwen") is None


def test_cancelling_ends_the_call(standin: StandIn, video: Video) -> None:
    standin.control(thinking=5.0)

    async def cancel_once_it_is_asked() -> None:
        asking = asyncio.create_task(openai_compatible(standin).answer(video, PROMPT, Recorder()))
        while not standin.paid():
            await asyncio.wait([asking], timeout=0.02)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    asyncio.run(cancel_once_it_is_asked())


def test_endpoints_are_read_from_a_setting() -> None:
    (endpoint,) = parse_endpoints(
        '[{"name": "vllm", "base_url": "http://gpu:8000/v1", "key_variable": "VLLM_KEY", "native_video": true}]'
    )
    assert endpoint == Endpoint("vllm", "http://gpu:8000/v1", "VLLM_KEY", native_video=True)
    assert not endpoint.is_local


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("vllm", "must be a JSON list such as"),
        ('[{"name": "vllm"}]', "base_url"),
        ('[{"name": "vllm", "base_url": "http://a/v1", "nativ_video": true}]', "nativ_video"),
        ('[{"name": "local", "base_url": "http://a/v1"}]', "not one of ours"),
        ('[{"name": "Big/One", "base_url": "http://a/v1"}]', "small letters"),
        ('[{"name": "a", "base_url": "file:///etc/passwd"}]', "http://host:port/v1"),
        ('[{"name": "a", "base_url": "http://a/v1", "max_frames": 0}]', "max_frames"),
        ('[{"name": "a", "base_url": "http://a/v1"}, {"name": "a", "base_url": "http://b/v1"}]', "same name"),
    ],
)
def test_a_setting_that_cannot_be_used_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_endpoints(text)
