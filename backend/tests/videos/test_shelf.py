"""What is stored is trusted only when all of it fits together; the rest is reported and can be repaired."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from app.videos.errors import PosterMissing, VideoDamaged
from app.videos.library import VideoLibrary
from app.videos.video import StoredVideo

Clip = Callable[[str], bytes]
Damage = Callable[[Path, StoredVideo], None]


async def whole(data: bytes) -> AsyncIterator[bytes]:
    yield data


def record(contents: bytes) -> Damage:
    def damage(folder: Path, _: StoredVideo) -> None:
        (folder / "video.json").write_bytes(contents)

    return damage


def field(name: str, value: Any) -> Damage:
    def damage(folder: Path, _: StoredVideo) -> None:
        document = json.loads((folder / "video.json").read_bytes())
        document[name] = value
        (folder / "video.json").write_text(json.dumps(document))

    return damage


def escaping_extension(folder: Path, _: StoredVideo) -> None:
    document = json.loads((folder / "video.json").read_bytes())
    document["facts"]["extension"] = "/../../../../etc/passwd"
    (folder / "video.json").write_text(json.dumps(document))


def linked_record(folder: Path, _: StoredVideo) -> None:
    (folder / "video.json").rename(folder / "elsewhere.json")
    (folder / "video.json").symlink_to("elsewhere.json")


def linked_file(folder: Path, video: StoredVideo) -> None:
    (folder / video.file_name).rename(folder / "elsewhere.mp4")
    (folder / video.file_name).symlink_to("elsewhere.mp4")


def linked_folder(folder: Path, _: StoredVideo) -> None:
    folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to("elsewhere")


def piped_record(folder: Path, _: StoredVideo) -> None:
    (folder / "video.json").unlink()
    os.mkfifo(folder / "video.json")


DAMAGES: dict[str, Damage] = {
    "an empty record": record(b""),
    "half a record": record(b'{"video_id": "'),
    "a record that is no text": record(b"\xff\x00" * 100),
    "a list for a record": record(b"[]"),
    "a very deep record": record(b'{"x":' + b"[" * 200_000),
    "another video's id": field("video_id", "a" * 20),
    "another video's hash": field("sha256", "0" * 64),
    "a hash that is a path": field("sha256", "../" * 21 + "a"),
    "a time without a zone": field("uploaded_at", "2026-01-02T12:00:00"),
    "another size": field("size", 3),
    "an extension that is a path": escaping_extension,
    "no record": lambda folder, _: (folder / "video.json").unlink(),
    "no file": lambda folder, video: (folder / video.file_name).unlink(),
    "a shorter file": lambda folder, video: os.truncate(folder / video.file_name, 10),
    "a link for a record": linked_record,
    "a link for a file": linked_file,
    "a link for a folder": linked_folder,
    "a pipe for a record": piped_record,
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_video_is_left_out_reported_and_repaired(
    name: str, clip: Clip, stocked: VideoLibrary, uploads: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = asyncio.run(stocked.contents()).videos
    DAMAGES[name](uploads / broken.video_id, broken)
    contents = asyncio.run(stocked.contents())
    assert contents.videos == (sound,)
    assert [error.video_id for error in contents.damaged] == [broken.video_id]
    with pytest.raises(VideoDamaged, match="upload the file again"):
        asyncio.run(stocked.get(broken.video_id))
    asyncio.run(stocked.prepare())
    assert broken.video_id in caplog.text
    assert not asyncio.run(stocked.add("red.mp4", whole(clip("red")))).duplicate
    assert asyncio.run(stocked.contents()).damaged == ()


def test_a_damaged_video_can_be_deleted(stocked: VideoLibrary, uploads: Path) -> None:
    video = asyncio.run(stocked.contents()).videos[0]
    (uploads / video.video_id / "video.json").write_bytes(b"?")
    asyncio.run(stocked.delete(video.video_id))
    assert not (uploads / video.video_id).exists()
    assert asyncio.run(stocked.contents()).damaged == ()


def test_a_poster_that_is_gone_or_a_link_is_missing(stocked: VideoLibrary, uploads: Path) -> None:
    video = asyncio.run(stocked.contents()).videos[0]
    poster = uploads / video.video_id / "poster.jpg"
    poster.rename(poster.with_name("elsewhere.jpg"))
    with pytest.raises(PosterMissing):
        asyncio.run(stocked.poster_of(video.video_id))
    poster.symlink_to("elsewhere.jpg")
    with pytest.raises(PosterMissing):
        asyncio.run(stocked.poster_of(video.video_id))


def test_strange_entries_beside_the_videos_are_passed_over(stocked: VideoLibrary, uploads: Path) -> None:
    videos = asyncio.run(stocked.contents()).videos
    (uploads / "notes.txt").write_text("mine")
    (uploads / "holiday").mkdir()
    (uploads / ("a" * 20)).write_text("a file with the name of a video")
    contents = asyncio.run(stocked.contents())
    assert contents.videos == videos
    assert [error.video_id for error in contents.damaged] == ["a" * 20]
