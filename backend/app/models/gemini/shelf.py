"""Remembers which videos are at Google already, over restarts: a small JSON file."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from app.models.json_file import read_json, write_json


class Begun(Struct, frozen=True, kw_only=True, tag="begun"):
    """An upload that has begun and can be taken up again."""

    upload_url: str


class Arrived(Struct, frozen=True, kw_only=True, tag="arrived"):
    """A video that is at Google."""

    name: str
    """Such as `files/abc123`."""
    uri: str
    media_type: str
    expires_at: datetime
    ready: bool = False
    """Google has prepared it: a model can be asked about it."""


Entry: TypeAlias = Begun | Arrived
_Entries: TypeAlias = dict[str, dict[str, Entry]]


class UploadShelf:
    """Entries by owner (key and address, see `Key.fingerprint`) and video; without a path, in memory only."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._entries: _Entries = {}
        self._changing = threading.Lock()

    async def find(self, owner: str, video_id: str) -> Entry | None:
        """What is known of a video."""
        entries = await asyncio.to_thread(self._read)
        return entries.get(owner, {}).get(video_id)

    async def put(self, owner: str, video_id: str, entry: Entry | None) -> None:
        """Remember an entry, or forget the video with None; durable when it returns."""
        await asyncio.to_thread(self._change, owner, video_id, entry)

    def _change(self, owner: str, video_id: str, entry: Entry | None) -> None:
        with self._changing:
            entries = self._read()
            videos = entries.setdefault(owner, {})
            if entry is None:
                videos.pop(video_id, None)
            else:
                videos[video_id] = entry
            self._entries = entries
            if self._path is not None:
                write_json(self._path, entries)

    def _read(self) -> _Entries:
        """Read anew each time: another process may have uploaded too."""
        return self._entries if self._path is None else read_json(self._path, _Entries) or {}
