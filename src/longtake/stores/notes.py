"""Small JSON files for which damage is as good as absence: live values and the worker's notes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from longtake.stores import atomic, subfolders, trouble
from longtake.stores.reading import NotAPlainFile, read_plain_file


def write(path: Path, value: Any, *, durable: bool) -> None:
    """Put a value in the place of the old one. Raises StorageProblem."""
    with trouble.writing(path):
        subfolders.make(path.parent)
        atomic.replace(path, msgspec.json.encode(value), durable=durable)


def read(path: Path) -> Any:
    """The value; None when there is none that can be read. Raises StorageProblem."""
    try:
        with trouble.reading(path):
            return msgspec.json.decode(read_plain_file(path))
    except (FileNotFoundError, NotAPlainFile, msgspec.MsgspecError, RecursionError):
        return None


def remove(path: Path) -> None:
    """Take the value away. Raises StorageProblem."""
    with trouble.writing(path):
        path.unlink(missing_ok=True)
