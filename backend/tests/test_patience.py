"""Clients that send nothing, or too slowly, or come in thousands, are let go; the others are served meanwhile."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from sockets import exchange, serving

from app import patience
from app.gate import Gate, body_limit
from app.settings import Settings

GET = "GET / HTTP/1.1\nHost: localhost:PORT\nConnection: close\n\n"
HEAD = "POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\n"


@pytest.fixture
def taken() -> list[int]:
    """How many bytes of each body the application took."""
    return []


@pytest.fixture
def port(taken: list[int]) -> Iterator[int]:
    app = FastAPI()

    @app.get("/")
    async def page() -> str:
        return "the page"

    @app.post("/api/videos")
    async def upload(request: Request) -> int:
        taken.append(0)
        async for chunk in request.stream():
            taken[-1] += len(chunk)
        return taken[-1]

    with serving(Gate(app, Settings(data_dir=Path(), port=0))) as port:
        yield port


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def read(connection: socket.socket) -> str:
    """All that comes until the other side closes."""
    return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


def test_a_head_that_does_not_come_whole_is_given_up(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.3)
    with ExitStack() as stack:
        silent = stack.enter_context(connect(port))
        halves = [stack.enter_context(connect(port)) for _ in range(50)]
        for half in halves:
            half.sendall(b"GET / HTTP/1.1\r\nHost: localhost")
        assert exchange(port, GET)[0] == 200
        answers = [read(half) for half in halves]
        assert read(silent) == ""
    assert {answer.split()[1] for answer in answers} == {"408"}
    assert json.loads(answers[0].split("\r\n\r\n")[1])["status"] == 408


def test_a_head_that_trickles_in_is_given_up_too(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.5)
    with connect(port) as slow:
        slow.settimeout(0.1)
        started, answer = time.monotonic(), b""
        while not answer and time.monotonic() - started < 10:
            slow.sendall(b"X")
            try:
                answer = slow.recv(65536)
            except TimeoutError:
                continue
    assert b"408" in answer


def test_the_second_request_of_a_connection_is_waited_for_no_longer(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.3)
    with connect(port) as connection:
        connection.sendall(f"GET / HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
        assert b"200" in connection.recv(65536)
        connection.sendall(b"GET / HT")
        assert "408" in read(connection)


def test_a_request_under_way_is_not_ended_by_the_wait_for_its_head(
    port: int, taken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.2)
    with connect(port) as connection:
        connection.sendall((HEAD.format(path="/api/videos", port=port) + "Content-Length: 6\r\n\r\n123").encode())
        time.sleep(0.6)
        connection.sendall(b"456")
        assert b"200" in connection.recv(65536)
    assert taken == [6]


def test_more_connections_than_are_allowed_are_refused(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "MOST_CONNECTIONS", 3)
    with ExitStack() as stack:
        for _ in range(3):
            connection = stack.enter_context(connect(port))
            connection.sendall(f"GET / HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
            assert b"200" in connection.recv(65536)
        with connect(port) as fourth:
            refused = read(fourth)
    assert refused.startswith("HTTP/1.1 503")
    assert "retry-after" in refused
    assert exchange(port, GET)[0] == 200


@pytest.mark.parametrize("framing", ["Content-Length: 100000", "Transfer-Encoding: chunked"])
def test_a_body_that_stands_still_is_given_up(
    port: int, taken: list[int], framing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body_limit, "WINDOW_SECONDS", 0.3)
    monkeypatch.setattr("app.gate.lingering.LONGEST_SECONDS", 0.1)
    with connect(port) as stalled:
        stalled.sendall((HEAD.format(path="/api/videos", port=port) + f"{framing}\r\n\r\n").encode())
        stalled.sendall(b"5\r\nfirst\r\n")
        answer = read(stalled)
    assert answer.startswith("HTTP/1.1 408")
    assert "too slowly" in answer
    assert taken
    assert taken[0] > 0


def test_a_body_that_trickles_in_is_given_up_and_a_steady_one_is_not(
    port: int, taken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body_limit, "WINDOW_SECONDS", 0.5)
    monkeypatch.setattr(body_limit, "LEAST_BYTES", 1000)
    monkeypatch.setattr("app.gate.lingering.LONGEST_SECONDS", 0.1)
    answers = {}
    for size in (1, 1000):
        with connect(port) as connection:
            connection.sendall(
                (HEAD.format(path="/api/videos", port=port) + f"Content-Length: {size * 20}\r\n\r\n").encode()
            )
            connection.settimeout(0.1)
            answer = b""
            for _ in range(20):
                connection.sendall(b"x" * size)
                try:
                    answer += connection.recv(65536)
                except TimeoutError:
                    continue
                break
            connection.settimeout(10)
            answers[size] = (answer or connection.recv(65536)).split()[1]
    assert answers == {1: b"408", 1000: b"200"}
    assert taken[1] == 20_000
