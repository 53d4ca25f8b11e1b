"""All uploads: the folders `<id>.upload`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.uploads.errors import TooManyUploads, UploadNotFound
from app.uploads.partial import UPLOAD, About, Look, PartialUpload, check_room, new_upload_id
from app.videos.errors import VideoEmpty, VideoTooLarge

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
        if self.collect() >= MOST_UPLOADS:
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

    def look(self, upload_id: str) -> Look:
        """Tell how an upload stands; who writes it is not disturbed. Raises UploadNotFound."""
        return PartialUpload(self._uploads, upload_id).look()

    def video_of(self, upload_id: str) -> str | None:
        """The id of the video that came of an upload; None when there is none, or none yet."""
        try:
            outcome = self.look(upload_id).outcome
        except UploadNotFound:
            return None
        return None if outcome is None else outcome.video_id

    def complete(self) -> list[PartialUpload]:
        """The uploads all of whose bytes have come, and of which nothing has become yet."""
        return [upload for upload, look in self._all() if look and look.outcome is None and look.sent == look.length]

    def collect(self) -> int:
        """Remove what nobody has touched for a day; returns how many unfinished uploads are left.

        What became of an upload is known as long as its video: a job may ask for it late.
        """
        oldest = self._now() - STALE_AFTER
        unfinished = 0
        for upload, look in self._all():
            video_id = look.outcome.video_id if look and look.outcome else None
            if upload.changed_at() < oldest and not (video_id and (self._uploads / video_id).is_dir()):
                _log.info("Upload %s is a day old and is collected", upload.id)
                upload.discard()
            elif look and look.outcome is None:
                unfinished += 1
        return unfinished

    def _all(self) -> Iterator[tuple[PartialUpload, Look | None]]:
        """Each with how it stands; None for one that was never begun in full, or has just been given up."""
        for folder in self._uploads.glob(f"{'[0-9a-f]' * 32}{UPLOAD}"):
            upload = PartialUpload(self._uploads, folder.name.removesuffix(UPLOAD))
            try:
                yield upload, upload.look()
            except UploadNotFound:
                yield upload, None
