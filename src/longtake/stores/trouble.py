"""The disk's own errors, turned into a StorageProblem that says what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from longtake.errors import StorageProblem

_ADVICE = {
    errno.ENOENT: "The folder is gone: was it deleted or unmounted?",
    errno.ENOSPC: "The disk is full: make room, and it goes on.",
    errno.EDQUOT: "Your disk quota is used up: make room, and it goes on.",
    errno.EROFS: "The file system is read-only: mount it writable.",
    errno.EACCES: "No permission: check who owns the folder.",
    errno.EPERM: "No permission: check who owns the folder.",
    errno.ENOTDIR: "Something that is no folder is in its way: move it away.",
    errno.EISDIR: "A folder is in its way: move it away.",
    errno.EMFILE: "Too many open files: raise the limit (ulimit -n).",
    errno.ENFILE: "Too many open files on this computer.",
}


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """For changes on disk; lets FileExistsError through."""
    try:
        yield
    except (FileExistsError, StorageProblem):
        raise
    except OSError as error:
        raise _problem(error, path, "written") from error


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """For reads; lets FileNotFoundError through."""
    try:
        yield
    except (FileNotFoundError, StorageProblem):
        raise
    except OSError as error:
        raise _problem(error, path, "read") from error


def _problem(error: OSError, path: Path, what: str) -> StorageProblem:
    advice = _ADVICE.get(error.errno or 0, "Check the disk.")
    return StorageProblem(error.errno, f"{path.name} could not be {what} ({error.strerror or error}). {advice}")
