"""Idempotency keys: `keys/<hash of the key>` holds the id of the job that was submitted with it."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from longtake.ids import is_id
from longtake.stores import atomic, subfolders, trouble
from longtake.stores.reading import NotAPlainFile, read_plain_file

_LONGEST = 64


class Keys:
    """The folder of keys in use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def reserve(self, key: str, job_id: str) -> str:
        """Bind a key, durably, unless it is bound; returns the id it is bound to."""
        path = self._path(key)
        with trouble.writing(path):
            subfolders.make(self._folder)
            try:
                atomic.create(path, job_id.encode())
            except FileExistsError:
                if holder := _holder(path):
                    return holder
                atomic.replace(path, job_id.encode(), durable=True)
        return job_id

    def holder(self, key: str) -> str | None:
        """The id that a key is bound to; None if it is free, or its file damaged."""
        path = self._path(key)
        with trouble.reading(path):
            return _holder(path)

    def release(self, key: str) -> None:
        """Make a key free again."""
        path = self._path(key)
        with trouble.writing(path):
            path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _holder(path: Path) -> str | None:
    try:
        found = read_plain_file(path, _LONGEST).decode("ascii", "replace")
    except (FileNotFoundError, NotAPlainFile):
        return None
    return found if is_id(found) else None
