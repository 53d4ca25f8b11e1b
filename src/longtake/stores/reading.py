"""Reading files that may not be what they should be: never through a link, never waiting for a pipe."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

_PORTION = 1 << 20


class NotAPlainFile(ValueError):
    """There is something else at the path: a symbolic link, a folder, a pipe or a device."""


def read_plain_file(path: Path | str, limit: int = -1) -> bytes:
    """The file's first `limit` bytes, or all of them.

    Raises:
        FileNotFoundError: there is none. NotAPlainFile: it is no file. OSError: the disk did not give it.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENXIO}:
            raise NotAPlainFile("it is a link or a socket, not a file") from error
        raise
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise NotAPlainFile("it is not a file")
        return _read(fd, sys.maxsize if limit < 0 else limit, status.st_size)
    finally:
        os.close(fd)


def _read(fd: int, limit: int, size: int) -> bytes:
    """In as few calls as possible: the size may be out of date, and it is only the end that tells the end."""
    data = os.read(fd, min(limit, size + 1))
    parts = [data]
    limit -= len(data)
    while limit and (data := os.read(fd, min(limit, _PORTION))):
        parts.append(data)
        limit -= len(data)
    return b"".join(parts)
