"""Which servers run on a data folder: one file each with its address, locked for as long as the server lives."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600
_SUFFIX = ".json"
_LONGEST = 4096
_log = logging.getLogger(__name__)


class Running(Struct, frozen=True, kw_only=True):
    """A server that runs."""

    address: str
    asks_for_token: bool
    started_at: float
    """Unix time."""


@contextmanager
def announced(folder: Path, server: Running) -> Iterator[None]:
    """Tell that this process is such a server, while inside; it serves all the same where that cannot be written."""
    file = folder / f"{os.getpid()}{_SUFFIX}"
    fd = None
    try:
        fd = _announce(file, server)
    except OSError as error:
        _log.warning("Other programs cannot learn of this server: %s", error)
    try:
        yield
    finally:
        if fd is not None:
            file.unlink(missing_ok=True)
            os.close(fd)


def _announce(file: Path, server: Running) -> int:
    """Write the file; returns the descriptor that holds its lock."""
    file.parent.mkdir(_PRIVATE_FOLDER, parents=True, exist_ok=True)
    half = file.with_suffix(".tmp")
    fd = os.open(half, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, _PRIVATE_FILE)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        os.write(fd, msgspec.json.encode(server))
        half.rename(file)
    except BaseException:
        os.close(fd)
        raise
    return fd


def running(folder: Path) -> list[Running]:
    """The servers that run, newest last; what dead ones left is removed."""
    found = [server for file in folder.glob(f"*{_SUFFIX}") if (server := _alive(file))]
    return sorted(found, key=lambda server: server.started_at)


def _alive(file: Path) -> Running | None:
    """What a file says whose server lives."""
    try:
        fd = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(fd)
    else:
        file.unlink(missing_ok=True)
        return None
    finally:
        os.close(fd)


def _read(fd: int) -> Running | None:
    try:
        return msgspec.json.decode(os.pread(fd, _LONGEST, 0), type=Running)
    except msgspec.MsgspecError:
        return None
