"""The HTTP client of all providers: nothing waits for ever, and what is gone is noticed."""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from google.genai import _api_client
from pydantic import BaseModel, ConfigDict, create_model
from standin import StandIn
from standin.trying import ask, gemini, looks_like_film
from standin.usual import KEY, QUICK

from app.models.connection import _proxy_for, http_client
from app.models.errors import ErrorKind
from app.models.gemini.sdk import sdk_client
from app.models.gemini.sdk_speed import remembering
from app.models.gemini.service import GeminiService
from app.models.provider_errors import complaint_of_transport, kind_of_status, retry_delay


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.mark.skipif(sys.platform != "linux", reason="other systems call these options otherwise")
def test_the_system_watches_the_connection(standin: StandIn) -> None:
    async def options() -> tuple[int, int, int]:
        async with http_client(standin.address, QUICK) as http, http.stream("GET", f"{standin.address}/_log") as answer:
            watched = answer.extensions["network_stream"].get_extra_info("socket")
            return (
                watched.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE),
                watched.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE),
                watched.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT),
            )

    assert asyncio.run(options()) == (1, 15, 30_000)


@pytest.mark.parametrize("asked", [None, 3600.0])
def test_a_request_without_a_sensible_limit_is_given_ours(asked: float | None) -> None:
    """Google's SDK sends `timeout=None` with each request, whatever the client says."""

    async def ask(address: str) -> None:
        async with http_client(address, QUICK) as http:
            await http.get(address, timeout=asked)

    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(httpx2.ReadTimeout):
        asyncio.run(ask(f"http://127.0.0.1:{silent.getsockname()[1]}/"))


def test_googles_sdk_speaks_through_our_client_whatever_else_is_installed(
    standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With aiohttp at hand it would silently take that, with other errors and a hidden retry."""
    monkeypatch.setattr(_api_client, "has_aiohttp", True)

    async def uses_aiohttp() -> bool:
        async with sdk_client(GeminiService(KEY, standin.address, patience=QUICK)) as sdk:
            return bool(sdk._api_client._use_aiohttp())

    assert not asyncio.run(uses_aiohttp())


def test_a_client_reads_no_certificates_again(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Google's SDK would, twice for each answer."""

    async def open_one() -> None:
        async with sdk_client(GeminiService(KEY, standin.address, patience=QUICK)):
            pass

    def never(*_: object, **__: object) -> None:
        raise AssertionError("certificates are read again")

    asyncio.run(open_one())
    monkeypatch.setattr(ssl, "create_default_context", never)
    monkeypatch.setattr(httpx2, "create_ssl_context", never)
    asyncio.run(open_one())


def test_googles_sdk_builds_no_class_again(standin: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would for every event that it reads, and that was half of the work of a whole answer."""
    built: list[str] = []
    metaclass = type(BaseModel)
    new = metaclass.__new__

    def counting(mcs: type, name: str, *rest: Any, **more: Any) -> Any:
        built.append(name)
        return new(mcs, name, *rest, **more)

    model, video = gemini(standin), looks_like_film(tmp_path / "film.mp4")
    first = ask(model, video)
    monkeypatch.setattr(metaclass, "__new__", counting)
    assert ask(model, video).text == first.text
    assert built == []


def test_the_same_words_come_to_the_same_class() -> None:
    create = remembering(create_model)
    config = ConfigDict(populate_by_name=True)
    assert create("Read", __config__=config, body=(int, ...)) is create("Read", __config__=config, body=(int, ...))
    assert create("Read", __config__=config, body=(int, ...))(body="1").body == 1
    assert create("Read", __config__=config, body=(str, ...))(body="1").body == "1"
    assert create("Read", __config__=config, body=(list, []))().body == [], "what cannot be remembered is built"


def test_a_proxy_is_used_but_not_for_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy:3128")
    monkeypatch.setenv("http_proxy", "http://proxy:3128")
    monkeypatch.setenv("no_proxy", "inside.example")
    assert _proxy_for("https://generativelanguage.googleapis.com") == "http://proxy:3128"
    assert _proxy_for("http://127.0.0.1:11434/v1") is None
    assert _proxy_for("http://localhost:1234/v1") is None
    assert _proxy_for("https://inside.example/v1") is None


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx2.ConnectTimeout(""), ErrorKind.CONNECTION),
        (httpx2.ReadTimeout(""), ErrorKind.TIMEOUT),
        (httpx2.ReadError(""), ErrorKind.CONNECTION),
        (httpx2.RemoteProtocolError(""), ErrorKind.CONNECTION),
    ],
)
def test_a_broken_connection_has_its_kind_also_when_it_is_wrapped(error: Exception, kind: ErrorKind) -> None:
    wrapped = RuntimeError("Connection error.")
    wrapped.__cause__ = error
    for each in (error, wrapped):
        complaint = complaint_of_transport(each)
        assert complaint is not None
        assert complaint.kind is kind
    assert complaint_of_transport(RuntimeError()) is None


@pytest.mark.parametrize(
    ("headers", "said", "named", "delay"),
    [
        ({}, "Please retry in 2.1s.", "26s", 26.0),
        ({"retry-after": "3"}, "Please retry in 2.1s.", None, 3.0),
        ({}, "Please retry in 2.1s.", None, 2.1),
        ({}, "Please try again in 20ms", None, None),
        ({"retry-after": "Mon, 23 Nov 2026 19:00:00 GMT"}, "", None, None),
        ({}, "", "soon", None),
        ({}, "retry in " + "9" * 400 + "s", None, None),
    ],
)
def test_the_delay_is_taken_from_the_most_exact_place(
    headers: dict[str, str], said: str, named: str | None, delay: float | None
) -> None:
    assert retry_delay(headers, said, named) == delay


def test_every_status_has_a_kind() -> None:
    kinds = {status: kind_of_status(status) for status in range(200, 600)}
    assert kinds[418] is ErrorKind.INVALID
    assert kinds[307] is ErrorKind.INVALID
    assert kinds[599] is ErrorKind.SERVER
    assert kinds[200] is ErrorKind.CONNECTION
