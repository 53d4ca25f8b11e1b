"""Files that are on the disk before anybody is told, and readable by their owner only."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.videos.errors import NoRoom

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def create(path: Path) -> int:
    """Open a new file for writing; never one that is there, nor through a link."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE)


def write_all(fd: int, data: bytes) -> None:
    """Write every byte: one write may take only a part."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def write_file(path: Path, data: bytes) -> None:
    """Make a new file, durably but for its name."""
    fd = create(path)
    try:
        write_all(fd, data)
        sync_data(fd)
    finally:
        os.close(fd)


def sync_file(path: Path) -> None:
    """Bring a file that another process wrote to the disk, and make it private."""
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fchmod(fd, PRIVATE_FILE)
        sync_data(fd)
    finally:
        os.close(fd)


def sync_data(fd: int) -> None:
    """Bring a file's contents to the disk itself, through the drive's own cache where the system can."""
    if sys.platform == "darwin":
        import fcntl  # noqa: PLC0415 (only there)

        fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
    else:
        os.fsync(fd)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@contextmanager
def full_disk_as_no_room() -> Iterator[None]:
    """Turn the system's word for a full disk or a used-up quota into NoRoom."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NoRoom from error
        raise
