"""Resumable uploads, as a client of the protocol makes them."""

from __future__ import annotations

import base64
from pathlib import Path

import httpx2
from servers import Server

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {**TUS, "Content-Type": "application/offset+octet-stream"}


def begin(server: Server, length: int, name: str = "film.mp4") -> str:
    """Begin an upload; where to send its bytes."""
    named = f"filename {base64.b64encode(name.encode()).decode()},filetype dmlkZW8="
    answer = server.http.post("/api/uploads", headers={**TUS, "Upload-Length": str(length), "Upload-Metadata": named})
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


def send(server: Server, place: str, offset: int, data: bytes) -> httpx2.Response:
    """Send bytes that begin at an offset."""
    return server.http.patch(place, headers={**BYTES, "Upload-Offset": str(offset)}, content=data)


def id_of(place: str) -> str:
    """The id of an upload."""
    return place.rsplit("/", 1)[1]


def folder_of(server: Server, place: str) -> Path:
    """Where an upload is on the disk."""
    return server.data / "uploads" / f"{id_of(place)}.upload"


def offset_of(server: Server, place: str) -> int:
    answer = server.http.head(place, headers=TUS)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return int(answer.headers["upload-offset"])


def bytes_file(server: Server, place: str) -> Path:
    return folder_of(server, place) / "bytes"


def problem(answer: httpx2.Response, status: int, words: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]
