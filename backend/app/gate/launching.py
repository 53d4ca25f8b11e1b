"""One-time links that let a browser in where a token is set.

A code is an empty file named by the code's hash, in a folder that only its owner can write to. So whoever may read the
data folder can make a link while the server runs, and nobody else; no secret is on the disk.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from pathlib import Path

GOOD_FOR_SECONDS = 3600.0
_CODE_BYTES = 32
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600


class LaunchCodes:
    """The codes of one data folder; over processes and restarts, each good once and for an hour."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def issue(self) -> str:
        """Make a code for the link `/?launch=CODE`."""
        code = secrets.token_urlsafe(_CODE_BYTES)
        self._folder.mkdir(_PRIVATE_FOLDER, parents=True, exist_ok=True)
        for old in self._folder.iterdir():
            if not _is_fresh(old):
                old.unlink(missing_ok=True)
        os.close(os.open(self._file(code.encode()), os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE))
        return code

    def spend(self, code: bytes) -> bool:
        """Use up a code; False if it never was one, is spent, or too old."""
        file = self._file(code)
        is_fresh = _is_fresh(file)
        try:
            file.unlink()
        except OSError:
            return False
        return is_fresh

    def _file(self, code: bytes) -> Path:
        return self._folder / hashlib.sha256(code).hexdigest()


def _is_fresh(file: Path) -> bool:
    try:
        age = time.time() - file.lstat().st_mtime
    except OSError:
        return False
    return 0 <= age <= GOOD_FOR_SECONDS
