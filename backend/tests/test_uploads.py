"""Uploads that break off and go on: against the real server, over connections that die in every way."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest
from films import tiny_film
from servers import Server, running_server
from uploading import BYTES, TUS, begin, folder_of, send
from waiting import eventually

from app.uploads.errors import TooManyUploads, UploadNotFound
from app.uploads.partial import About, PartialUpload, new_upload_id
from app.uploads.shelf import UploadShelf
from app.videos.errors import NoRoom


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("uploads"), MAX_UPLOAD_BYTES="5000000") as server:
        yield server


@pytest.fixture(scope="module")
def film() -> bytes:
    """A film of three megabytes, most of it padding."""
    return tiny_film() + struct.pack(">I4s", 3_000_000, b"free") + os.urandom(3_000_000 - 8)


def offset_of(server: Server, place: str) -> int:
    answer = server.http.head(place, headers=TUS)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return int(answer.headers["upload-offset"])


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


def bytes_file(server: Server, place: str) -> Path:
    return folder_of(server, place) / "bytes"


def stored_sha256(server: Server, video_id: str) -> str:
    return hashlib.sha256(server.http.get(f"/api/video/{video_id}/file").content).hexdigest()


def problem(answer: httpx2.Response, status: int, words: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]


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


def test_a_file_that_is_no_video_is_refused_the_same_way_each_time(server: Server) -> None:
    data = b"this is no film" * 1000
    place = begin(server, len(data), "film.mp4")
    answer = send(server, place, 0, data)
    assert answer.status_code in {415, 422}
    assert "upload-result" not in answer.headers
    assert answer.headers["tus-resumable"] == "1.0.0"
    again = server.http.get(place)
    assert (again.status_code, again.json()) == (answer.status_code, answer.json())
    assert not bytes_file(server, place).exists()


def test_more_bytes_than_announced_are_refused(server: Server) -> None:
    place = begin(server, 10)
    problem(send(server, place, 0, b"x" * 11), 413, "10 bytes")
    assert offset_of(server, place) == 0


def test_bytes_that_do_not_continue_the_upload_are_refused_with_the_offset(server: Server) -> None:
    place = begin(server, 10)
    send(server, place, 0, b"123")
    for wrong in (0, 2, 4):
        answer = send(server, place, wrong, b"4")
        problem(answer, 409, "ends at byte 3")
        assert answer.headers["upload-offset"] == "3"
    assert bytes_file(server, place).read_bytes() == b"123"


def test_an_upload_is_given_up(server: Server) -> None:
    place = begin(server, 10)
    send(server, place, 0, b"123")
    assert server.http.delete(place, headers=TUS).status_code == 204
    assert not bytes_file(server, place).parent.exists()
    for answer in (server.http.get(place), send(server, place, 3, b"4"), server.http.delete(place, headers=TUS)):
        problem(answer, 404, "Begin anew")
    assert server.http.head(place, headers=TUS).status_code == 404


def test_a_client_learns_what_is_spoken(server: Server) -> None:
    answer = server.http.options("/api/uploads")
    assert answer.status_code == 204
    assert {
        "tus-resumable": "1.0.0",
        "tus-version": "1.0.0",
        "tus-extension": "creation,termination",
        "tus-max-size": "5000000",
    }.items() <= dict(answer.headers).items()


@pytest.mark.parametrize(
    ("headers", "status", "words"),
    [
        ({"Upload-Length": "0"}, 422, "empty"),
        ({"Upload-Length": "5000001"}, 413, "5 MB"),
        ({"Upload-Length": "9" * 30}, 400, "Upload-Length"),
        ({"Upload-Length": "-1"}, 400, "Upload-Length"),
        ({"Upload-Length": "1e3"}, 400, "Upload-Length"),
        ({}, 400, "Upload-Length"),
        ({"Upload-Length": "5", "Upload-Metadata": "filename ~~~"}, 400, "base64"),
        ({"Upload-Length": "5", "Tus-Resumable": "0.2.2"}, 412, "1.0.0"),
        ({"Upload-Length": "5", "Origin": "http://evil.example"}, 403, "site"),
    ],
)
def test_an_upload_that_cannot_be_says_why(server: Server, headers: dict[str, str], status: int, words: str) -> None:
    before = set((server.data / "uploads").iterdir())
    problem(server.http.post("/api/uploads", headers={**TUS, **headers}), status, words)
    assert set((server.data / "uploads").iterdir()) == before


def test_bytes_need_their_headers(server: Server) -> None:
    place = begin(server, 10)
    problem(server.http.patch(place, headers={**BYTES}, content=b"1"), 400, "Upload-Offset")
    problem(server.http.patch(place, headers={**TUS, "Upload-Offset": "0"}, content=b"1"), 415, "octet-stream")
    plain = {key: value for key, value in BYTES.items() if key != "Tus-Resumable"}
    problem(server.http.patch(place, headers={**plain, "Upload-Offset": "0"}, content=b"1"), 412, "Tus-Resumable")
    assert offset_of(server, place) == 0


@pytest.mark.parametrize("upload_id", ["0" * 32, "x", "..%2f..%2fx", "%00", "A" * 32, "a" * 3000])
def test_an_unknown_upload_is_not_found(server: Server, upload_id: str) -> None:
    place = f"/api/uploads/{upload_id}"
    for answer in (server.http.get(place), send(server, place, 0, b"x"), server.http.delete(place, headers=TUS)):
        assert answer.status_code == 404
        assert answer.json()["detail"]


def test_a_name_made_to_harm_is_data(server: Server, film: bytes) -> None:
    place = begin(server, len(film), "../../<script>.mp4\x00")
    send(server, place, 0, film)
    assert server.get(place)["video"]["size"] == len(film)


class Later:
    """A clock that can be put forward."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Later:
    return Later()


@pytest.fixture
def shelf(tmp_path: Path, clock: Later) -> UploadShelf:
    return UploadShelf(tmp_path, max_bytes=1000, free_disk_floor_bytes=1, now=clock)


def test_an_upload_that_nobody_touches_for_a_day_is_collected(shelf: UploadShelf, clock: Later, tmp_path: Path) -> None:
    old, young = (shelf.begin("film.mp4", 10) for _ in range(2))
    foreign = tmp_path / f"{'0' * 32}.part"
    foreign.mkdir()
    clock.now += timedelta(hours=23, minutes=59)
    shelf.begin("film.mp4", 10)
    assert shelf.find(old.id).offset() == 0
    os.utime(young.bytes, (clock.now.timestamp(), clock.now.timestamp()))
    clock.now += timedelta(minutes=2)
    shelf.begin("film.mp4", 10)
    with pytest.raises(UploadNotFound):
        shelf.find(old.id)
    assert shelf.find(young.id).offset() == 0
    assert foreign.exists()


def test_there_is_an_end_to_unfinished_uploads(shelf: UploadShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.uploads.shelf.MOST_UPLOADS", 2)
    first, _ = (shelf.begin("film.mp4", 10) for _ in range(2))
    with pytest.raises(TooManyUploads):
        shelf.begin("film.mp4", 10)
    first.discard()
    shelf.begin("film.mp4", 10)


def test_a_disk_that_is_nearly_full_takes_no_upload(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    shelf = UploadShelf(tmp_path, max_bytes=1 << 60, free_disk_floor_bytes=free - 100_000_000)
    shelf.begin("film.mp4", 1000)
    with pytest.raises(NoRoom):
        shelf.begin("film.mp4", 100_000_000)


def test_a_record_cut_off_by_a_crash_is_no_upload(shelf: UploadShelf) -> None:
    upload = shelf.begin("film.mp4", 10)
    about: Any = upload.folder / "about.json"
    about.write_bytes(about.read_bytes()[:5])
    with pytest.raises(UploadNotFound):
        shelf.find(upload.id)
