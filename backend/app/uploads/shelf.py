"""All unfinished uploads: the folders `<id>.part` that hold an `about.json`."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.uploads.errors import TooManyUploads, UploadNotFound
from app.uploads.partial import About, PartialUpload, check_room, new_upload_id
from app.videos.errors import VideoEmpty, VideoTooLarge
from app.videos.incoming import PART

STALE_AFTER = timedelta(hours=24)
MOST_UPLOADS = 200
_COPIES = 2
"""The library takes a copy of the bytes before they are let go."""
_log = logging.getLogger(__name__)


class UploadShelf:
    """Begins uploads, finds them again, collects those that nobody goes on with. Its methods block."""

    def __init__(
        self,
        uploads: Path,
        *,
        max_bytes: int,
        free_disk_floor_bytes: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._uploads = uploads
        self.max_bytes = max_bytes
        self.free_disk_floor_bytes = free_disk_floor_bytes
        self._now = now

    def begin(self, name: str, length: int, metadata: str = "") -> PartialUpload:
        """Make room for an upload of `length` bytes. Raises VideoEmpty, VideoTooLarge, NoRoom, TooManyUploads."""
        if length == 0:
            raise VideoEmpty
        if length > self.max_bytes:
            raise VideoTooLarge(self.max_bytes)
        if self._collect() >= MOST_UPLOADS:
            raise TooManyUploads(MOST_UPLOADS)
        check_room(self._uploads, _COPIES * length, self.free_disk_floor_bytes)
        upload = PartialUpload(self._uploads, new_upload_id())
        upload.begin(About(name=name, length=length, metadata=metadata, created_at=self._now()))
        return upload

    def find(self, upload_id: str) -> PartialUpload:
        """Find an upload that was begun. Raises UploadNotFound."""
        upload = PartialUpload(self._uploads, upload_id)
        upload.about()
        return upload

    def _collect(self) -> int:
        """Remove what nobody has touched for a day; returns how many unfinished uploads are left."""
        oldest = (self._now() - STALE_AFTER).timestamp()
        unfinished = 0
        for upload in self._all():
            if _last_change(upload) < oldest:
                _log.info("Upload %s is a day old and is collected", upload.id)
                upload.discard()
            elif upload.outcome() is None:
                unfinished += 1
        return unfinished

    def _all(self) -> Iterator[PartialUpload]:
        for folder in self._uploads.glob(f"*{PART}"):
            try:
                yield self.find(folder.name.removesuffix(PART))
            except UploadNotFound:
                continue  # a video on its way in or out: the library looks after it


def _last_change(upload: PartialUpload) -> float:
    """When anything of it was written last (Unix time); now, if it has just been given up."""
    try:
        return max(entry.lstat().st_mtime for entry in (upload.folder, *upload.folder.iterdir()))
    except FileNotFoundError:
        return time.time()
