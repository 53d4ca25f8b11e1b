"""All remote models together: known without asking, listed when asked, remembered over restarts."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import running_server
from standin import StandIn
from standin.trying import failure, looks_like_film
from standin.usual import QUICK

from app.models import remote
from app.models.base import InputMode
from app.models.errors import ErrorKind, ModelError
from app.models.openai_compatible.endpoint import Endpoint
from app.models.registry import build_registry
from app.models.remote import RemoteModels

NOWHERE = [Endpoint("ollama", "http://127.0.0.1:9/v1"), Endpoint("lmstudio", "http://127.0.0.1:9/v1")]
"""In place of what may run on the computer of whoever runs these tests."""


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


def with_key(standin: StandIn) -> dict[str, str]:
    return {"GEMINI_API_KEY": "a-good-key", "GOOGLE_GEMINI_BASE_URL": standin.address}


def names(models: RemoteModels) -> list[str]:
    return [model.info.id for model in models.models()]


def test_building_asks_no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("somebody opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    models = RemoteModels({}, folder=tmp_path).models()
    assert [model.info.id for model in models] == [
        "gemini-3.8-flash",
        "gemini-3.1-pro-preview",
        "gemini-3.5-flash-lite",
    ]
    assert not list(tmp_path.iterdir())


def test_the_app_starts_and_lists_its_models_though_the_network_swallows_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        nowhere = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("GEMINI_API_KEY", "a-good-key")
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", nowhere)
        endpoint = f'[{{"name": "far", "base_url": "{nowhere}/v1"}}]'
        with running_server(tmp_path / "data", ENDPOINTS=endpoint) as server:
            listed = {model["id"]: model["available"] for model in server.get("/api/models")["models"]}
            assert listed["gemini-3.8-flash"]
            assert listed["local/scenes"]
            body = {"video_id": server.sample(), "prompt": "?", "models": ["local/scenes"]}
            assert server.post("/api/compare", body)["status"] == "completed"


def test_without_a_key_the_models_say_what_to_do(tmp_path: Path) -> None:
    registry = build_registry(RemoteModels({}, folder=None))
    entry = next(entry for entry in registry.entries() if entry.id == "gemini-3.8-flash")
    assert not entry.available
    assert entry.what_to_do is not None
    assert "GEMINI_API_KEY" in entry.what_to_do
    assert "local/scenes" in entry.what_to_do
    assert "Not confirmed" in entry.description
    assert entry.input_mode is InputMode.NATIVE
    assert entry.price == "$0.75 in, $3.75 out per million tokens (est.)"
    error = failure(registry.get(entry.id), looks_like_film(tmp_path / "film.mp4"))
    assert (error.kind, error.retryable) == (ErrorKind.AUTH, False)


def test_lists_are_fetched_from_all_providers_and_remembered(standin: StandIn, tmp_path: Path) -> None:
    endpoints = [Endpoint("ollama", f"{standin.address}/v1"), NOWHERE[1]]
    models = RemoteModels(with_key(standin), folder=tmp_path, endpoints=endpoints, patience=QUICK)
    asyncio.run(models.refresh())
    listed = names(models)
    assert listed == [
        "gemini-3.8-flash",
        "gemini-3.1-pro-preview",
        "gemini-3.5-flash-lite",
        "ollama/gemma4:12b",
        "ollama/qwen3-vl:8b",
    ]
    assert all("Not confirmed" not in model.info.description for model in models.models())
    again = RemoteModels(with_key(standin), folder=tmp_path, endpoints=endpoints)
    assert names(again) == listed
    assert build_registry(again).get(listed[-1]).info.provider == "ollama"


def test_a_model_that_its_provider_does_not_list_is_refused_once_the_list_is_known(
    standin: StandIn, tmp_path: Path
) -> None:
    models = RemoteModels(with_key(standin), folder=tmp_path, endpoints=NOWHERE, patience=QUICK)
    registry = build_registry(models)
    assert registry.get_listed("gemini-3.9-flash").info.provider == "gemini"
    asyncio.run(models.refresh())
    with pytest.raises(ModelError, match=r"gemini-3\.9-flash") as caught:
        registry.get_listed("gemini-3.9-flash")
    assert "gemini-3.8-flash" in caught.value.what_to_do
    assert registry.get("gemini-3.9-flash").info.provider == "gemini", "a job that was submitted earlier may ask"
    with pytest.raises(ModelError):
        registry.get("nowhere/at-all")


def test_a_provider_that_does_not_answer_keeps_its_last_list(standin: StandIn, tmp_path: Path) -> None:
    models = RemoteModels(with_key(standin), folder=tmp_path, endpoints=NOWHERE, patience=QUICK)
    asyncio.run(models.refresh())
    before = names(models)
    for fault in ("503", "502", "hang"):
        standin.control(fault=fault, on="models")
        asyncio.run(models.refresh())
    assert names(models) == before


def test_a_local_server_that_was_stopped_has_no_models_any_more(standin: StandIn, tmp_path: Path) -> None:
    endpoints = [Endpoint("ollama", f"{standin.address}/v1"), NOWHERE[1]]
    models = RemoteModels({}, folder=tmp_path, endpoints=endpoints, patience=QUICK)
    asyncio.run(models.refresh())
    assert "ollama/qwen3-vl:8b" in names(models)
    standin.control(fault="reset", on="models")
    asyncio.run(models.refresh())
    assert "ollama/qwen3-vl:8b" not in names(models)


def test_ollama_and_lm_studio_are_looked_for_where_they_usually_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def note(endpoint: Endpoint, *_: object) -> None:
        asked.append(endpoint.base_url)

    monkeypatch.setattr(remote, "list_openai_compatible", note)
    asyncio.run(RemoteModels({}, folder=None).refresh())
    assert asked == ["http://127.0.0.1:11434/v1", "http://127.0.0.1:1234/v1"]


def test_looking_for_servers_that_do_not_run_is_quick() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = Endpoint("ollama", f"http://127.0.0.1:{silent.getsockname()[1]}/v1")
        models = RemoteModels({}, folder=None, endpoints=[endpoint, NOWHERE[1]])

        async def seconds() -> float:
            loop = asyncio.get_running_loop()
            before = loop.time()
            await models.refresh()
            return loop.time() - before

        assert asyncio.run(seconds()) < 2.0


def test_a_model_is_found_by_its_id_also_when_it_is_not_listed(standin: StandIn) -> None:
    models = RemoteModels(with_key(standin), folder=None, endpoints=NOWHERE)
    found = models.find("gemini-5-neon")
    assert found is not None
    assert found.info.id == "gemini-5-neon"
    assert found is models.find("gemini-5-neon")
    server = models.find("ollama/some/model:1b")
    assert server is not None
    assert server.info.id == "ollama/some/model:1b"
    for unknown in ("ollama/", "nobody/model", "local/scenes", "claude"):
        assert models.find(unknown) is None


def test_openai_is_offered_with_its_key_only() -> None:
    assert RemoteModels({}, folder=None).find("openai/gpt-5") is None
    assert RemoteModels({"OPENAI_API_KEY": "a-good-key"}, folder=None).find("openai/gpt-5") is not None
