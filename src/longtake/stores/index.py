"""The index: a disposable SQLite cache for lists, filters, counts and changes; the job files are the truth.

It may be deleted at any time and is rebuilt from the files. Plain SQL, so that SQLite 3.37 can run it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from longtake.job import JobStatus, JobSummary
from longtake.store import Changes, Filter, Page

_VERSION = 2
_SCHEMA = """
create table jobs (
    id text primary key, revision integer, status text, kind text, tags text, words text, finished real, keep integer,
    mtime integer, size integer, position integer, summary blob
) without rowid;
create index jobs_by_status on jobs (status, id);
create index jobs_by_kind on jobs (kind, id);
create index jobs_by_position on jobs (position);
create table gone (id text primary key, position integer);
create table counts (status text primary key, jobs integer);
create table meta (name text primary key, value);
create trigger job_added after insert on jobs begin
    insert into counts values (new.status, 1) on conflict (status) do update set jobs = jobs + 1;
end;
create trigger job_removed after delete on jobs begin
    update counts set jobs = jobs - 1 where status = old.status;
end;
create trigger job_moved after update of status on jobs when old.status <> new.status begin
    update counts set jobs = jobs - 1 where status = old.status;
    insert into counts values (new.status, 1) on conflict (status) do update set jobs = jobs + 1;
end;
"""
_PUT = """
insert into jobs values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (id) do update set revision = excluded.revision, status = excluded.status, kind = excluded.kind,
    tags = excluded.tags, words = excluded.words, finished = excluded.finished, keep = excluded.keep,
    mtime = excluded.mtime, size = excluded.size, position = excluded.position, summary = excluded.summary
where excluded.revision >= jobs.revision
"""
_KEPT_GONE = 1000
_BETWEEN = "\x1f"
"""Parts tags; the sign that ASCII has for it."""

Known = tuple[int, int]
"""Time of last change (ns) and size of a job file when it was put into the index."""


class Index:
    """Opened when first used; any trouble with the file ends in a rebuild, never in an error for the caller."""

    def __init__(self, path: Path, all_jobs: Callable[[], Iterable[tuple[JobSummary, Known]]]) -> None:
        self._path = path
        self._all_jobs = all_jobs
        self._lock = threading.Lock()
        self._open: sqlite3.Connection | None = None
        self._inode = 0

    def put(self, job: JobSummary, known: Known) -> None:
        """Note a job as just committed; an older revision never replaces a newer one."""
        with self._database() as db, db:
            self._put(db, job, known)

    def remove(self, job_id: str) -> None:
        """Note that a job is gone."""
        with self._database() as db, db:
            position = _next_position(db)
            db.execute("delete from jobs where id = ?", (job_id,))
            db.execute("insert or replace into gone values (?, ?)", (job_id, position))
            db.execute("delete from gone where position < ?", (position - _KEPT_GONE,))

    def find(self, where: Filter, limit: int, after: str | None) -> Page:
        """A page, newest first."""
        conditions, values = _conditions(where)
        if after is not None:
            conditions, values = [*conditions, "id < ?"], [*values, after]
        clause = f"where {' and '.join(conditions)}" if conditions else ""
        query = f"select id, summary from jobs {clause} order by id desc limit ?"  # noqa: S608 (parts are ours)
        with self._database() as db:
            rows = db.execute(query, (*values, limit + 1)).fetchall()
        more = len(rows) > limit
        return Page([_summary(row[1]) for row in rows[:limit]], rows[limit - 1][0] if more else None)

    def counts(self) -> dict[JobStatus, int]:
        """Jobs of each status."""
        with self._database() as db:
            rows = dict(db.execute("select status, jobs from counts").fetchall())
        return {status: rows.get(status.value, 0) for status in JobStatus}

    def changes(self, since: int) -> Changes:
        """What came after a position."""
        with self._database() as db:
            position = _position(db)
            if since < 0 or since == position:
                return Changes(position, [], [])
            rows = db.execute("select summary from jobs where position > ? order by position", (since,)).fetchall()
            gone = db.execute("select id from gone where position > ?", (since,)).fetchall()
        return Changes(position, [_summary(row[0]) for row in rows], [row[0] for row in gone])

    def known(self) -> dict[str, Known]:
        """What the index knows of each file."""
        with self._database() as db:
            return {row[0]: (row[1], row[2]) for row in db.execute("select id, mtime, size from jobs")}

    def active(self) -> list[str]:
        """Ids of pending and running jobs, oldest first."""
        with self._database() as db:
            rows = db.execute("select id from jobs where status in ('pending', 'running') order by id").fetchall()
        return [row[0] for row in rows]

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._close()

    @contextlib.contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connection()
            except sqlite3.DatabaseError:
                self._close()
                self._path.unlink(missing_ok=True)
                raise

    def _connection(self) -> sqlite3.Connection:
        if self._open is not None and self._is_current():
            return self._open
        self._close()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self._open = self._opened()
        except sqlite3.DatabaseError:
            self._close()
            self._path.unlink(missing_ok=True)
            self._open = self._opened()
        self._inode = self._path.stat().st_ino
        return self._open

    def _is_current(self) -> bool:
        try:
            return self._path.stat().st_ino == self._inode
        except FileNotFoundError:
            return False

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=30, check_same_thread=False)
        self._open = db
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = off" if _boot_id() else "pragma synchronous = normal")
        if not _is_complete(db):
            self._rebuild(db)
        return db

    def _rebuild(self, db: sqlite3.Connection) -> None:
        db.execute("begin immediate")
        if _is_complete(db):  # another process was faster
            db.rollback()
            return
        old = db.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (name,) in old:
            db.execute(f"drop table {name}")
        for statement in _statements(_SCHEMA):
            db.execute(statement)
        db.execute("insert into meta values ('position', 0)")
        for job, known in self._all_jobs():
            self._put(db, job, known)
        db.execute("insert into meta values ('complete', ?)", (f"{_VERSION} {_boot_id()}",))
        db.commit()

    def _put(self, db: sqlite3.Connection, job: JobSummary, known: Known) -> None:
        words = " ".join((job.id, job.kind, job.title, job.progress_message, job.error or "")).casefold()
        finished = job.finished_at.timestamp() if job.finished_at else None
        tags = f"{_BETWEEN}{_BETWEEN.join(job.tags)}{_BETWEEN}"
        summary = msgspec.json.encode(job)
        row = (job.id, job.revision, job.status.value, job.kind, tags, words, finished, job.keep, *known)
        db.execute(_PUT, (*row, _next_position(db), summary))

    def _close(self) -> None:
        if self._open is not None:
            with contextlib.suppress(sqlite3.Error):
                self._open.close()
            self._open = None


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.strip().splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _conditions(where: Filter) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    if where.status:
        conditions.append(f"status in ({', '.join('?' * len(where.status))})")
        values += [status.value for status in where.status]
    if where.kind:
        conditions.append("kind = ?")
        values.append(where.kind)
    if where.tag:
        conditions.append("instr(tags, ?) > 0")
        values.append(f"{_BETWEEN}{where.tag}{_BETWEEN}")
    if where.text:
        conditions.append("instr(words, ?) > 0")
        values.append(where.text.casefold())
    if where.keep is not None:
        conditions.append("keep = ?")
        values.append(where.keep)
    if where.finished_before:
        conditions.append("finished < ?")
        values.append(where.finished_before.timestamp())
    return conditions, values


def _is_complete(db: sqlite3.Connection) -> bool:
    if not db.execute("select 1 from sqlite_master where name = 'meta'").fetchone():
        return False
    row = db.execute("select value from meta where name = 'complete'").fetchone()
    return row is not None and row[0] == f"{_VERSION} {_boot_id()}"


def _position(db: sqlite3.Connection) -> int:
    return int(db.execute("select value from meta where name = 'position'").fetchone()[0])


def _next_position(db: sqlite3.Connection) -> int:
    db.execute("update meta set value = value + 1 where name = 'position'")
    return _position(db)


def _summary(data: bytes) -> JobSummary:
    return msgspec.json.decode(data, type=JobSummary)


def _boot_id() -> str:
    """Changes when the computer starts: an unsynced index of an earlier start is not believed."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return ""


def stat_of(path: str | os.PathLike[str]) -> Known:
    """What the index keeps of a file's state."""
    stat = os.stat(path)
    return stat.st_mtime_ns, stat.st_size
