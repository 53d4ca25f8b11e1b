"""The library: whole or not at all, whatever is sent and whenever it breaks off."""

from __future__ import annotations

import asyncio
import hashlib
import re
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.media.errors import MediaError, MediaErrorKind
from app.videos import disk
from app.videos.errors import NoRoom, VideoEmpty, VideoNotFound, VideoTooLarge
from app.videos.library import Added, VideoLibrary
from app.videos.video import clean_name

Clip = Callable[[str], bytes]
MakeLibrary = Callable[..., VideoLibrary]

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


async def pieces(data: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def add(library: VideoLibrary, data: bytes, name: str = "film.mp4") -> Added:
    async def prepared() -> Added:
        await library.prepare()
        return await library.add(name, pieces(data))

    return asyncio.run(prepared())


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_video_is_stored_under_its_hash(clip: Clip, make_library: MakeLibrary, uploads: Path) -> None:
    library = make_library(now=lambda: NOON)
    video = add(library, clip("red"), "my film.mov").video
    sha256 = hashlib.sha256(clip("red")).hexdigest()
    assert (video.name, video.size, video.sha256) == ("my film.mov", len(clip("red")), sha256)
    assert re.fullmatch("[a-z2-7]{20}", video.video_id)
    assert (video.facts.width, video.facts.height, video.facts.media_type) == (64, 48, "video/mp4")
    assert video.uploaded_at == NOON
    assert names_in(uploads) == [".gitignore", video.video_id]
    assert names_in(uploads / video.video_id) == [f"{sha256}.mp4", "poster.jpg", "video.json"]
    assert library.path_of(video).read_bytes() == clip("red")
    assert asyncio.run(library.poster_of(video.video_id)).read_bytes().startswith(b"\xff\xd8")
    assert asyncio.run(library.get(video.video_id)) == video


def test_only_the_owner_may_read_what_is_stored(clip: Clip, make_library: MakeLibrary, uploads: Path) -> None:
    add(make_library(), clip("red"))
    modes = {path: path.stat().st_mode & 0o777 for path in (uploads, *uploads.rglob("*"))}
    assert all(mode == (0o700 if path.is_dir() else 0o600) for path, mode in modes.items()), modes
    assert (uploads / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../../../etc/passwd", "passwd"),
        ("C:\\films\\holiday.mp4", "holiday.mp4"),
        ("a\x00b\r\n\u202ec.mp4", "abc.mp4"),
        ("Grüße 🎬.mp4", "Grüße 🎬.mp4"),
        ("..", ".."),
        ("films/", "video"),
        (" ", "video"),
        ("x" * 5000, "x" * 200),
    ],
)
def test_a_name_is_made_fit_to_be_shown(sent: str, shown: str) -> None:
    assert clean_name(sent) == shown


def test_a_name_is_never_a_path(clip: Clip, make_library: MakeLibrary, uploads: Path) -> None:
    video = add(make_library(), clip("red"), "../../../../x.mp4").video
    assert video.name == "x.mp4"
    assert names_in(uploads) == [".gitignore", video.video_id]


def test_the_same_content_is_stored_once(clip: Clip, make_library: MakeLibrary, uploads: Path) -> None:
    library = make_library()
    first, again = add(library, clip("red"), "first.mp4"), add(library, clip("red"), "again.mp4")
    assert (first.duplicate, again.duplicate) == (False, True)
    assert again.video == first.video
    assert names_in(uploads) == [".gitignore", first.video.video_id]


def test_the_same_content_at_the_same_time_is_stored_once(clip: Clip, make_library: MakeLibrary, uploads: Path) -> None:
    library = make_library()

    async def race() -> list[Added]:
        await library.prepare()
        return await asyncio.gather(*(library.add(f"{n}.mp4", pieces(clip("red"))) for n in range(4)))

    added = asyncio.run(race())
    assert sorted(each.duplicate for each in added) == [False, True, True, True]
    assert len({each.video for each in added}) == 1
    assert names_in(uploads) == [".gitignore", added[0].video.video_id]


def test_too_much_announced_is_refused_before_anything_is_read(make_library: MakeLibrary, uploads: Path) -> None:
    async def unread() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    async def refused() -> None:
        await make_library().prepare()
        with pytest.raises(VideoTooLarge, match="at most 2 MB"):
            await make_library(max_bytes=2_000_000).add("x", unread(), announced_bytes=3_000_000)
        with pytest.raises(NoRoom):
            await make_library(max_bytes=1 << 60).add("x", unread(), announced_bytes=1 << 60)
        with pytest.raises(NoRoom):
            await make_library(free_disk_floor_bytes=1 << 60).add("x", unread())

    asyncio.run(refused())
    assert names_in(uploads) == [".gitignore"]


def test_too_much_is_refused_while_counting(clip: Clip, make_library: MakeLibrary, uploads: Path) -> None:
    size = len(clip("red"))
    with pytest.raises(VideoTooLarge):
        add(make_library(max_bytes=size - 1), clip("red"))
    assert names_in(uploads) == [".gitignore"]
    assert add(make_library(max_bytes=size), clip("red")).video.size == size


def test_a_disk_that_takes_no_more_keeps_nothing(make_library: MakeLibrary, uploads: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    library = make_library()
    asyncio.run(library.prepare())
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, limits[1]))
    try:
        with pytest.raises(NoRoom, match="no room"):
            add(library, bytes(5_000_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert names_in(uploads) == [".gitignore"]


def test_what_is_no_video_is_not_kept(sound_only: bytes, make_library: MakeLibrary, uploads: Path) -> None:
    library = make_library()
    with pytest.raises(VideoEmpty):
        add(library, b"")
    with pytest.raises(MediaError) as text:
        add(library, b"#EXTM3U\n/etc/passwd\n" * 10)
    with pytest.raises(MediaError) as sound:
        add(library, sound_only)
    assert (text.value.kind, sound.value.kind) == (MediaErrorKind.UNREADABLE, MediaErrorKind.NO_VIDEO)
    assert names_in(uploads) == [".gitignore"]


def test_videos_are_listed_newest_first(clip: Clip, make_library: MakeLibrary) -> None:
    for hour, colour in enumerate(("red", "green", "blue")):
        add(make_library(now=lambda hour=hour: NOON + timedelta(hours=hour)), clip(colour), colour)
    contents = asyncio.run(make_library().contents())
    assert [video.name for video in contents.videos] == ["blue", "green", "red"]
    assert contents.damaged == ()


def test_a_library_whose_folder_is_gone_is_empty_and_takes_videos(clip: Clip, make_library: MakeLibrary) -> None:
    library = make_library()
    assert asyncio.run(library.contents()).videos == ()
    assert not asyncio.run(library.add("film", pieces(clip("red")))).duplicate


@pytest.mark.parametrize(
    "video_id", ["", "..", "../uploads", "a" * 19, "A" * 20, "a" * 20 + "\n", "a\x00", ".gitignore", "a" * 20]
)
def test_an_id_that_is_none_finds_nothing(video_id: str, stocked: VideoLibrary, uploads: Path) -> None:
    before = names_in(uploads)
    for call in (stocked.get, stocked.poster_of, stocked.delete):
        with pytest.raises(VideoNotFound, match="There is no video"):
            asyncio.run(call(video_id))
    assert names_in(uploads) == before


def test_a_deleted_video_is_gone(stocked: VideoLibrary, uploads: Path) -> None:
    gone, left = asyncio.run(stocked.contents()).videos
    asyncio.run(stocked.delete(gone.video_id))
    assert names_in(uploads) == [".gitignore", left.video_id]
    with pytest.raises(VideoNotFound):
        asyncio.run(stocked.delete(gone.video_id))


def test_a_cancelled_upload_leaves_nothing(make_library: MakeLibrary, uploads: Path) -> None:
    library = make_library()

    async def cancelled() -> None:
        await library.prepare()
        reading = asyncio.Event()

        async def endless() -> AsyncIterator[bytes]:
            yield bytes(1 << 20)
            reading.set()
            await asyncio.Event().wait()

        upload = asyncio.create_task(library.add("film", endless()))
        await reading.wait()
        assert names_in(uploads)[-1].endswith(".part")
        upload.cancel()
        with pytest.raises(asyncio.CancelledError):
            await upload

    asyncio.run(cancelled())
    assert names_in(uploads) == [".gitignore"]


KILLED = """
import asyncio, sys
from pathlib import Path
from app.videos.library import VideoLibrary

async def chunks():
    yield bytes(1 << 20)
    print("written", flush=True)
    await asyncio.Event().wait()

async def main():
    library = VideoLibrary(Path(sys.argv[1]), max_bytes=1 << 30, free_disk_floor_bytes=1)
    await library.prepare()
    await library.add("film", chunks())

asyncio.run(main())
"""


def test_a_killed_upload_leaves_a_part_that_is_collected_a_day_later(make_library: MakeLibrary, uploads: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED, str(uploads)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        process.send_signal(signal.SIGKILL)
    ignored, part = names_in(uploads)
    assert (ignored, Path(part).suffix) == (".gitignore", ".part")
    assert (uploads / part / "upload").stat().st_size == 1 << 20
    assert asyncio.run(make_library().contents()).videos == ()
    for hours, left in ((23, [ignored, part]), (25, [ignored])):
        asyncio.run(make_library(now=lambda hours=hours: datetime.now(UTC) + timedelta(hours=hours)).prepare())
        assert names_in(uploads) == left


def test_the_disk_is_never_awaited_on_the_event_loop(
    clip: Clip, make_library: MakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync_data, waited = disk.sync_data, list[bool]()

    async def upload() -> None:
        library, loop = make_library(), asyncio.get_running_loop()
        await library.prepare()

        def slow_sync(fd: int) -> None:
            loop_is_free = threading.Event()
            loop.call_soon_threadsafe(loop_is_free.set)
            waited.append(loop_is_free.wait(20))
            sync_data(fd)

        monkeypatch.setattr(disk, "sync_data", slow_sync)
        await library.add("film", pieces(clip("red")))

    asyncio.run(upload())
    assert waited
    assert all(waited)
