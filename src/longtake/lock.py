"""A lock that dies with its process: flock, which the kernel frees at death and keeps through sleep."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FileLock:
    """An exclusive lock on a file that is never deleted."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None

    def acquire(self) -> bool:
        """Take the lock if it is free; does not wait."""
        if self._fd is not None:
            return True
        fd = _open(self._path)
        if not _try(fd, fcntl.LOCK_EX):
            os.close(fd)
            return False
        self._fd = fd
        return True

    def release(self) -> None:
        """Free the lock."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def is_held(self) -> bool:
        """Whether any process, this one included, holds the lock."""
        if self._fd is not None:
            return True
        if not self._path.exists():
            return False
        fd = _open(self._path)
        try:
            return not _try(fd, fcntl.LOCK_SH)
        finally:
            os.close(fd)

    def is_shared(self) -> bool:
        """Whether any process holds the lock in any way."""
        fd = _open(self._path)
        try:
            return not _try(fd, fcntl.LOCK_EX)
        finally:
            os.close(fd)

    def is_intact(self) -> bool:
        """Whether the file that is locked is still the one at the path."""
        if self._fd is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._fd), os.stat(self._path, follow_symlinks=False))
        except FileNotFoundError:
            return False


@contextmanager
def waiting_lock(path: Path) -> Iterator[None]:
    """Hold a lock while inside, waiting until no other process, and no other thread, does."""
    fd = _open(path)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


class SharedLock:
    """A lock that many processes hold together, to say that they are there."""

    def __init__(self, path: Path) -> None:
        self._fd = _open(path)
        fcntl.flock(self._fd, fcntl.LOCK_SH)

    def release(self) -> None:
        """Say that this process is there no more."""
        os.close(self._fd)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _try(fd: int, how: int) -> bool:
    try:
        fcntl.flock(fd, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
