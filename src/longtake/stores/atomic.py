"""The commit protocol: a file is old or new, never in between, and on the disk before anybody is told.

Temp file in the same folder, write all, fsync, rename (or link, for a new file), fsync the folder. A failed fsync is
never tried again on the same file: the kernel may have dropped the data already (USENIX ATC 2020, "Can Applications
Recover from fsync Failures?").
"""

from __future__ import annotations

import errno
import itertools
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from longtake.errors import StorageProblem

_counter = itertools.count()
_HELP = {
    errno.ENOSPC: "The disk is full: make room, and it goes on.",
    errno.EDQUOT: "Your disk quota is used up: make room, and it goes on.",
    errno.EROFS: "The file system is read-only: mount it writable.",
    errno.EACCES: "No permission: check who owns the folder.",
    errno.EMFILE: "Too many open files: raise the limit (ulimit -n).",
    errno.ENFILE: "Too many open files on this computer.",
}


def create(path: Path, data: bytes) -> os.stat_result:
    """Make a new file, durably; never replaces one (FileExistsError)."""
    with _temporary(path, data, durable=True) as (temporary, stat):
        os.link(temporary, path)
    sync_folder(path.parent)
    return stat


def replace(path: Path, data: bytes, *, durable: bool) -> os.stat_result:
    """Put new contents in the place of a file's old ones."""
    with _temporary(path, data, durable=durable) as (temporary, stat):
        os.replace(temporary, path)
    if durable:
        sync_folder(path.parent)
    return stat


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


def write_all(fd: int, data: bytes) -> None:
    """Write every byte: one write may take only a part."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


@contextmanager
def storage_problems(path: Path) -> Iterator[None]:
    """Turn an OSError of the disk into a StorageProblem that says what to do."""
    try:
        yield
    except (FileExistsError, FileNotFoundError, StorageProblem):
        raise
    except OSError as error:
        advice = _HELP.get(error.errno or 0, "Check the disk.")
        raise StorageProblem(error.errno, f"{path.name} could not be written ({error.strerror}). {advice}") from error


@contextmanager
def _temporary(path: Path, data: bytes, *, durable: bool) -> Iterator[tuple[str, os.stat_result]]:
    """A new file beside `path` with the data in it; gone afterwards, unless it was renamed."""
    name = str(path.parent / f".{path.name}.{os.getpid()}.{next(_counter)}.tmp")
    fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            write_all(fd, data)
            if durable:
                sync_data(fd)
            stat = os.fstat(fd)
        finally:
            os.close(fd)
        yield name, stat
    finally:
        Path(name).unlink(missing_ok=True)
