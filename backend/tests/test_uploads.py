"""Uploads in pieces: what came is kept, whoever dies, and goes on where it ended."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest
from films import tiny_film
from servers import Server, running_server
from uploading import BYTES, TUS, begin, bytes_file, offset_of, problem, send
from waiting import eventually

from app.uploads.partial import About, PartialUpload, new_upload_id


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("uploads"), MAX_UPLOAD_BYTES="5000000") as server:
        yield server


@pytest.fixture(scope="module")
def film() -> bytes:
    """A film of three megabytes, most of it padding."""
    return tiny_film() + struct.pack(">I4s", 3_000_000, b"free") + os.urandom(3_000_000 - 8)


def hanging(server: Server, place: str, offset: int, announced: int, data: bytes) -> socket.socket:
    """A connection that announces more bytes than it sends, and stays open."""
    host, port = server.address.removeprefix("http://").strip("/").split(":")
    connection = socket.create_connection((host, int(port)))
    head = [
        f"PATCH {place} HTTP/1.1",
        f"Host: {host}:{port}",
        f"Upload-Offset: {offset}",
        f"Content-Length: {announced}",
    ]
    head += [f"{key}: {value}" for key, value in BYTES.items()]
    connection.sendall("\r\n".join([*head, "", ""]).encode() + data)
    return connection


def stored_sha256(server: Server, video_id: str) -> str:
    return hashlib.sha256(server.http.get(f"/api/video/{video_id}/file").content).hexdigest()


def test_an_upload_in_pieces_becomes_a_video(server: Server, film: bytes) -> None:
    place = begin(server, len(film), "mein Fïlm.mp4")
    assert offset_of(server, place) == 0
    assert server.http.head(place, headers=TUS).headers["upload-metadata"].endswith("filetype dmlkZW8=")
    middle = len(film) // 3
    answer = send(server, place, 0, film[:middle])
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(middle))
    problem(server.http.get(place), 409, f"{middle} of {len(film)} bytes")

    answer = send(server, place, middle, film[middle:])
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(len(film)))
    video = json.loads(unquote(answer.headers["upload-result"]))
    assert (video["name"], video["size"], video["duplicate"]) == ("mein Fïlm.mp4", len(film), False)
    assert server.get(place)["video"] == video
    assert offset_of(server, place) == len(film)
    assert stored_sha256(server, video["video_id"]) == hashlib.sha256(film).hexdigest()
    assert not bytes_file(server, place).exists()


def test_a_server_killed_in_mid_upload_goes_on_where_the_bytes_end(tmp_path: Path, film: bytes) -> None:
    with running_server(tmp_path / "data") as server:
        place = begin(server, len(film))
        with hanging(server, place, 0, len(film), film[:-1000]):
            written = eventually(lambda: bytes_file(server, place).stat().st_size)
            server.kill()
        server.restart()
        offset = offset_of(server, place)
        assert written <= offset < len(film)
        answer = send(server, place, offset, film[offset:])
        video = json.loads(unquote(answer.headers["upload-result"]))
        assert stored_sha256(server, video["video_id"]) == hashlib.sha256(film).hexdigest()


def test_a_dead_but_open_connection_is_taken_over_at_once(server: Server, film: bytes) -> None:
    place = begin(server, len(film))
    half = len(film) // 2
    with hanging(server, place, 0, len(film), film[:half]) as dead:
        begun = time.monotonic()
        offset = eventually(lambda: offset_of(server, place))
        assert server.get("/api/health")["status"] == "ok"
        assert offset == half
        answer = send(server, place, offset, film[offset:])
        assert time.monotonic() - begun < 5
        assert answer.status_code == 204
        dead.settimeout(5)
        assert b" 409 " in dead.recv(1000)
    video = json.loads(unquote(answer.headers["upload-result"]))
    assert stored_sha256(server, video["video_id"]) == hashlib.sha256(film).hexdigest()


def test_a_connection_that_breaks_keeps_what_had_come(server: Server, film: bytes) -> None:
    place = begin(server, len(film))
    with hanging(server, place, 0, len(film), film[:1_100_000]):
        eventually(lambda: bytes_file(server, place).stat().st_size)
    eventually(lambda: bytes_file(server, place).stat().st_size == 1_100_000)
    assert offset_of(server, place) == 1_100_000


def test_two_requests_at_once_never_mix_their_bytes(server: Server, film: bytes) -> None:
    place = begin(server, len(film))
    with ThreadPoolExecutor() as several:
        answers = list(several.map(lambda _: send(server, place, 0, film), range(4)))
    assert {answer.status_code for answer in answers} <= {204, 409}
    offset = offset_of(server, place)
    if offset < len(film):
        send(server, place, offset, film[offset:])
    video = server.get(place)["video"]
    assert stored_sha256(server, video["video_id"]) == hashlib.sha256(film).hexdigest()


def test_two_uploads_of_one_content_at_once_are_one_video(server: Server, film: bytes) -> None:
    for video in server.get("/api/videos")["videos"]:
        server.http.delete(f"/api/video/{video['video_id']}")
    places = [begin(server, len(film), f"{number}.mp4") for number in range(2)]
    with ThreadPoolExecutor() as several:
        answers = list(several.map(lambda place: send(server, place, 0, film), places))
    videos = [json.loads(unquote(answer.headers["upload-result"])) for answer in answers]
    assert len({video["video_id"] for video in videos}) == 1
    assert sorted(video["duplicate"] for video in videos) == [False, True]
    assert len(server.get("/api/videos")["videos"]) == 1


def test_bytes_all_there_before_a_kill_are_handed_over_when_asked_for(server: Server, film: bytes) -> None:
    upload = PartialUpload(server.data / "uploads", new_upload_id())
    upload.begin(About(name="late.mp4", length=len(film), created_at=datetime.now(UTC)))
    for start in range(0, len(film), 1 << 20):
        upload.append(film[start : start + (1 << 20)], length=len(film), free_disk_floor_bytes=1)
    place = f"/api/uploads/{upload.id}"
    assert offset_of(server, place) == len(film)
    video = server.get(place)["video"]
    assert stored_sha256(server, video["video_id"]) == hashlib.sha256(film).hexdigest()
    assert json.loads(unquote(send(server, place, len(film), b"").headers["upload-result"])) == video
