"""The shelf of unfinished uploads: what is collected and what stays known, and how many there may be."""

from __future__ import annotations

import os
import shutil
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from films import tiny_film

from app.uploads.errors import TooManyUploads, UploadNotFound
from app.uploads.partial import Outcome
from app.uploads.shelf import UploadShelf
from app.videos.errors import NoRoom


@pytest.fixture(scope="module")
def film() -> bytes:
    """A film of three megabytes, most of it padding."""
    return tiny_film() + struct.pack(">I4s", 3_000_000, b"free") + os.urandom(3_000_000 - 8)


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


def test_what_came_of_an_upload_is_known_as_long_as_its_video(shelf: UploadShelf, clock: Later, tmp_path: Path) -> None:
    upload = shelf.begin("film.mp4", 1)
    (tmp_path / ("a" * 20)).mkdir()
    upload.append(b"x", length=1, free_disk_floor_bytes=1)
    upload.settle(Outcome(video_id="a" * 20))
    clock.now += timedelta(days=30)
    assert shelf.collect() == 0
    assert shelf.video_of(upload.id) == "a" * 20
    shutil.rmtree(tmp_path / ("a" * 20))
    shelf.collect()
    with pytest.raises(UploadNotFound):
        shelf.look(upload.id)
    assert shelf.video_of(upload.id) is None


def test_what_a_crash_left_of_a_beginning_is_collected(shelf: UploadShelf, clock: Later) -> None:
    upload = shelf.begin("film.mp4", 1)
    (upload.folder / "about.json").unlink()
    clock.now += timedelta(days=30)
    shelf.collect()
    assert not upload.folder.exists()
