"""What the machine can do at best: the ceilings that the figures are read against."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from longtake.codec import decode_job, encode_job
from longtake.ids import new_id
from longtake.job import Job, summarise
from longtake.stores.index import Index
from longtake.stores.rows import stat_of

SECONDS = 0.4
LINE = b"x" * 199 + b"\n"
DOCUMENT = json.dumps({"id": "x" * 26, "args": "y" * 950}).encode()


def raw_limits(folder: Path) -> dict[str, float]:
    """Operations a second of each primitive."""
    return {
        "new JSON file: write, fsync, rename, fsync of the folder": _rate(_NewFile(folder)),
        "the same file from 4 threads": _rate(_NewFile(folder), threads=4),
        "append 200 bytes, fdatasync": _rate(_Append(folder)),
        "SQLite insert and commit, WAL, synchronous full": _rate(_Insert(folder)),
        "a job as we keep it: file synced in `placing/`, moved, put into the index": _rate(_Kept(folder / "files")),
        "the same from 4 threads": _rate(_Kept(folder / "files4"), threads=4),
        "a job with a log: line synced, file unsynced, moved, put into the index": _rate(_Logged(folder / "logged")),
        "the same with a log from 4 threads": _rate(_Logged(folder / "logged4"), threads=4),
        "the end of a job as we keep it: file read, replaced, put into the index": _rate(_Ended(folder / "ended")),
        "replace a JSON file: write, fsync, rename": _rate(_Replace(folder, sync=True)),
        "replace a JSON file without fsync": _rate(_Replace(folder, sync=False)),
    }


class _Kept:
    """What submitting does to the disk, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "placing").mkdir(parents=True)
        self._index = Index(folder / "run" / "index.sqlite", tuple)

    def __call__(self, number: int) -> None:
        self._keep(synced=True)

    def _keep(self, *, synced: bool) -> None:
        now = datetime.now(UTC)
        job = Job(id=new_id(now), kind="nothing", args={"token": "limit", "number": 0}, created_at=now)
        name, place = self._folder / "placing" / job.id, self._folder / f"{job.id}.json"
        _write(name, encode_job(job), sync=synced)
        os.link(name, place)
        os.unlink(name)
        self._index.put(summarise(job), stat_of(place))


class _Ended(_Kept):
    """What running a job that does nothing does to the disk, and nothing else."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        now = datetime.now(UTC)
        self._job = Job(id=new_id(now), kind="nothing", args={"token": "limit", "number": 0}, created_at=now)
        (folder / f"{self._job.id}.json").write_bytes(encode_job(self._job))

    def __call__(self, number: int) -> None:
        job, name = self._job, self._folder / "placing" / self._job.id
        place = self._folder / f"{job.id}.json"
        ended = replace(decode_job(place.read_bytes(), job.id), revision=number + 2)
        _write(name, encode_job(ended), sync=True)
        os.rename(name, place)
        self._index.put(summarise(ended), stat_of(place))


class _Logged(_Kept):
    """What submitting would do to it with a log that is synced instead of the file."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._append = _Append(folder)

    def __call__(self, number: int) -> None:
        self._append(number)
        self._keep(synced=False)


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
