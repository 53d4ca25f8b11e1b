"""Folders of ours, made when they are needed."""

from __future__ import annotations

import os
from pathlib import Path

from longtake.errors import StorageRefused


def make(folder: Path, *, parents: bool = False) -> None:
    """Make a folder unless it is there. Raises StorageRefused where something else is in its place."""
    try:
        folder.mkdir(mode=0o700, parents=parents, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        blocking = next(place for place in (folder, *folder.parents) if os.path.lexists(place))
        raise StorageRefused(f"{blocking} is no folder: move it away, or choose another one for the jobs.") from error
