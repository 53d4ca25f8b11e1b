"""The library: every video a person uploaded, each under the hash of its content.

uploads/
├── .gitignore                 private videos do not get into a repository by accident
├── <video id>/                appears and goes by one rename: whole, or not at all
│   ├── <sha256>.mp4           the file as it was sent, with the extension of its content
│   ├── video.json             what is known of it
│   ├── poster.jpg             a still picture
│   └── filmstrip.jpg          small ones of the whole video, once somebody asked for them
├── <random>.part/             on its way in or out; collected when it is a day old
└── <random>.upload/           of `app.uploads`
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import stat
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from app.media.probe import probe
from app.videos import disk
from app.videos.errors import PosterMissing, VideoDamaged, VideoNotFound, VideoTooLarge
from app.videos.incoming import PART, POSTER, Incoming, part_folder
from app.videos.shelf import read_all, read_video
from app.videos.video import StoredVideo, clean_name, is_video_id, video_id_of

_BLOCK_BYTES = 1 << 20
_ENVELOPE_BYTES = 1 << 16
"""More than what surrounds a file in a multipart body."""
_STALE_AFTER = timedelta(hours=24)
_log = logging.getLogger(__name__)


class Added(Struct, frozen=True):
    """What came of an upload."""

    video: StoredVideo
    duplicate: bool
    """The same content was there before; `video` is that one."""


class Contents(Struct, frozen=True):
    """What the library holds."""

    videos: tuple[StoredVideo, ...]
    """Newest first."""
    damaged: tuple[VideoDamaged, ...]
    """Left out, and why."""


class VideoLibrary:
    """Keeps the videos in one folder. Several processes may use the folder at once."""

    def __init__(
        self,
        uploads: Path,
        *,
        max_bytes: int,
        free_disk_floor_bytes: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._uploads = uploads
        self._max_bytes = max_bytes
        self._floor = free_disk_floor_bytes
        self._now = now

    async def prepare(self) -> None:
        """Make the folder, private, and collect what earlier uploads left unfinished."""
        await asyncio.to_thread(self._prepare)

    async def add(self, name: str, chunks: AsyncIterable[bytes], *, announced_bytes: int = 0) -> Added:
        """Store a video while its bytes come in; nothing is kept of one that cannot be stored.

        `announced_bytes` is the size of the whole request, if known: too much is refused before anything is read.
        Raises VideoTooLarge, VideoEmpty, NoRoom, and MediaError for what is no usable video.
        """
        if announced_bytes > self._max_bytes + _ENVELOPE_BYTES:
            raise VideoTooLarge(self._max_bytes)
        incoming = Incoming(self._uploads, max_bytes=self._max_bytes, free_disk_floor_bytes=self._floor)
        try:
            await asyncio.to_thread(incoming.open, announced_bytes)
            async for block in _blocks(chunks):
                await asyncio.to_thread(incoming.write, block)
            await asyncio.to_thread(incoming.finish)
            return await self._settle(incoming, name)
        finally:
            await asyncio.to_thread(incoming.discard)

    async def add_file(self, path: Path, name: str) -> Added:
        """Store a copy of a file of this computer; raises as `add` does."""
        return await self.add(name, _read(path))

    async def contents(self) -> Contents:
        """Read what there is."""
        return Contents(*await asyncio.to_thread(read_all, self._uploads))

    async def get(self, video_id: str) -> StoredVideo:
        """Read one video. Raises VideoNotFound, VideoDamaged."""
        return await asyncio.to_thread(read_video, self._uploads, video_id)

    def path_of(self, video: StoredVideo) -> Path:
        """Where the file of a video is that `get` or `contents` gave."""
        return self._uploads / video.video_id / video.file_name

    async def poster_of(self, video_id: str) -> Path:
        """Where the still picture (JPEG) of a video is. Raises VideoNotFound, VideoDamaged, PosterMissing."""
        await self.get(video_id)
        poster = self._uploads / video_id / POSTER
        if not await asyncio.to_thread(_is_plain_file, poster):
            raise PosterMissing(f"Video {video_id} has no still picture.")
        return poster

    async def delete(self, video_id: str) -> None:
        """Remove a video, damaged or not. Raises VideoNotFound."""
        if not is_video_id(video_id):
            raise VideoNotFound(video_id)
        await asyncio.to_thread(self._delete, video_id)

    async def _settle(self, incoming: Incoming, name: str) -> Added:
        sha256 = incoming.sha256
        video_id = video_id_of(sha256)
        if there := await self._there_already(video_id):
            return Added(there, duplicate=True)
        facts = await probe(incoming.file, poster=incoming.poster)
        video = StoredVideo(
            video_id=video_id,
            sha256=sha256,
            name=clean_name(name),
            size=incoming.size,
            facts=facts,
            uploaded_at=self._now(),
        )
        if await asyncio.to_thread(incoming.settle, video):
            return Added(video, duplicate=False)
        return Added(await self.get(video_id), duplicate=True)

    async def _there_already(self, video_id: str) -> StoredVideo | None:
        """The stored video of this id; a damaged one makes place for the new copy."""
        try:
            return await self.get(video_id)
        except VideoNotFound:
            return None
        except VideoDamaged as error:
            _log.warning("%s It is replaced by a new upload.", error)
            await asyncio.to_thread(self._delete, video_id)
            return None

    def _prepare(self) -> None:
        self._uploads.mkdir(parents=True, exist_ok=True)
        self._uploads.chmod(disk.PRIVATE_FOLDER)
        with suppress(FileExistsError):
            disk.write_file(self._uploads / ".gitignore", b"*\n")
        oldest = (self._now() - _STALE_AFTER).timestamp()
        for part in self._uploads.glob(f"*{PART}"):
            if _last_change(part) < oldest:
                shutil.rmtree(part, ignore_errors=True)
        for error in read_all(self._uploads)[1]:
            _log.warning("%s", error)

    def _delete(self, video_id: str) -> None:
        gone = part_folder(self._uploads)
        try:
            (self._uploads / video_id).rename(gone)
        except FileNotFoundError:
            raise VideoNotFound(video_id) from None
        disk.sync_folder(self._uploads)
        shutil.rmtree(gone, ignore_errors=True)


async def _blocks(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Gather the network's small chunks: a thread for each would cost more than the writing."""
    block = bytearray()
    async for chunk in chunks:
        block += chunk
        if len(block) >= _BLOCK_BYTES:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)


async def _read(path: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        while block := await asyncio.to_thread(file.read, _BLOCK_BYTES):
            yield block


def _last_change(part: Path) -> float:
    """When anything in the folder was written last (Unix time); now, if its upload has just ended."""
    try:
        return max(entry.lstat().st_mtime for entry in (part, *part.iterdir()))
    except FileNotFoundError:
        return time.time()


def _is_plain_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return False
