"""Filmstrips of stored videos: made when first asked for, one at a time, and kept beside the video."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path

from app.media.filmstrip import make_filmstrip
from app.videos import disk
from app.videos.errors import VideoNotFound
from app.videos.library import VideoLibrary

_NAME = "filmstrip.jpg"


class Filmstrips:
    """The filmstrips of one library."""

    def __init__(self, library: VideoLibrary) -> None:
        self._library = library
        self._turn = asyncio.Lock()

    async def of(self, video_id: str) -> Path:
        """Where the filmstrip (JPEG) of a video is. Raises VideoNotFound, VideoDamaged, MediaError, NoRoom."""
        video = await self._library.get(video_id)
        file = self._library.path_of(video)
        strip = file.with_name(_NAME)
        async with self._turn:
            if not await asyncio.to_thread(strip.is_file):
                size = (video.facts.width, video.facts.height)
                made = await make_filmstrip(file, duration=video.facts.duration, size=size)
                await asyncio.to_thread(_keep, strip, made.jpeg, video_id)
        return strip


def _keep(strip: Path, jpeg: bytes, video_id: str) -> None:
    part = strip.with_name(f"{secrets.token_hex(8)}.part")
    try:
        with disk.full_disk_as_no_room():
            disk.write_file(part, jpeg)
            part.replace(strip)
    except FileNotFoundError:
        raise VideoNotFound(video_id) from None  # deleted meanwhile
    finally:
        part.unlink(missing_ok=True)
