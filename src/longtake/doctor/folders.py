"""Folders, the disk that they are on, and what its file system can do."""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from longtake.doctor.check import Check
from longtake.stores.file_systems import file_system_of, is_over_a_network

FEWEST_INODES = 1000
"""Files that can still be made: every job is one or two."""
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def look_at_folder(name: str, folder: Path) -> Check:
    """Whether a folder can be read and written, and whether others can write there too."""
    if not folder.exists():
        return Check(name=name, ok=True, detail=f"{folder} is made when it is first needed.")
    try:
        next(folder.iterdir(), None)
        with _file_in(folder):
            pass
    except OSError as error:
        remedy = f"Give yourself the rights to {folder}, free some room, or choose another folder."
        return Check(name=name, ok=False, detail=f"{folder} cannot be used: {error.strerror}.", fix=remedy)
    if folder.stat().st_mode & _OTHERS_WRITE:
        detail = f"Other users can write to {folder}: what they put there would be run as a job."
        return Check(name=name, ok=False, detail=detail, fix=f"chmod go-w {folder}")
    return Check(name=name, ok=True, detail=f"{folder} can be read and written.")


def look_at_file_system(folder: Path) -> Check:
    """Whether locks can be relied on where a folder is."""
    name, kind = "File system", file_system_of(folder)
    here = "Choose a folder on a disk of this computer."
    if kind is not None and is_over_a_network(kind):
        detail = f"{folder} is on another computer ({kind}): locks may not hold, and jobs may run twice."
        return Check(name=name, ok=False, detail=detail, fix=here)
    if folder.exists() and not _has_locks(folder):
        detail = f"{folder} is on {kind or 'a disk'} that has no locks: two workers could run the same job."
        return Check(name=name, ok=False, detail=detail, fix=here)
    return Check(name=name, ok=True, detail=f"{folder} is on {kind or 'a disk that was not looked at'}.")


def look_at_disk(folder: Path, floor: int) -> Check:
    """Whether so many bytes, and room for some files, are free where a folder is, or will be."""
    while not folder.exists():
        folder = folder.parent
    state = os.statvfs(folder)
    free = state.f_bavail * state.f_frsize
    is_short_of_files = state.f_files > 0 and state.f_favail < FEWEST_INODES  # some file systems do not count them
    detail = f"{_size(free)} are free, {_size(floor)} are needed."
    if is_short_of_files:
        detail += f" Only {state.f_favail} more files can be made."
    if free > floor and not is_short_of_files:
        return Check(name="Disk", ok=True, detail=detail)
    remedy = "Delete old jobs (longtake cleanup), or other files."
    return Check(name="Disk", ok=False, detail=detail, fix=remedy)


def _has_locks(folder: Path) -> bool:
    with _file_in(folder) as path, open(path, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


@contextmanager
def _file_in(folder: Path) -> Iterator[Path]:
    """A file that was really written; gone at the end, and swept up with other temporary files if not."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor.", suffix=".tmp") as file:
        file.write(b"x")
        file.flush()
        yield Path(file.name)


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"  # noqa: PLR2004 (a gigabyte)
