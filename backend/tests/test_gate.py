"""The gate: launch links and cookies, security headers, body limits; and over a real socket."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import Body, FastAPI, Request, Response
from fastapi.testclient import TestClient
from sockets import exchange, serving
from starlette.types import Receive, Scope, Send

from app.gate import Gate, LaunchCodes
from app.gate.launching import GOOD_FOR_SECONDS
from app.settings import Settings

TOKEN = "a-long-token-of-letters-and-123"
ADDRESS = "http://127.0.0.1:8000"
OPEN = Settings(data_dir=Path())


@pytest.fixture
def guarded(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, token=TOKEN)


@pytest.fixture
def codes(guarded: Settings) -> LaunchCodes:
    return LaunchCodes(guarded.launch_codes)


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def page() -> str:
        return "the page"

    @app.get("/own")
    async def own() -> Response:
        return Response(headers={"Content-Security-Policy": "sandbox", "X-Own": "1"})

    @app.get("/defect")
    async def defect() -> None:
        raise RuntimeError("a defect")

    @app.post("/ask")
    async def ask(asked: Annotated[dict[str, Any], Body()]) -> int:
        return len(asked)

    @app.post("/api/videos")
    async def upload(request: Request) -> int:
        return sum([len(chunk) async for chunk in request.stream()])

    return app


def client_of(gate: Gate, address: str = ADDRESS) -> TestClient:
    return TestClient(gate, base_url=address, follow_redirects=False, raise_server_exceptions=False)


def test_a_launch_link_lets_one_browser_in_once(app: FastAPI, guarded: Settings, codes: LaunchCodes) -> None:
    gate, code = Gate(app, guarded), codes.issue()
    browser = client_of(gate)
    assert browser.get("/").status_code == 401
    welcome = browser.get(f"/?launch={code}")
    assert (welcome.status_code, welcome.headers["location"]) == (303, "/")
    cookie = welcome.headers["set-cookie"]
    assert cookie.startswith("longtake_compare_8000=")
    assert cookie.endswith("; Path=/; HttpOnly; SameSite=Strict")
    assert TOKEN not in cookie
    assert code not in cookie
    assert browser.get("/").json() == "the page"
    assert browser.post("/ask", json={}).json() == 0
    assert client_of(gate).get(f"/?launch={code}").status_code == 401


def test_a_browser_that_is_in_may_open_a_spent_link_again(app: FastAPI, guarded: Settings, codes: LaunchCodes) -> None:
    browser, code = client_of(Gate(app, guarded)), codes.issue()
    browser.get(f"/?launch={code}")
    assert browser.get(f"/?launch={code}").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/?launch="),
        ("GET", "/?launch=wrong"),
        ("GET", "/?launch=%ff"),
        ("GET", "/?x=1&launch={code}"),
        ("GET", "/own?launch={code}"),
        ("HEAD", "/?launch={code}"),
        ("POST", "/?launch={code}"),
        ("GET", "/jobs/x?launch={code}"),
        ("GET", "/%2fevil.example/jobs/01k000000000000000000000aa?launch={code}"),
    ],
)
def test_only_a_good_link_opened_as_a_page_launches(
    method: str, path: str, app: FastAPI, guarded: Settings, codes: LaunchCodes
) -> None:
    gate, code = Gate(app, guarded), codes.issue()
    assert client_of(gate).request(method, path.format(code=code)).status_code == 401
    assert client_of(gate).get(f"/?launch={code}").status_code == 303


def test_a_link_may_lead_to_a_job(app: FastAPI, guarded: Settings, codes: LaunchCodes) -> None:
    page = "/jobs/01k000000000000000000000aa"
    welcome = client_of(Gate(app, guarded)).get(f"{page}?launch={codes.issue()}")
    assert (welcome.status_code, welcome.headers["location"]) == (303, page)


def test_a_link_of_another_process_is_good_and_an_old_one_is_not(
    app: FastAPI, guarded: Settings, codes: LaunchCodes
) -> None:
    browser, old, new = client_of(Gate(app, guarded)), codes.issue(), codes.issue()
    file = guarded.launch_codes / hashlib.sha256(old.encode()).hexdigest()
    os.utime(file, (0, time.time() - 2 * GOOD_FOR_SECONDS))
    assert browser.get(f"/?launch={old}").status_code == 401
    assert browser.get(f"/?launch={new}").status_code == 303
    forgotten = guarded.launch_codes / hashlib.sha256(codes.issue().encode()).hexdigest()
    os.utime(forgotten, (0, 0))
    codes.issue()
    assert not forgotten.exists()
    assert guarded.launch_codes.stat().st_mode & 0o777 == 0o700


def test_another_site_cannot_spend_a_code(app: FastAPI, guarded: Settings, codes: LaunchCodes) -> None:
    gate, code = Gate(app, guarded), codes.issue()
    assert client_of(gate, "http://evil.example").get(f"/?launch={code}").status_code == 421
    foreign = {"Origin": "https://evil.example"}
    assert client_of(gate).get(f"/?launch={code}", headers=foreign).status_code == 403
    assert client_of(gate).get(f"/?launch={code}").status_code == 303


def test_the_cookie_is_good_for_its_port_and_token_only(app: FastAPI, guarded: Settings, codes: LaunchCodes) -> None:
    browser = client_of(Gate(app, guarded))
    browser.get(f"/?launch={codes.issue()}")
    name, value = next(iter(browser.cookies.items()))
    restarted = client_of(Gate(app, guarded))
    assert restarted.get("/", headers={"cookie": f"a=b; {name}={value}"}).status_code == 200
    assert restarted.get("/", headers={"cookie": f"longtake_compare_9000={value}"}).status_code == 401
    other_token = client_of(Gate(app, Settings(data_dir=Path(), token="another-token-of-letters")))
    assert other_token.get("/", headers={"cookie": f"{name}={value}"}).status_code == 401


def test_behind_encryption_the_cookie_is_secure(app: FastAPI, guarded: Settings, codes: LaunchCodes) -> None:
    gate = Gate(app, replace(guarded, allowed_hosts=("compare.lan",)))
    welcome = client_of(gate, "https://compare.lan").get(f"/?launch={codes.issue()}")
    assert welcome.headers["set-cookie"].endswith("; Secure")


def test_without_a_token_a_launch_link_is_just_the_page(app: FastAPI) -> None:
    answer = client_of(Gate(app, OPEN)).get("/?launch=anything")
    assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/none", 404), ("/defect", 500)])
def test_every_answer_has_the_security_headers(path: str, status: int, app: FastAPI) -> None:
    answer = client_of(Gate(app, OPEN)).get(path)
    assert answer.status_code == status
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "access-control-allow-origin" not in answer.headers


def test_an_answer_keeps_the_headers_it_sets_itself(app: FastAPI) -> None:
    answer = client_of(Gate(app, OPEN)).get("/own")
    assert (answer.headers["content-security-policy"], answer.headers["x-own"]) == ("sandbox", "1")


def chunks(size: int) -> Iterator[bytes]:
    yield b'{"a": "'
    for _ in range(size // 1000):
        yield b"x" * 1000
    yield b'"}'


def test_a_body_is_limited_by_what_it_announces_and_by_count(app: FastAPI) -> None:
    client = client_of(Gate(app, OPEN))
    assert client.post("/ask", json={"a": "x" * 900_000}).json() == 1
    assert client.post("/ask", content=chunks(900_000), headers={"content-type": "application/json"}).json() == 1
    announced = client.post("/ask", json={"a": "x" * 1_000_000})
    counted = client.post("/ask", content=chunks(1_100_000), headers={"content-type": "application/json"})
    for answer in (announced, counted):
        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
        assert "at most 1 MB" in answer.json()["detail"]


def test_an_absurd_length_is_refused_like_any_other(app: FastAPI) -> None:
    answer = client_of(Gate(app, OPEN)).post("/ask", content=b"{}", headers={"content-length": "9" * 5000})
    assert answer.status_code == 413


def test_an_upload_has_the_limit_of_a_video(app: FastAPI) -> None:
    client = client_of(Gate(app, Settings(data_dir=Path(), max_upload_bytes=2_000_000)))
    assert client.post("/api/videos", content=chunks(2_500_000)).json() > 2_500_000
    assert client.post("/api/videos", content=chunks(3_500_000)).status_code == 413
    assert client.post("/own", content=bytes(2_500_000)).status_code == 413


def test_an_app_that_hides_the_interruption_is_overruled() -> None:
    async def stubborn(scope: Scope, receive: Receive, send: Send) -> None:
        while True:
            try:
                if not (await receive()).get("more_body"):
                    break
            except Exception as error:
                raise ExceptionGroup("several", [error]) from error
        await Response("all well")(scope, receive, send)

    client = client_of(Gate(stubborn, OPEN))
    assert client.post("/", content=chunks(1000)).text == "all well"
    assert client.post("/", content=chunks(2_000_000)).status_code == 413


def test_over_a_real_socket_only_our_names_are_served(app: FastAPI) -> None:
    def get(*hosts: str) -> str:
        return "".join(["GET / HTTP/1.1\n", *(f"Host: {host}\n" for host in hosts), "Connection: close\n\n"])

    with serving(Gate(app, Settings(data_dir=Path(), port=0))) as port:
        assert exchange(port, get("127.0.0.1:PORT"))[0] == 200
        assert exchange(port, get("localhost:PORT"))[0] == 200
        status, answer = exchange(port, get("evil.example"))
        assert status == 421
        assert json.loads(answer.split("\r\n\r\n")[1])["title"] == "Misdirected Request"
        assert exchange(port, get("evil.example:PORT"))[0] == 421
        assert exchange(port, get("localhost:1"))[0] == 421
        assert exchange(port, get("local\xffhost:PORT"))[0] in {400, 421}
        assert exchange(port, get("127.0.0.1:PORT", "evil.example"))[0] in {400, 421}
        assert exchange(port, get("evil.example", "127.0.0.1:PORT"))[0] in {400, 421}
        assert exchange(port, get())[0] in {400, 421}
        assert exchange(port, "GET / HTTP/1.0\n\n")[0] == 421
        assert exchange(port, "GET http://evil.example/ HTTP/1.1\nHost: evil.example\nConnection: close\n\n")[0] == 421


def test_over_a_real_socket_a_large_body_is_refused_before_it_is_sent(app: FastAPI) -> None:
    request = "POST /ask HTTP/1.1\nHost: localhost:PORT\nContent-Length: 9000000\nExpect: 100-continue\n\n"
    with serving(Gate(app, Settings(data_dir=Path(), port=0))) as port:
        status, answer = exchange(port, request)
    assert status == 413
    assert "100 Continue" not in answer


@pytest.mark.parametrize(
    ("framing", "end"),
    [("Content-Length: 30000000\n\n", ""), (f"Transfer-Encoding: chunked\n\n{30_000_000:x}\n", "\n0\n\n")],
)
def test_over_a_real_socket_a_client_that_sends_on_hears_why_it_is_refused(
    framing: str, end: str, app: FastAPI
) -> None:
    head = "POST /ask HTTP/1.1\nHost: localhost:PORT\nConnection: close\nContent-Type: application/json\n"
    with serving(Gate(app, Settings(data_dir=Path(), port=0))) as port:
        assert exchange(port, head + framing + "x" * 30_000_000 + end)[0] == 413
        assert exchange(port, f"{head}Origin: null\n{framing}" + "x" * 30_000_000 + end)[0] == 403


def test_over_a_real_socket_the_first_examples_of_a_script_work(app: FastAPI) -> None:
    body = '{"video_id": "x"}'
    post = f"POST /ask HTTP/1.1\nHost: localhost:PORT\nContent-Type: application/json\nContent-Length: {len(body)}\n"
    with serving(Gate(app, Settings(data_dir=Path(), port=0))) as port:
        assert exchange(port, f"{post}Connection: close\n\n{body}")[0] == 200
        assert exchange(port, f"{post}Origin: http://evil.example\nConnection: close\n\n{body}")[0] == 403
