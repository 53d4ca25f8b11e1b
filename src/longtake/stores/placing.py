"""How a job file gets to its place with one flush of the disk instead of two.

It is written in `placing/` and synced there, which on file systems of which we know it makes its first name durable as
well; then it moves to its place, which is not synced. After a power cut the file is at its place, or still in
`placing/`, and the first process that looks at the folder moves it. On other file systems the folder is synced instead.
"""

from __future__ import annotations

import logging
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from longtake.job import Count
from longtake.lock import waiting_lock
from longtake.stores import atomic, boot, subfolders, trouble
from longtake.stores.file_systems import file_system_of
from longtake.stores.quarantine import Quarantine
from longtake.stores.reading import NotAPlainFile, read_plain_file

log = logging.getLogger("longtake")

_TRIED = frozenset({"ext4", "tmpfs"})
"""File systems on which power cuts were tried (`python3 dev torture power`); in memory nothing survives one anyway."""


class Placing:
    """The folder of files on the way to their place."""

    def __init__(self, jobs: Path) -> None:
        self._jobs = jobs
        self._folder = jobs / "placing"
        self._quarantine = Quarantine(jobs / "quarantine")
        self._stamp = ""
        self._is_settled = False

    def prepare(self) -> None:
        """Choose how files are written; the folder of jobs is there."""
        stamp = boot.boot_id()[:8]
        if stamp and file_system_of(self._jobs) in _TRIED:
            subfolders.make(self._folder)
            self._stamp = stamp

    def create(self, path: Path, data: bytes) -> os.stat_result:
        """Make a new file, durably; never replaces one (FileExistsError). On any other error there is none."""
        if not self._stamp:
            return atomic.create(path, data)
        name, stat = self._written(path, data)
        atomic.move_to_free_place(name, path)
        return stat

    def replace(self, path: Path, data: bytes, *, durable: bool) -> os.stat_result:
        """Put new contents in the place of a file's old ones; either survives a power cut whole."""
        if not self._stamp:
            return atomic.replace(path, data, durable=durable, data_first=True)
        name, stat = self._written(path, data)
        try:
            os.replace(name, path)
        except OSError:
            atomic.unlink_if_possible(name)
            raise
        return stat

    def forget(self) -> None:
        """Make sure that no file which was moved to its place comes back here."""
        if self._folder.exists():
            atomic.sync_folder(self._folder)

    def settle(self) -> None:
        """Bring what an earlier start of the computer left here to its place, once."""
        if self._is_settled:
            return
        if self._left_behind():
            with waiting_lock(self._folder / "lock"):
                for path in self._left_behind():
                    self._settle_one(path)
                atomic.sync_folder(self._jobs)
        self._is_settled = True

    def leftovers(self) -> list[Path]:
        """What lies here, of living processes and dead ones."""
        try:
            with trouble.reading(self._folder):
                return [self._folder / name for name in os.listdir(self._folder) if name != "lock"]
        except FileNotFoundError:
            return []

    def _left_behind(self) -> list[Path]:
        stamp = boot.boot_id()[:8]
        return [path for path in self.leftovers() if stamp and path.name.split(".")[1:2] != [stamp]]

    def _settle_one(self, path: Path) -> None:
        """A file that is whole and newer than the one at its place was acknowledged, or about to be."""
        job_id = path.name.partition(".")[0]
        place = self._jobs / f"{job_id}.json"
        found, there = _revision_in(path, job_id), _revision_in(place, job_id)
        if found is None or (there is not None and there >= found):
            path.unlink(missing_ok=True)
            return
        log.info("Job %s was on its way to its place when the computer stopped", job_id)
        if there is None and place.exists():
            self._quarantine.keep(place, "damaged; a newer version was kept", datetime.now(UTC))
        os.replace(path, place)

    def _written(self, path: Path, data: bytes) -> tuple[str, os.stat_result]:
        name = str(self._folder / f"{path.stem}.{self._stamp}.{secrets.token_hex(6)}")
        return name, atomic.write_new(name, data, atomic.sync_new)


class _Head(Struct, frozen=True):
    """What is the same in the job files of all versions."""

    id: str
    revision: Count


def _revision_in(path: Path, job_id: str) -> int | None:
    """The revision of the job in a file; None for a file that is missing or not whole."""
    try:
        head = msgspec.json.decode(read_plain_file(path), type=_Head)
    except (FileNotFoundError, NotAPlainFile, ValueError, RecursionError):
        return None
    return head.revision if head.id == job_id else None
