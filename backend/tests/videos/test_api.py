"""The video library over HTTP, behind the gate, as the page and curl use it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.api.problems import install_problems
from app.api.videos import router
from app.gate import Gate
from app.settings import Settings
from app.videos.library import VideoLibrary

Clip = Callable[[str], bytes]
MakeLibrary = Callable[..., VideoLibrary]
Serve = Callable[[VideoLibrary], TestClient]


class JobsInTheWay:
    """Stands for the job queue: the unfinished jobs that need a video."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    async def __call__(self, video_id: str) -> list[str]:
        return self.ids


@pytest.fixture
def jobs() -> JobsInTheWay:
    return JobsInTheWay()


@pytest.fixture
def serve(jobs: JobsInTheWay) -> Serve:
    def start(library: VideoLibrary) -> TestClient:
        app = FastAPI()
        app.state.videos = library
        app.state.jobs_using = jobs
        install_problems(app)
        app.include_router(router)
        return TestClient(Gate(app, Settings(data_dir=Path())), base_url="http://127.0.0.1:8000")

    return start


@pytest.fixture
def client(serve: Serve, make_library: MakeLibrary) -> TestClient:
    return serve(make_library())


@pytest.fixture
def stock(serve: Serve, stocked: VideoLibrary) -> tuple[TestClient, dict[str, Any]]:
    """A client, and the video red.mp4 of its library."""
    client = serve(stocked)
    return client, client.get("/api/videos").json()["videos"][0]


def problem(response: Any, status: int, words: str) -> dict[str, Any]:
    """Check that it is a problem document of this status whose detail says `words`."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert (document["type"], document["status"]) == ("about:blank", status)
    assert words in document["detail"]
    return document


def test_an_upload_is_answered_with_what_the_video_is(client: TestClient, clip: Clip) -> None:
    response = client.post("/api/videos", files={"file": ("../my film.mp4", clip("red"), "text/html")})
    assert response.status_code == 201
    video = response.json()
    assert len(video.pop("video_id")) == 20
    assert video.pop("uploaded_at").endswith("Z")
    assert video == {
        "name": "my film.mp4",
        "size": len(clip("red")),
        "duration": 1.0,
        "width": 64,
        "height": 48,
        "fps": 8.0,
        "codec": "h264",
        "audio_codec": None,
        "media_type": "video/mp4",
        "plays_in_browsers": True,
        "duplicate": False,
    }


def test_the_same_content_again_is_answered_with_the_first(client: TestClient, clip: Clip) -> None:
    first = client.post("/api/videos", files={"file": ("one.mp4", clip("red"))})
    again = client.post("/api/videos", files={"file": ("two.mp4", clip("red"))})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "duplicate": True}


def test_an_upload_that_cannot_be_taken_says_why(
    serve: Serve, make_library: MakeLibrary, sound_only: bytes, uploads: Path
) -> None:
    def send(data: bytes, **settings: int) -> Any:
        return serve(make_library(**settings)).post("/api/videos", files={"file": ("film.mp4", data)})

    problem(send(b""), 422, "is empty")
    problem(send(b"no video at all" * 100), 422, "")
    problem(send(sound_only), 415, "")
    problem(send(bytes(2000), max_bytes=1999), 413, "LONGTAKE_COMPARE_MAX_UPLOAD_BYTES")
    problem(send(bytes(200_000), max_bytes=1999), 413, "LONGTAKE_COMPARE_MAX_UPLOAD_BYTES")
    problem(send(bytes(2000), free_disk_floor_bytes=1 << 60), 507, "delete videos")
    assert list(uploads.iterdir()) == []


def test_a_request_that_is_no_upload_says_what_is_missing(client: TestClient, clip: Clip) -> None:
    problem(client.post("/api/videos", json={"file": "x"}), 415, "multipart/form-data")
    problem(client.post("/api/videos"), 415, "multipart/form-data")
    problem(client.post("/api/videos", files={"video": ("a.mp4", clip("red"))}), 422, 'field "file"')
    two = [("file", ("a.mp4", clip("red"))), ("file", ("b.mp4", clip("green")))]
    problem(client.post("/api/videos", files=two), 422, "several files")
    cut = client.build_request("POST", "/api/videos", files={"file": ("a.mp4", clip("red"))})
    broken = client.post("/api/videos", content=cut.read()[:-20], headers={"content-type": cut.headers["content-type"]})
    problem(broken, 422, "broke off")
    assert client.get("/api/videos").json() == {"videos": [], "damaged": []}


def test_a_body_of_unknown_length_is_counted(serve: Serve, make_library: MakeLibrary, uploads: Path) -> None:
    def body() -> Iterator[bytes]:
        yield b'--limit\r\ncontent-disposition: form-data; name="file"\r\n\r\n'
        for _ in range(100):
            yield bytes(100_000)

    headers = {"content-type": "multipart/form-data; boundary=limit"}
    response = serve(make_library(max_bytes=2_000_000)).post("/api/videos", content=body(), headers=headers)
    problem(response, 413, "at most 2 MB")
    assert list(uploads.iterdir()) == []


def test_a_sample_is_made_once(client: TestClient) -> None:
    made, again = (client.post("/api/videos/sample") for _ in range(2))
    assert (made.status_code, again.status_code) == (201, 200)
    assert again.json() == {**made.json(), "duplicate": True}
    assert (made.json()["width"], made.json()["height"], made.json()["audio_codec"]) == (640, 360, "aac")
    problem(client.post("/api/videos/sample?which=3"), 422, "which")


def test_videos_are_listed_newest_first_with_what_is_damaged(
    serve: Serve, stocked: VideoLibrary, uploads: Path
) -> None:
    client = serve(stocked)
    red, green = client.get("/api/videos").json()["videos"]
    assert (red["name"], green["name"]) == ("red.mp4", "green.mp4")
    (uploads / green["video_id"] / "video.json").unlink()
    listed = client.get("/api/videos").json()
    assert listed["videos"] == [red]
    assert listed["damaged"][0]["video_id"] == green["video_id"]
    problem(client.get(f"/api/video/{green['video_id']}"), 404, "upload the file again")


@pytest.mark.parametrize("kind", ["video", "videos"])
def test_one_video_by_either_spelling(kind: str, stock: tuple[TestClient, dict[str, Any]]) -> None:
    client, video = stock
    assert client.get(f"/api/{kind}/{video['video_id']}").json() == video
    assert client.get(f"/api/{kind}/{video['video_id']}/file").status_code == 200
    assert client.get(f"/api/{kind}/{video['video_id']}/poster").status_code == 200
    assert client.delete(f"/api/{kind}/{video['video_id']}").status_code == 204


@pytest.mark.parametrize("video_id", ["a" * 20, "x", "%2e%2e", "a%00b", "..%5c..%5cx", "%ff", ".gitignore"])
def test_an_unknown_video_is_not_found(video_id: str, stock: tuple[TestClient, dict[str, Any]]) -> None:
    client, _ = stock
    for path in ("", "/file", "/poster"):
        problem(client.get(f"/api/video/{video_id}{path}"), 404, "There is no video")
    problem(client.delete(f"/api/video/{video_id}"), 404, "There is no video")


def test_the_file_is_sent_as_data_and_nothing_else(stock: tuple[TestClient, dict[str, Any]], clip: Clip) -> None:
    client, video = stock
    response = client.get(f"/api/video/{video['video_id']}/file")
    assert response.content == clip("red")
    assert {
        "content-type": "video/mp4",
        "content-security-policy": "sandbox; default-src 'none'",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
        "content-disposition": 'inline; filename="red.mp4"',
        "accept-ranges": "bytes",
    }.items() <= dict(response.headers).items()
    head = client.head(f"/api/video/{video['video_id']}/file")
    assert (head.content, head.headers["content-length"]) == (b"", str(video["size"]))


def test_a_part_of_the_file_is_sent_for_a_range(stock: tuple[TestClient, dict[str, Any]], clip: Clip) -> None:
    client, video = stock
    data, size = clip("red"), video["size"]

    def get(wanted: str, **headers: str) -> Any:
        return client.get(f"/api/video/{video['video_id']}/file", headers={"range": wanted, **headers})

    part = get("bytes=10-19")
    assert (part.status_code, part.content) == (206, data[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{size}"
    assert get("bytes=-5").content == data[-5:]
    assert get(f"bytes={size - 3}-").content == data[-3:]
    assert get("bytes=0-9", **{"if-range": part.headers["etag"]}).status_code == 206
    assert get("bytes=0-9", **{"if-range": '"another"'}).content == data
    beyond = get(f"bytes={size}-")
    problem(beyond, 416, f"{size} bytes")
    assert beyond.headers["content-range"] == f"bytes */{size}"
    for nonsense in ("bytes", "lines=1-2", "bytes=9-1", "bytes=-"):
        problem(get(nonsense), 400, "bytes=0-1023")


def test_the_poster_is_a_picture(stock: tuple[TestClient, dict[str, Any]]) -> None:
    client, video = stock
    poster = client.get(f"/api/video/{video['video_id']}/poster")
    assert (poster.headers["content-type"], poster.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert client.head(f"/api/video/{video['video_id']}/poster").headers["content-length"] == str(len(poster.content))


def test_a_video_that_a_job_needs_is_deleted_only_by_force(
    stock: tuple[TestClient, dict[str, Any]], jobs: JobsInTheWay
) -> None:
    client, video = stock
    jobs.ids = ["01k000000000000000000000aa"]
    refused = problem(client.delete(f"/api/video/{video['video_id']}"), 409, "?force=true")
    assert refused["jobs"] == jobs.ids
    assert client.get(f"/api/video/{video['video_id']}").status_code == 200
    assert client.delete(f"/api/video/{video['video_id']}?force=true").status_code == 204
    problem(client.get(f"/api/video/{video['video_id']}"), 404, "There is no video")


def test_every_route_documents_its_answers(serve: Serve, stocked: VideoLibrary) -> None:
    document = serve(stocked).get("/openapi.json").json()
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    schema = response["content"]["application/problem+json"]["schema"]
                    assert schema == {"$ref": "#/components/schemas/Problem"}
    assert {"detail", "status"} <= set(document["components"]["schemas"]["Problem"]["required"])
    assert "HTTPValidationError" not in json.dumps(document)
