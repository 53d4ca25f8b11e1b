"""The commit protocol: a file is old or new, never in between, and on the disk before anybody is told.

Temp file in the same folder, write all, fsync, rename (or link, for a new file), fsync the folder. A failed fsync is
never tried again on the same file: the kernel may have dropped the data already (USENIX ATC 2020, "Can Applications
Recover from fsync Failures?").
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from longtake.lock import waiting_lock

TEMPORARY = ".tmp"
"""How the names of temporary files end; they begin with a dot."""
NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
"""What file systems without hard links say."""
_PLACING_LOCK = ".placing.lock"


def create(path: Path, data: bytes) -> os.stat_result:
    """Make a new file, durably; never replaces one (FileExistsError). On any other error there is none."""
    temporary, stat = _written(path, data, durable=True)
    move_to_free_place(temporary, path)
    try:
        sync_folder(path.parent)
    except OSError:
        unlink_if_possible(path)
        raise
    return stat


def replace(path: Path, data: bytes, *, durable: bool, data_first: bool = False) -> os.stat_result:
    """Put new contents in the place of a file's old ones.

    With `data_first` the contents reach the disk before the name does, also when the change itself need not be durable:
    else a power cut may leave an empty file where the old, durable one was.
    """
    temporary, stat = _written(path, data, durable=durable or data_first)
    try:
        os.replace(temporary, path)
    except OSError:
        unlink_if_possible(temporary)
        raise
    if durable:
        sync_folder(path.parent)
    return stat


def move_to_free_place(name: str, path: Path) -> None:
    """Give a file its place if that is free (FileExistsError); its old name goes in any case."""
    try:
        os.link(name, path)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        with waiting_lock(path.parent / _PLACING_LOCK):  # all who make new files here come this way
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from error
            os.rename(name, path)
    finally:
        unlink_if_possible(name)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sync_data(fd: int) -> None:
    """Bring a file's contents to the disk itself, through the drive's own cache where the system can."""
    if sys.platform == "darwin":
        import fcntl  # noqa: PLC0415 (only there)

        fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
    else:
        os.fdatasync(fd)


def sync_new(fd: int) -> None:
    """Bring a new file's contents to the disk itself and, on the file systems that do so, its name."""
    if sys.platform == "darwin":
        sync_data(fd)
    else:
        os.fsync(fd)


def write_all(fd: int, data: bytes) -> None:
    """Write every byte: one write may take only a part."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def write_new(name: str, data: bytes, sync: Callable[[int], None] | None) -> os.stat_result:
    """Make a file; on an error there is none."""
    fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            write_all(fd, data)
            if sync is not None:
                sync(fd)
            return os.fstat(fd)
        finally:
            os.close(fd)
    except BaseException:
        unlink_if_possible(name)
        raise


def unlink_if_possible(path: str | Path) -> None:
    """A temporary file that stays behind is swept up later: no reason to fail."""
    with contextlib.suppress(OSError):
        os.unlink(path)


def _written(path: Path, data: bytes, *, durable: bool) -> tuple[str, os.stat_result]:
    """A new file beside `path` with the data in it."""
    name = str(path.parent / f".{path.name}.{secrets.token_hex(6)}{TEMPORARY}")
    return name, write_new(name, data, sync_data if durable else None)
