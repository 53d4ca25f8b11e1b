"""Uploads that cannot be, and why; how an upload is given up."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator

import pytest
from films import tiny_film
from servers import Server, running_server
from uploading import BYTES, TUS, begin, bytes_file, offset_of, problem, send


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("uploads"), MAX_UPLOAD_BYTES="5000000") as server:
        yield server


@pytest.fixture(scope="module")
def film() -> bytes:
    """A film of three megabytes, most of it padding."""
    return tiny_film() + struct.pack(">I4s", 3_000_000, b"free") + os.urandom(3_000_000 - 8)


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
