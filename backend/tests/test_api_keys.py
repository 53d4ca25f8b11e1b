"""Keys over HTTP: which are set, whether they are taken, and never what they are."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest
from servers import Server, running_server
from standin.running import StandIn

from app.models import key_trials
from app.models.key_trials import KeyState, try_key
from app.models.openai_compatible.endpoint import Endpoint

KEY = "made-up-key-0123456789"


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture(scope="module")
def server(standin: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a key for Gemini, one for an endpoint of its own, and none for OpenAI."""
    endpoint = {"name": "mine", "base_url": f"{standin.address}/v1", "key_variable": "MINE_KEY"}
    with pytest.MonkeyPatch.context() as patch:
        for name in ("GOOGLE_API_KEY", "OPENAI_API_KEY"):
            patch.delenv(name, raising=False)
        for name in ("GEMINI_API_KEY", "MINE_KEY"):
            patch.setenv(name, KEY)
        patch.setenv("GOOGLE_GEMINI_BASE_URL", standin.address)
        with running_server(tmp_path_factory.mktemp("keys"), ENDPOINTS=json.dumps([endpoint])) as server:
            yield server


def test_every_key_is_listed_set_or_not(server: Server) -> None:
    assert server.get("/api/keys")["keys"] == [
        {"provider": "gemini", "variable": "GEMINI_API_KEY", "is_set": True},
        {"provider": "openai", "variable": "OPENAI_API_KEY", "is_set": False},
        {"provider": "mine", "variable": "MINE_KEY", "is_set": True},
    ]


@pytest.mark.parametrize("provider", ["gemini", "mine"])
@pytest.mark.parametrize(
    "outcome",
    [(KEY, KeyState.TAKEN, "The provider takes it"), ("another", KeyState.REFUSED, "Check the value of")],
)
def test_a_key_is_tried_without_a_paid_call(
    server: Server, standin: StandIn, provider: str, outcome: tuple[str, KeyState, str]
) -> None:
    good, state, says = outcome
    standin.control(key=good)
    answer = server.http.post(f"/api/keys/{provider}/test")
    assert answer.json()["state"] == state
    assert says in answer.json()["detail"]
    assert KEY not in answer.text
    assert standin.paid() == 0


def test_a_provider_that_says_the_key_aloud_does_not_give_it_away(server: Server, standin: StandIn) -> None:
    standin.control(key=KEY)
    standin.control(fault="echo-key", on="models")
    answer = server.http.post("/api/keys/gemini/test")
    assert answer.json()["state"] == KeyState.REFUSED
    assert KEY not in answer.text


def test_a_key_that_is_not_set_asks_nobody(server: Server) -> None:
    assert server.post("/api/keys/openai/test")["state"] == KeyState.MISSING


def test_a_provider_that_takes_no_key_is_a_clear_404(server: Server) -> None:
    answer = server.http.post("/api/keys/local/test")
    assert answer.status_code == 404
    assert answer.json()["detail"].endswith("These do: gemini, openai, mine.")


def test_a_provider_that_has_no_end_of_saying_its_models_is_given_up(
    standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_trials, "_LONGEST", 0.2)
    standin.control(key=None)
    standin.control(fault="hang", on="models")
    endpoint = Endpoint("mine", f"{standin.address}/v1", "MINE_KEY")
    trial = asyncio.run(try_key("mine", {"MINE_KEY": KEY}, [endpoint]))
    assert trial.state is KeyState.UNKNOWN
    assert "did not tell its models within" in trial.detail
