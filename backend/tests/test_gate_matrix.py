"""Every route of an application times every kind of foreign request: all refused, before any handler is reached."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from fastapi import APIRouter, FastAPI, WebSocket
from fastapi.routing import iter_route_contexts
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Host, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Scope

from app.gate import Gate
from app.main import create_app
from app.settings import Settings

Headers = tuple[tuple[bytes, bytes], ...]

PORT = 8000
TOKEN = "a-long-token-of-letters-and-123"
SETTINGS = Settings(data_dir=Path(), port=PORT, allowed_hosts=("compare.lan", "proxy.lan:8443"))
GUARDED = Settings(data_dir=Path(), port=PORT, token=TOKEN)

OURS: Headers = ((b"host", b"localhost:8000"),)


def fetched(*site_mode_dest: bytes) -> Headers:
    """The headers by which a browser tells who asks and what for."""
    return (*OURS, *zip((b"sec-fetch-site", b"sec-fetch-mode", b"sec-fetch-dest"), site_mode_dest, strict=False))


BEARER = (b"authorization", f"Bearer {TOKEN}".encode())
FOREIGN: dict[str, tuple[int, Headers]] = {
    "evil host": (421, ((b"host", b"evil.example"),)),
    "evil host with our port": (421, ((b"host", b"evil.example:8000"),)),
    "our name as a prefix": (421, ((b"host", b"localhost.evil.example:8000"),)),
    "our name with a dot": (421, ((b"host", b"localhost.:8000"),)),
    "the any address": (421, ((b"host", b"0.0.0.0:8000"),)),
    "another port": (421, ((b"host", b"localhost:9000"),)),
    "a port in other digits": (421, ((b"host", "localhost:٨٠٠٠".encode()),)),
    "a host that is no text": (421, ((b"host", b"\xff\xfe\x00"),)),
    "an empty host": (421, ((b"host", b""),)),
    "no host": (421, ()),
    "two hosts, the good one first": (421, (*OURS, (b"host", b"evil.example"))),
    "two hosts, the evil one first": (421, ((b"host", b"evil.example"), *OURS)),
    "two equal hosts": (421, OURS * 2),
    "evil origin": (403, (*OURS, (b"origin", b"https://evil.example"))),
    "null origin": (403, (*OURS, (b"origin", b"null"))),
    "origin of another local server": (403, (*OURS, (b"origin", b"http://localhost:3000"))),
    "origin of another name of ours": (403, (*OURS, (b"origin", b"http://127.0.0.1:8000"))),
    "origin equal to an evil host": (421, ((b"host", b"evil.example"), (b"origin", b"http://evil.example"))),
    "two origins": (403, (*OURS, (b"origin", b"http://localhost:8000"), (b"origin", b"https://evil.example"))),
    "an origin that is no text": (403, (*OURS, (b"origin", b"\xff"))),
    "cross-site": (403, fetched(b"cross-site")),
    "same-site": (403, fetched(b"same-site")),
    "cross-site picture": (403, fetched(b"cross-site", b"no-cors", b"image")),
    "cross-site frame": (403, fetched(b"cross-site", b"navigate", b"iframe")),
}
TOKENLESS: dict[str, Headers] = {
    "no token": OURS,
    "wrong token": (*OURS, (b"authorization", b"Bearer wrong-wrong-wrong-wrong")),
    "token that is not ASCII": (*OURS, (b"authorization", b"Bearer \xff\xfe\x00")),
    "two tokens": (*OURS, BEARER, (b"authorization", b"Bearer wrong")),
    "wrong cookie": (*OURS, (b"cookie", b"longtake_compare_8000=wrong")),
    "token as cookie": (*OURS, (b"cookie", b"longtake_compare_8000=" + TOKEN.encode())),
    "cookie that is no text": (*OURS, (b"cookie", b"longtake_compare_8000=\xff\xfe; ;=;")),
}
GOOD: dict[str, Headers] = {
    "a script": OURS,
    "a script by address": ((b"host", b"127.0.0.1:8000"),),
    "a script by IPv6 address": ((b"host", b"[::1]:8000"),),
    "a name in capitals": ((b"host", b"LocalHost:8000"),),
    "no port": ((b"host", b"localhost"),),
    "an allowed name": ((b"host", b"compare.lan:8000"),),
    "an allowed name behind a proxy": ((b"host", b"proxy.lan:8443"), (b"origin", b"https://proxy.lan:8443")),
    "our page": (*fetched(b"same-origin"), (b"origin", b"http://localhost:8000")),
    "a person's own click": fetched(b"none", b"navigate", b"document"),
}


class Target(NamedTuple):
    """One way to call an application."""

    kind: str
    method: str
    path: str


class Answer(NamedTuple):
    """What came back; a refused WebSocket counts as 403, as the server tells the client."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes


def routes_of(app: FastAPI) -> list[Target]:
    """Walk routes, mounts, WebSockets, docs and OpenAPI; fails on a kind of route it does not know."""
    targets = [*_walk(app.routes, "")]
    targets += [Target("http", method, path) for path in ("/", "/no/such/page") for method in ("GET", "POST")]
    odd = {Target("http", method, path) for _, _, path in targets for method in ("OPTIONS", "TRACE", "get", "BREW")}
    return sorted({*targets, *odd})


def _walk(routes: Iterable[BaseRoute], prefix: str) -> Iterator[Target]:
    for context in iter_route_contexts([*routes]):
        route = context.original_route
        path = prefix + re.sub(r"\{[^}]*\}", "x", context.path or "")
        if isinstance(route, Mount | Host):
            yield from _walk(route.routes, path)
            yield from (Target("http", method, f"{path}/x") for method in ("GET", "HEAD", "POST"))
            yield Target("websocket", "", f"{path}/x")
        elif isinstance(route, WebSocketRoute):
            yield Target("websocket", "", path)
        elif isinstance(route, Route) or context.methods:
            yield from (Target("http", method, path) for method in context.methods or ["GET"])
        else:
            raise AssertionError(f"the matrix has no decision for {route!r}")


def call(app: ASGIApp, target: Target, headers: Headers) -> Answer:
    """Send one request, its headers byte by byte as given."""
    sent: list[Message] = []

    async def receive() -> Message:
        if target.kind == "websocket":
            return {"type": "websocket.connect"}
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": target.kind,
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "ws" if target.kind == "websocket" else "http",
        "path": target.path,
        "raw_path": target.path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": list(headers),
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", PORT),
        "state": {},
    }
    if target.kind == "http":
        scope["method"] = target.method
    else:
        scope["subprotocols"] = []

    async def exchange() -> None:
        await app(scope, receive, send)

    asyncio.run(exchange())
    start = sent[0]
    if start["type"].startswith("websocket"):
        return Answer(403 if start["type"] == "websocket.close" else 101, {}, b"")
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(start["status"], dict(start["headers"]), body)


class AppOfAllShapes:
    """An application with each kind of route; `reached` lists the handlers that ran."""

    def __init__(self, folder: Path) -> None:
        self.reached: list[str] = []
        self.app = FastAPI()
        router = APIRouter(prefix="/api")
        router.add_api_route("/jobs", self._handler("list"), methods=["GET"])
        router.add_api_route("/jobs", self._handler("submit"), methods=["POST"])
        router.add_api_route("/jobs/{job_id}", self._handler("delete"), methods=["DELETE"])
        self.app.include_router(router)
        self.app.add_api_route("/", self._handler("page"), methods=["GET"])
        self.app.add_api_route("/", self._handler("page"), methods=["HEAD"], include_in_schema=False)
        self.app.add_api_websocket_route("/api/live", self._live)
        self.app.mount("/files", StaticFiles(directory=folder))
        inner = FastAPI()
        inner.add_api_route("/deep", self._handler("inner"), methods=["POST"])
        inner.add_api_websocket_route("/live", self._live)
        self.app.mount("/inner", inner)

    def _handler(self, name: str) -> Callable[[], PlainTextResponse]:
        def handler() -> PlainTextResponse:
            self.reached.append(name)
            return PlainTextResponse(name)

        return handler

    async def _live(self, websocket: WebSocket) -> None:
        self.reached.append("live")
        await websocket.accept()


class Built(NamedTuple):
    """A whole server as uvicorn gets it, and the application inside whose routes are walked."""

    server: ASGIApp
    app: FastAPI


Build = Callable[[Settings, Path], Built]


def build_all_shapes(settings: Settings, folder: Path) -> Built:
    shapes = AppOfAllShapes(folder)
    return Built(Gate(shapes.app, settings), shapes.app)


def build_real(settings: Settings, _: Path) -> Built:
    gate = create_app(settings)
    assert isinstance(gate.app, FastAPI)
    return Built(gate, gate.app)


SERVERS: dict[str, Build] = {"all shapes": build_all_shapes, "the real server": build_real}


@pytest.fixture(params=SERVERS)
def build(request: pytest.FixtureRequest) -> Build:
    return SERVERS[request.param]


@pytest.fixture
def shapes(tmp_path: Path) -> AppOfAllShapes:
    return AppOfAllShapes(tmp_path)


def test_the_walk_finds_every_shape_of_route(shapes: AppOfAllShapes) -> None:
    assert {
        Target("http", "GET", "/api/jobs"),
        Target("http", "DELETE", "/api/jobs/x"),
        Target("http", "HEAD", "/"),
        Target("websocket", "", "/api/live"),
        Target("http", "GET", "/files/x"),
        Target("http", "POST", "/inner/deep"),
        Target("websocket", "", "/inner/live"),
        Target("http", "GET", "/inner/docs"),
        Target("http", "GET", "/docs"),
        Target("http", "GET", "/openapi.json"),
    } <= set(routes_of(shapes.app))


@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_requests_are_refused_everywhere(name: str, build: Build, tmp_path: Path) -> None:
    status, headers = FOREIGN[name]
    for settings, extra in ((SETTINGS, ()), (GUARDED, (BEARER,))):
        built = build(settings, tmp_path)
        for target in routes_of(built.app):
            assert_refused(target, call(built.server, target, (*headers, *extra)), status)


@pytest.mark.parametrize("name", TOKENLESS)
def test_requests_without_the_token_are_refused_everywhere(name: str, build: Build, tmp_path: Path) -> None:
    built = build(GUARDED, tmp_path)
    for target in routes_of(built.app):
        assert_refused(target, call(built.server, target, TOKENLESS[name]), 401)


def test_a_refused_request_reaches_no_handler(shapes: AppOfAllShapes) -> None:
    for target in routes_of(shapes.app):
        for _, headers in FOREIGN.values():
            call(Gate(shapes.app, SETTINGS), target, headers)
        for headers in TOKENLESS.values():
            call(Gate(shapes.app, GUARDED), target, headers)
    assert shapes.reached == []


@pytest.mark.parametrize("name", GOOD)
def test_good_requests_pass_everywhere(name: str, shapes: AppOfAllShapes) -> None:
    for target in routes_of(shapes.app):
        answer = call(Gate(shapes.app, SETTINGS), target, GOOD[name])
        assert answer.status in ({101, 403} if target.kind == "websocket" else {200, 404, 405}), target
    assert {"list", "submit", "delete", "page", "live", "inner"} == set(shapes.reached)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_a_link_on_another_site_may_open_a_page_and_no_more(method: str, shapes: AppOfAllShapes) -> None:
    link = fetched(b"cross-site", b"navigate", b"document")
    answer = call(Gate(shapes.app, SETTINGS), Target("http", method, "/"), link)
    assert (answer.status == 200) == (method in {"GET", "HEAD"})


def assert_refused(target: Target, answer: Answer, status: int) -> None:
    assert answer.status == (403 if target.kind == "websocket" else status), target
    if target.kind == "websocket":
        return
    assert answer.headers[b"content-type"] == b"application/problem+json"
    assert b"default-src 'self'" in answer.headers[b"content-security-policy"]
    if target.method != "HEAD":
        problem = json.loads(answer.body)
        assert problem["status"] == status
        assert len(problem["detail"]) > len(problem["title"])
