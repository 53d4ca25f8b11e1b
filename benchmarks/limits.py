"""What the machine can do at best: the ceilings that the figures are read against."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

SECONDS = 0.4
LINE = b"x" * 199 + b"\n"
DOCUMENT = json.dumps({"id": "x" * 26, "args": "y" * 950}).encode()


def raw_limits(folder: Path) -> dict[str, float]:
    """Operations a second of each primitive."""
    return {
        "new JSON file: write, fsync, rename, fsync of the folder": _rate(_NewFile(folder)),
        "the same from 4 threads": _rate(_NewFile(folder), threads=4),
        "replace a JSON file: write, fsync, rename": _rate(_Replace(folder, sync=True)),
        "replace a JSON file without fsync": _rate(_Replace(folder, sync=False)),
        "append 200 bytes, fdatasync": _rate(_Append(folder)),
        "SQLite insert and commit, WAL, synchronous full": _rate(_Insert(folder)),
    }


class _NewFile:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, number: int) -> None:
        path = self._folder / f"{threading.get_ident()}-{number}.json"
        _write(path.with_suffix(".new"), DOCUMENT, sync=True)
        os.rename(path.with_suffix(".new"), path)
        fd = os.open(self._folder, os.O_RDONLY)
        os.fsync(fd)
        os.close(fd)


class _Replace:
    def __init__(self, folder: Path, *, sync: bool) -> None:
        self._path = folder / f"replaced-{sync}.json"
        self._sync = sync

    def __call__(self, number: int) -> None:
        _write(self._path.with_suffix(".new"), DOCUMENT, sync=self._sync)
        os.rename(self._path.with_suffix(".new"), self._path)


class _Append:
    def __init__(self, folder: Path) -> None:
        self._fd = os.open(folder / "journal", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def __call__(self, number: int) -> None:
        os.write(self._fd, LINE)
        sync = getattr(os, "fdatasync", os.fsync)
        sync(self._fd)


class _Insert:
    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / "limit.sqlite", isolation_level=None)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = full")
        self._db.execute("create table jobs (id integer primary key, job blob)")

    def __call__(self, number: int) -> None:
        self._db.execute("insert into jobs (job) values (?)", (DOCUMENT,))


def _rate(act: Callable[[int], None], *, threads: int = 1) -> float:
    counts: list[int] = []

    def repeat() -> None:
        until = time.perf_counter() + SECONDS
        number = 0
        while time.perf_counter() < until:
            act(number)
            number += 1
        counts.append(number)

    if threads == 1:
        repeat()
    else:
        workers = [threading.Thread(target=repeat) for _ in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    return sum(counts) / SECONDS


def _write(path: Path, data: bytes, *, sync: bool) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(fd, data)
        if sync:
            os.fsync(fd)
    finally:
        os.close(fd)
