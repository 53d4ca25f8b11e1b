"""The event streams of the job API, at a real server: what they tell, what a bad client costs, how they end."""

from __future__ import annotations

import json
import signal
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
from serving import UNKNOWN, Server, serving, stream
from support import Place, eventually
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server and a worker for all tests here."""
    with serving(tmp_path_factory.mktemp("http")) as server:
        yield server


def test_the_stream_of_all_jobs_tells_each_change_and_that_it_lives(server: Server) -> None:
    with stream(server, "/api/events") as events:
        assert events.next()["event"] == "reset"
        assert "at" in events.next("heartbeat")["data"]
        job_id = server.submit("marks", name="streamed", count=3)
        while True:
            data = events.next("job")["data"]
            assert not {"args", "result", "attempts"} & data.keys()
            if data["job_id"] == job_id and data["status"] == "completed":
                break
        server.http.delete(f"/api/jobs/{job_id}")
        assert events.next("deleted")["data"] == {"job_id": job_id}


def test_a_client_that_comes_back_gets_what_it_missed_and_no_reset(server: Server) -> None:
    with stream(server, "/api/events") as events:
        last = events.next("reset")["id"]
    missed = server.submit("marks", name="missed", count=1)
    gone = server.submit("no such kind")
    server.is_now(missed, "completed")
    server.http.post(f"/api/jobs/{gone}/cancel")
    server.http.delete(f"/api/jobs/{gone}")
    with stream(server, "/api/events", **{"Last-Event-ID": last}) as events:
        told = [events.next("job", "deleted", "reset") for _ in range(2)]
    assert "reset" not in [event["event"] for event in told]
    assert {event["data"]["job_id"] for event in told} == {missed, gone}
    for unknown in ("other:1", "nonsense", last.partition(":")[0] + ":" + "9" * 25, ":"):
        with stream(server, "/api/events", **{"Last-Event-ID": unknown}) as events:
            assert events.next()["event"] == "reset"


def test_the_stream_of_one_job_shows_it_whole_to_its_end(server: Server) -> None:
    job_id = server.submit("gates", names=["one stream"])
    with stream(server, f"/api/jobs/{job_id}/events") as events:
        assert events.next("job")["data"]["args"] == {"names": ["one stream"]}
        server.place.open("one stream")
        while (data := events.next("job")["data"])["status"] != "completed":
            pass
        assert data["result"] == ["one stream"]
        server.http.delete(f"/api/jobs/{job_id}")
        assert events.next("deleted")["data"] == {"job_id": job_id}
    with stream(server, f"/api/jobs/{UNKNOWN}/events") as events:
        assert events.next()["event"] == "deleted"


def test_a_client_that_vanishes_leaves_no_subscription(server: Server) -> None:
    eventually(lambda: server.subscriptions() == 0)
    job_id = server.submit("gates", names=["never"])
    with stream(server, "/api/events") as one, stream(server, f"/api/jobs/{job_id}/events") as two:
        one.next()
        two.next()
        assert server.subscriptions() == 2
    eventually(lambda: server.subscriptions() == 0)
    server.http.post(f"/api/jobs/{job_id}/cancel")


def socket_of(server: Server, job_id: str) -> AbstractContextManager[ClientConnection]:
    """A WebSocket for a job."""
    return connect(f"ws://127.0.0.1:{server.port}/api/jobs/{job_id}/ws", proxy=None)


def test_a_web_socket_tells_the_same_as_the_stream_of_a_job(server: Server) -> None:
    job_id = server.submit("gates", names=["one socket"])
    with socket_of(server, job_id) as client:
        first = json.loads(client.recv(10))
        assert (first["event"], first["data"]["args"]) == ("job", {"names": ["one socket"]})
        assert ":" in first["id"]
        server.place.open("one socket")
        told = first
        while told["data"].get("status") != "completed":
            told = json.loads(client.recv(10))
        assert told["data"]["result"] == ["one socket"]
        while json.loads(client.recv(10))["event"] != "heartbeat":
            pass
        client.send("whatever a client says is not listened to")
        server.http.delete(f"/api/jobs/{job_id}")
        while json.loads(client.recv(10))["event"] != "deleted":
            pass
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(10)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1000, "there is nothing to come back for"
    eventually(lambda: server.subscriptions() == 0)


def test_clients_that_vanish_in_mid_sentence_leave_nothing_and_the_log_is_quiet(server: Server) -> None:
    job_id = server.submit("gates", names=["never"])
    for round_ in range(5):
        lines = [by_hand(server, "/api/events") for _ in range(8)]
        lines += [by_hand(server, f"/api/jobs/{job_id}/ws", _UPGRADE) for _ in range(4)]
        assert server.subscriptions() == 12
        busy = server.submit("marks", name=f"busy{round_}", count=20)
        for line in lines:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, no goodbye
            line.close()
        server.is_now(busy, "completed")
    eventually(lambda: server.subscriptions() == 0)
    server.http.post(f"/api/jobs/{job_id}/cancel")
    assert server.log.read_text() == ""


_UPGRADE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


def by_hand(server: Server, path: str, headers: str = "") -> socket.socket:
    """A stream that is read by hand, with little room between the two ends."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.settimeout(10)
    line.connect(("127.0.0.1", server.port))
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode())
    assert line.recv(1000)
    return line


def test_a_client_that_does_not_read_costs_a_little_and_is_told_in_the_end_to_load_anew(server: Server) -> None:
    with by_hand(server, "/api/events") as slow, stream(server, "/api/events") as quick:
        for size in [200_000] * 30 + [1] * 60:  # until the line of the slow one is full, and then more
            job_id = server.submit("no such kind", title="x" * size)
            while quick.next("job")["data"]["job_id"] != job_id:
                pass
        assert max(server.http.get("/waiting").json()) <= 40
        heard = b""
        while heard.count(b"event: reset") < 2:  # the first one came at the beginning
            part = slow.recv(1 << 20)
            assert part, "it was cut off"
            heard += part
    server.http.post("/api/jobs/bulk", json={"action": "cancel", "filter": {"kind": "no such kind"}})


def test_one_who_comes_back_to_too_much_is_told_to_load_anew(server: Server) -> None:
    with stream(server, "/api/events") as events:
        last = events.next("reset")["id"]
    for _ in range(45):
        server.submit("no such kind", tags=["much"])
    with stream(server, "/api/events", **{"Last-Event-ID": last}) as events:
        assert events.next()["event"] == "reset"
    server.http.post("/api/jobs/bulk", json={"action": "cancel", "filter": {"tag": "much"}})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_with_open_streams_ends_at_once(place: Place, tmp_path: Path, number: signal.Signals) -> None:
    server = Server(place, tmp_path)
    job_id = server.submit("no such kind")
    try:
        with ExitStack() as streams:
            for path in ("/api/events", f"/api/jobs/{job_id}/events"):
                for _ in range(5):
                    streams.enter_context(stream(server, path)).next()
            sockets = [streams.enter_context(socket_of(server, job_id)) for _ in range(5)]
            for each in sockets:
                each.recv(10)
            slow = streams.enter_context(by_hand(server, "/api/events"))
            server.process.send_signal(number)
            told = time.monotonic()
            server.process.wait(timeout=10)
            took = time.monotonic() - told
            slow.close()
            for each in sockets:
                with pytest.raises(ConnectionClosed) as closed:
                    each.recv(10)
                assert closed.value.rcvd is not None
                assert closed.value.rcvd.code == 1012, "come back: the job goes on"
        print(f"ended {took:.2f} s after the signal")
        assert took < 1.0
        assert "Traceback" not in server.log.read_text()
    finally:
        server.close()
