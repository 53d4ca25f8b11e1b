"""A disk that remembers: one file served by FUSE, whose writes and flushes are logged.

`python -m benchmarks.torture.recorder IMAGE LOG MOUNTPOINT` serves a copy of IMAGE as MOUNTPOINT/disk until that is
unmounted.
"""

from __future__ import annotations

import errno
import stat
import sys
from pathlib import Path

import mfusepy  # type: ignore[import-untyped, import-not-found, unused-ignore]

from benchmarks.torture.block_log import LogWriter


class Disk(mfusepy.Operations):  # type: ignore[misc, unused-ignore]
    """What the kernel may do with the one file."""

    use_ns = True

    def __init__(self, image: Path, log: Path) -> None:
        self._data = bytearray(image.read_bytes())
        self._log = LogWriter(log)

    def getattr(self, path: str, _fh: int | None = None) -> dict[str, int]:
        """Size and mode."""
        if path == "/":
            return {"st_mode": stat.S_IFDIR | 0o700, "st_nlink": 2}
        if path != "/disk":
            raise mfusepy.FuseOSError(errno.ENOENT)
        return {"st_mode": stat.S_IFREG | 0o600, "st_nlink": 1, "st_size": len(self._data)}

    def open(self, _path: str, _flags: int) -> int:
        """Any number of times."""
        return 0

    def read(self, _path: str, size: int, offset: int, _fh: int) -> bytes:
        """As on any disk."""
        return bytes(self._data[offset : offset + size])

    def write(self, _path: str, data: bytes, offset: int, _fh: int) -> int:
        """Noted, and not on the disk before the next flush."""
        self._log.write(offset, data)
        self._data[offset : offset + len(data)] = data
        return len(data)

    def fsync(self, _path: str, _datasync: int, _fh: int) -> int:
        """A flush."""
        self._log.flush()
        return 0


if __name__ == "__main__":
    mfusepy.FUSE(Disk(Path(sys.argv[1]), Path(sys.argv[2])), sys.argv[3], foreground=True, nothreads=True)
