"""One upload on the disk: a folder `<id>.upload` beside the videos.

<id>.upload/
├── about.json    what was announced; written first
├── bytes         what has come; its size is the only truth about how much that is
└── outcome.json  what became of it, once all has come; then the bytes are gone. Kept as long as its video
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from app.media.errors import MediaError, MediaErrorKind
from app.uploads.errors import TooManyBytes, UploadNotFound
from app.videos import disk
from app.videos.errors import NoRoom
from app.videos.video import clean_name

UPLOAD = ".upload"
_ID = re.compile(r"[0-9a-f]{32}")
_ABOUT = "about.json"
_BYTES = "bytes"
_OUTCOME = "outcome.json"


class About(Struct, frozen=True, kw_only=True):
    """What was announced when the upload began."""

    name: str
    """As the person called the file; shown, never used as a path."""
    length: Annotated[int, Meta(ge=1)]
    """Bytes."""
    metadata: str = ""
    """The header that the client sent, to be told again when it asks."""
    created_at: Annotated[datetime, Meta(tz=True)]


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of the upload: a video, or the reason why not."""

    video_id: str | None = None
    duplicate: bool = False
    refused_as: MediaErrorKind | None = None
    refusal: str = ""

    def check(self) -> None:
        """Raises MediaError when the bytes are no usable video."""
        if self.refused_as is not None:
            raise MediaError(self.refused_as, self.refusal)


class Look(Struct, frozen=True, kw_only=True):
    """An upload as it stands."""

    name: str
    sent: int
    length: int
    changed_at: datetime
    """When anything of it was written last."""
    outcome: Outcome | None


class PartialUpload:
    """Reads and writes one upload. Its methods block: call them in a thread."""

    def __init__(self, uploads: Path, upload_id: str) -> None:
        """Raises UploadNotFound for what is no id: it never reaches the file system."""
        if not is_upload_id(upload_id):
            raise UploadNotFound(upload_id)
        self.id = upload_id
        self.folder = uploads / (upload_id + UPLOAD)
        self.bytes = self.folder / _BYTES

    def begin(self, about: About) -> None:
        """Make the folder and what is in it, durably. Raises NoRoom."""
        with disk.full_disk_as_no_room():
            self.folder.mkdir(disk.PRIVATE_FOLDER, parents=True)
            os.close(disk.create(self.bytes))
            self._write(_ABOUT, about)
            disk.sync_folder(self.folder.parent)

    def about(self) -> About:
        """Read what was announced. Raises UploadNotFound."""
        try:
            return msgspec.json.decode((self.folder / _ABOUT).read_bytes(), type=About)
        except (FileNotFoundError, msgspec.MsgspecError):
            raise UploadNotFound(self.id) from None

    def outcome(self) -> Outcome | None:
        """Read what became of it; None while nothing has."""
        try:
            return msgspec.json.decode((self.folder / _OUTCOME).read_bytes(), type=Outcome)
        except FileNotFoundError:
            return None

    def offset(self) -> int:
        """How many bytes have come. Raises UploadNotFound."""
        about = self.about()
        try:
            return self.bytes.lstat().st_size
        except FileNotFoundError:
            if self.outcome() is not None:
                return about.length
            raise UploadNotFound(self.id) from None

    def changed_at(self) -> datetime:
        """When anything of it was written last; now, if it has just been given up."""
        try:
            latest = max(entry.lstat().st_mtime for entry in (self.folder, *self.folder.iterdir()))
        except FileNotFoundError:
            return datetime.now(UTC)
        return datetime.fromtimestamp(latest, UTC)

    def look(self) -> Look:
        """Tell how it stands; who writes it is not disturbed. Raises UploadNotFound."""
        about, outcome = self.about(), self.outcome()
        return Look(
            name=clean_name(about.name),
            sent=self.offset(),
            length=about.length,
            changed_at=self.changed_at(),
            outcome=outcome,
        )

    def append(self, data: bytes, *, length: int, free_disk_floor_bytes: int) -> None:
        """Add bytes at the end, no more than `length` in all. Raises TooManyBytes, NoRoom, UploadNotFound."""
        try:
            fd = os.open(self.bytes, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            raise UploadNotFound(self.id) from None
        try:
            if os.fstat(fd).st_size + len(data) > length:
                raise TooManyBytes(length)
            check_room(self.folder, len(data), free_disk_floor_bytes)
            with disk.full_disk_as_no_room():
                disk.write_all(fd, data)
        finally:
            os.close(fd)

    def sync(self) -> None:
        """Bring all bytes to the disk."""
        with disk.full_disk_as_no_room():
            disk.sync_file(self.bytes)

    def settle(self, outcome: Outcome) -> None:
        """Note what became of it, durably, and let the bytes go."""
        with disk.full_disk_as_no_room():
            self._write(_OUTCOME, outcome)
        self.bytes.unlink()

    def discard(self) -> None:
        """Remove it, whatever there is of it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _write(self, name: str, value: Struct) -> None:
        """Make a file that is whole or not there, durably."""
        half = self.folder / f"{secrets.token_hex(8)}.tmp"
        disk.write_file(half, msgspec.json.encode(value))
        half.rename(self.folder / name)
        disk.sync_folder(self.folder)


def is_upload_id(text: str) -> bool:
    """Whether the text has the shape of an id of an upload; no id of a video has it."""
    return _ID.fullmatch(text) is not None


def new_upload_id() -> str:
    """Make an id that nobody can guess."""
    return secrets.token_hex(16)


def check_room(folder: Path, more_bytes: int, floor: int) -> None:
    """Raises NoRoom when less than `floor` bytes of the disk would stay free."""
    if shutil.disk_usage(folder).free - more_bytes < floor:
        raise NoRoom
