"""Damaged files are set aside, byte for byte, with the reason beside them; never deleted, never written over."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from longtake.stores import atomic, subfolders


class Quarantine:
    """The folder of damaged files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, path: Path, reason: str, now: datetime) -> Path | None:
        """Move a file here; returns its new place, or None when it was gone already."""
        if not os.path.lexists(path):
            return None
        target = self._free_name(path.name, now)
        self.explain(target.name, reason, now)
        os.rename(path, target)
        atomic.sync_folder(self._folder)
        atomic.sync_folder(path.parent)
        return target

    def keep(self, path: Path, reason: str, now: datetime) -> None:
        """Keep a file here under a second name; replacing it at its own place leaves this one as it is."""
        target = self._free_name(path.name, now)
        self.explain(target.name, reason, now)
        try:
            os.link(path, target, follow_symlinks=False)
        except OSError as error:
            if error.errno not in atomic.NO_LINKS:
                raise
            os.rename(path, target)  # a folder has one name, and on some file systems every file
        atomic.sync_folder(self._folder)

    def explain(self, name: str, reason: str, now: datetime) -> None:
        """Leave a note about a file, whether or not it could be kept."""
        subfolders.make(self._folder)
        note = f"{name}\nset aside: {now.isoformat(timespec='seconds')}\nreason: {reason}\n"
        atomic.replace(self._folder / f"{name}.reason.txt", note.encode("utf-8", "replace"), durable=True)

    def _free_name(self, name: str, now: datetime) -> Path:
        stem = f"{name}.{now:%Y%m%dT%H%M%S}"
        target, number = self._folder / stem, 1
        while os.path.lexists(target):
            number += 1
            target = self._folder / f"{stem}-{number}"
        return target
