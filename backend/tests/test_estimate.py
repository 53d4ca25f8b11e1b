"""What a comparison will take: counted where it can be, said to be unknown where it cannot."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from films import tiny_film
from servers import Server

from app.compare.estimate import estimate
from app.media.facts import VideoFacts
from app.models.base import InputMode, ModelInfo
from app.models.limits.limit import Limit
from app.models.limits.limits import Limits
from app.videos.video import StoredVideo


def video(seconds: float, *, audio: bool = True) -> StoredVideo:
    facts = VideoFacts(
        duration=seconds,
        width=640,
        height=360,
        fps=25.0,
        codec="h264",
        audio_codec="aac" if audio else None,
        container="mp4",
        media_type="video/mp4",
        extension=".mp4",
        pixel_format="yuv420p",
        frames=None,
        plays_in_browsers=True,
    )
    return StoredVideo(
        video_id="a" * 20, sha256="0" * 64, name="film.mp4", size=1, facts=facts, uploaded_at=datetime.now(UTC)
    )


def model(model_id: str, provider: str, mode: InputMode = InputMode.NATIVE, price: str | None = None) -> ModelInfo:
    return ModelInfo(
        id=model_id, provider=provider, title="", description="", input_mode=mode, reads_prompt=True, price=price
    )


FLASH = model("gemini-2.5-flash", "gemini", price="$0.3 in")
THREE = model("gemini-3-pro-preview", "gemini", price="$2 in")
SCENES = model("local/scenes", "local", InputMode.LOCAL, "free")
FRAMES = model("openai/gpt-x", "openai", InputMode.FRAMES)
OLLAMA = model("ollama/x", "ollama", InputMode.FRAMES, "free")


@pytest.mark.parametrize(
    ("info", "film", "tokens"),
    [
        (FLASH, video(10), 10 * (258 + 32) + 1),
        (FLASH, video(10, audio=False), 10 * 258 + 1),
        (THREE, video(9.1), 10 * (70 + 32) + 1),
        (model("gemini-flash-latest", "gemini"), video(1), 258 + 32 + 1),
        (SCENES, video(10), 0),
        (FRAMES, video(10), None),
        (OLLAMA, video(10), None),
    ],
)
def test_tokens_follow_from_the_length_of_the_film(info: ModelInfo, film: StoredVideo, tokens: int | None) -> None:
    (each,) = estimate([film], ["Why?"], [info], {}).by_model
    assert each.input_tokens == tokens


def test_every_prompt_is_paid_with_the_whole_film() -> None:
    one, two = (estimate([video(60)], prompts, [FLASH], {}).by_model[0] for prompts in (["a"], ["a", "b"]))
    assert two.input_tokens == 2 * (one.input_tokens or 0)
    assert two.cost_usd == pytest.approx(2 * (one.cost_usd or 0))
    assert 0.001 < (one.cost_usd or 0) < 0.1


def test_what_is_free_costs_nothing_and_what_is_unknown_is_not_guessed() -> None:
    free = estimate([video(10)], ["?"], [SCENES, OLLAMA], {})
    assert (free.cost_usd, [each.cost_usd for each in free.by_model]) == (0.0, [0.0, 0.0])
    mixed = estimate([video(10)], ["?"], [FLASH, FRAMES], {})
    assert mixed.cost_usd is None
    assert [each.cost_usd is None for each in mixed.by_model] == [False, True]
    assert estimate([video(10)], ["?"], [model("gemini-99-none", "gemini")], {}).cost_usd is None


def test_time_is_that_of_the_line_that_takes_longest() -> None:
    paces = {"local/scenes": 4.0, "gemini-2.5-flash": 10.0}
    prompts = ["1", "2", "3"]
    assert estimate([video(1)], prompts, [SCENES], paces).seconds == pytest.approx(6.0)
    assert estimate([video(1)], prompts, [SCENES, FLASH], paces).seconds == pytest.approx(10.0)
    assert estimate([video(1)], prompts, [SCENES, THREE], paces).seconds is None


def test_time_follows_the_limits_that_are_set() -> None:
    paces = {"gemini-2.5-flash": 10.0, "gemini-3-pro-preview": 10.0, "ollama/x": 10.0, "ollama/y": 10.0}
    prompts = [str(number) for number in range(16)]

    def seconds(*models: ModelInfo, **limits: Limit) -> float | None:
        return estimate([video(1)], prompts, models, paces, limits=Limits(limits)).seconds

    assert seconds(FLASH, gemini=Limit(at_once=2)) == pytest.approx(80.0)
    assert seconds(FLASH, THREE) == pytest.approx(20.0), "models elsewhere do not wait for each other"
    both = (OLLAMA, model("ollama/y", "ollama", InputMode.FRAMES, "free"))
    assert seconds(*both) == pytest.approx(160.0), "those of one server here share its places"
    assert seconds(*both, ollama=Limit(at_once=4)) == pytest.approx(80.0)
    assert seconds(FLASH, gemini=Limit(requests_per_minute=4)) == pytest.approx(190.0)


def ask(server: Server, **changes: Any) -> Any:
    film = server.http.post("/api/videos", files={"file": ("film.mp4", tiny_film())}).json()["video_id"]
    body = {"video_ids": [film], "prompts": ["What?", "Why?"], "models": ["local/scenes", "demo/stream"]}
    return server.http.post("/api/estimate", json=body | changes)


def test_the_server_learns_how_long_models_take(shared_server: Server) -> None:
    before = ask(shared_server).json()
    assert (before["cells"], before["cost_usd"], before["seconds"]) == (4, 0.0, None)
    assert [(each["model"], each["cells"], each["price"]) for each in before["by_model"]] == [
        ("local/scenes", 2, "free"),
        ("demo/stream", 2, "free"),
    ]
    film = shared_server.get("/api/videos")["videos"][0]["video_id"]
    body = {"video_id": film, "prompt": "?", "models": ["local/scenes", "demo/stream"]}
    shared_server.post("/api/compare", body)
    assert 0.9 < ask(shared_server).json()["seconds"] < 30
    assert shared_server.get("/api/jobs")["counts"]["completed"] == 1


def test_what_cannot_be_estimated_says_why(shared_server: Server) -> None:
    for changes, status, words in (
        ({"models": ["local/scene"]}, 422, "local/scenes"),
        ({"video_ids": ["a" * 20]}, 404, "no video"),
        ({"prompts": []}, 422, "prompts"),
        ({"prompts": [str(number) for number in range(300)]}, 422, "600 cells"),
    ):
        answer = ask(shared_server, **changes)
        assert answer.status_code == status
        assert words in answer.json()["detail"]


def test_a_model_without_its_key_is_estimated_all_the_same(shared_server: Server) -> None:
    (each,) = ask(shared_server, models=["gemini-2.5-flash"]).json()["by_model"]
    assert each["input_tokens"] > 500
    assert "$" in each["price"]
