"""Reading files that may not be what they should be: never through a link, never waiting for a pipe."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


class NotAPlainFile(ValueError):
    """There is something else at the path: a symbolic link, a folder, a pipe or a device."""


def read_plain_file(path: Path, limit: int = -1) -> bytes:
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
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise NotAPlainFile("it is not a file")
        with open(fd, "rb", closefd=False) as file:
            return file.read(limit)
    finally:
        os.close(fd)
