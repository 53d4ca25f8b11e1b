"""A video on its way in: a folder `<random>.part` that becomes the video's own folder by one rename.

Each upload has a folder to itself, because a file made to harm may ask the decoder to read its neighbours.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import threading
from pathlib import Path

import msgspec

from app.videos import disk
from app.videos.errors import NoRoom, VideoEmpty, VideoTooLarge
from app.videos.video import StoredVideo

PART = ".part"
RECORD = "video.json"
POSTER = "poster.jpg"
_TAKEN = {errno.ENOTEMPTY, errno.EEXIST}


def part_folder(uploads: Path) -> Path:
    """Name a folder that is collected later if nobody finishes it."""
    return uploads / (secrets.token_hex(16) + PART)


class Incoming:
    """Takes the bytes of one upload. Its methods block: call them in a thread.

    A cancelled caller leaves a thread behind that may still be writing: one lock keeps the file from being closed
    under it.
    """

    def __init__(self, uploads: Path, *, max_bytes: int, free_disk_floor_bytes: int) -> None:
        self.folder = part_folder(uploads)
        self.file = self.folder / "upload"
        self.poster = self.folder / POSTER
        self.size = 0
        self._max_bytes = max_bytes
        self._floor = free_disk_floor_bytes
        self._hash = hashlib.sha256()
        self._lock = threading.Lock()
        self._fd: int | None = None

    @property
    def sha256(self) -> str:
        """Of the bytes so far, in hex."""
        return self._hash.hexdigest()

    def open(self, announced_bytes: int) -> None:
        """Make the folder and the file. Raises NoRoom."""
        with self._lock, disk.full_disk_as_no_room():
            self.folder.mkdir(disk.PRIVATE_FOLDER, parents=True)
            self._check_room(announced_bytes)
            self._fd = disk.create(self.file)

    def write(self, data: bytes) -> None:
        """Take more bytes. Raises VideoTooLarge, NoRoom."""
        with self._lock, disk.full_disk_as_no_room():
            if self._fd is None:
                return
            self.size += len(data)
            if self.size > self._max_bytes:
                raise VideoTooLarge(self._max_bytes)
            self._check_room(len(data))
            disk.write_all(self._fd, data)
            self._hash.update(data)

    def finish(self) -> None:
        """Bring the bytes to the disk. Raises VideoEmpty, NoRoom."""
        with self._lock, disk.full_disk_as_no_room():
            if not self.size:
                raise VideoEmpty
            if self._fd is not None:
                disk.sync_data(self._fd)
            self._close()

    def settle(self, video: StoredVideo) -> bool:
        """Become the folder of `video`, whole and durable; False if another upload of it was faster."""
        with disk.full_disk_as_no_room():
            self.file.rename(self.folder / video.file_name)
            disk.sync_file(self.poster)
            disk.write_file(self.folder / RECORD, msgspec.json.format(msgspec.json.encode(video)) + b"\n")
            disk.sync_folder(self.folder)
            try:
                self.folder.rename(self.folder.with_name(video.video_id))
            except OSError as error:
                if error.errno in _TAKEN:
                    return False
                raise
            disk.sync_folder(self.folder.parent)
            return True

    def discard(self) -> None:
        """Remove what is left; nothing once it has settled."""
        with self._lock:
            self._close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _check_room(self, more_bytes: int) -> None:
        if shutil.disk_usage(self.folder).free - more_bytes < self._floor:
            raise NoRoom

    def _close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
