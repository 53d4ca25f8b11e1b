"""The index: a disposable SQLite cache for lists, filters, counts and changes; the job files are the truth.

It may be deleted at any time and is rebuilt from the files. Plain SQL, so that SQLite 3.37 can run it.
"""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from longtake.errors import StorageProblem
from longtake.job import JobStatus, JobSummary
from longtake.lock import waiting_lock
from longtake.store import Changes, Filter, Page
from longtake.stores import subfolders, tables, trouble
from longtake.stores.rows import Known, conditions_of, row_of, summary_in

_INSERT = "insert into jobs values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_PUT = """
insert into jobs values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (id) do update set revision = excluded.revision, status = excluded.status, kind = excluded.kind,
    tags = excluded.tags, about = excluded.about, words = excluded.words, finished = excluded.finished,
    keep = excluded.keep, mtime = excluded.mtime, size = excluded.size, position = excluded.position,
    summary = excluded.summary
where excluded.revision >= jobs.revision
"""
_KEPT_GONE = 1000
_PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_NOMEM}
"""Errors that say nothing against the file."""


@dataclass
class _Note:
    """What one thread has to note."""

    job: JobSummary
    known: Known
    is_taken: bool | None = None


class IndexTrouble(StorageProblem):
    """The index did not answer. A broken one is gone now and made anew by the next question."""


class Index:
    """Opened when first used; made anew when it is missing or broken."""

    def __init__(self, path: Path, all_jobs: Callable[[], Iterable[tuple[JobSummary, Known]]]) -> None:
        self._path = path
        self._all_jobs = all_jobs
        self._lock = threading.Lock()
        self._notes: list[_Note] = []
        self._open: sqlite3.Connection | None = None
        self._inode = 0

    def put(self, job: JobSummary, known: Known) -> bool:
        """Note a job as just committed; an older revision never replaces a newer one (then it returns False).

        What several threads note in the same moment is one transaction.
        """
        mine = _Note(job, known)
        self._notes.append(mine)
        try:
            with self._database() as db:
                if mine.is_taken is None:
                    self._take(db, [mine, *self._other_notes(mine)])
        finally:
            self._notes = self._other_notes(mine)
        return bool(mine.is_taken)

    def doubt(self, job_id: str) -> None:
        """Forget what the job's file was like."""
        with self._database() as db, db:
            db.execute("update jobs set mtime = 0, size = -1 where id = ?", (job_id,))

    def remove(self, job_id: str) -> None:
        """Note that a job is gone."""
        with self._database() as db, db:
            position = _next_position(db)
            db.execute("delete from jobs where id = ?", (job_id,))
            db.execute("insert or replace into gone values (?, ?)", (job_id, position))
            db.execute("delete from gone where position < ?", (position - _KEPT_GONE,))

    def find(self, where: Filter, limit: int, after: str | None) -> Page:
        """A page, newest first."""
        conditions, values = conditions_of(where)
        if after is not None:
            conditions, values = [*conditions, "id < ?"], [*values, after]
        clause = f"where {' and '.join(conditions)}" if conditions else ""
        query = f"select id, summary from jobs {clause} order by id desc limit ?"  # noqa: S608 (parts are ours)
        with self._database() as db:
            rows = db.execute(query, (*values, limit + 1)).fetchall()
        more = len(rows) > limit
        return Page([summary_in(row[1]) for row in rows[:limit]], rows[limit - 1][0] if more else None)

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
        return Changes(position, [summary_in(row[0]) for row in rows], [row[0] for row in gone])

    def arrivals(self, since: int) -> Changes:
        """The pending jobs that came or changed after a position, oldest first."""
        query = "select summary from jobs where position > ? and status = 'pending' order by id"
        with self._database() as db:
            position = _position(db)
            rows = db.execute(query, (since,)).fetchall() if since != position else []
        return Changes(position, [summary_in(row[0]) for row in rows], [])

    def known(self, after: str, limit: int) -> list[tuple[str, Known]]:
        """What the index knows of the files of so many jobs, in the order of their ids."""
        query = "select id, mtime, size from jobs where id > ? order by id limit ?"
        with self._database() as db:
            return [(row[0], (row[1], row[2])) for row in db.execute(query, (after, limit))]

    def unknown(self, job_ids: list[str]) -> list[str]:
        """Those of a few hundred jobs that the index does not have."""
        query = f"select id from jobs where id in ({', '.join('?' * len(job_ids))})"  # noqa: S608 (only marks)
        with self._database() as db:
            known = {row[0] for row in db.execute(query, job_ids)}
        return [job_id for job_id in job_ids if job_id not in known]

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
        with self._lock, trouble.writing(self._path):
            try:
                yield self._connection()
            except (sqlite3.DatabaseError, msgspec.MsgspecError) as error:
                inode = self._inode
                self._close()
                if _is_broken(error):
                    self._discard(inode)
                raise IndexTrouble(f"The index run/{self._path.name} could not be used: {error}.") from error

    def _connection(self) -> sqlite3.Connection:
        if self._open is not None and self._is_current():
            return self._open
        self._close()
        subfolders.make(self._path.parent)
        with waiting_lock(self._path.with_suffix(".lock")):
            self._clear_the_way()
            try:
                self._open = self._opened()
            except sqlite3.DatabaseError as error:
                if not _is_broken(error):
                    raise
                self._take_away()
                self._open = self._opened()
            self._inode = self._path.stat().st_ino
        return self._open

    def _clear_the_way(self) -> None:
        """Take away what an index that somebody deleted or emptied has left: SQLite would mix it with the new one."""
        if not self._path.exists() or not self._path.stat().st_size:
            self._take_away()

    def _discard(self, inode: int) -> None:
        """Take a broken index away, unless another process has made a new one already."""
        with waiting_lock(self._path.with_suffix(".lock")):
            if self._path.exists() and self._path.stat().st_ino == inode:
                self._take_away()

    def _take_away(self) -> None:
        for ending in ("-shm", "-wal", ""):
            Path(f"{self._path}{ending}").unlink(missing_ok=True)

    def _is_current(self) -> bool:
        try:
            return self._path.stat().st_ino == self._inode
        except FileNotFoundError:
            return False

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=30, check_same_thread=False)
        try:
            tables.prepare(db)
            if not tables.are_complete(db):
                self._rebuild(db)
        except BaseException:
            db.close()
            raise
        return db

    def _rebuild(self, db: sqlite3.Connection) -> None:
        db.execute("begin immediate")
        tables.make(db)
        positions = itertools.count(time.time_ns() // 1000)  # beyond every earlier one
        rows = (row_of(job, known, next(positions)) for job, known in self._all_jobs())
        db.executemany(_INSERT, rows)
        tables.complete(db, position=next(positions))
        db.commit()

    def _other_notes(self, mine: _Note) -> list[_Note]:
        return [note for note in self._notes if note is not mine and note.is_taken is None]

    def _take(self, db: sqlite3.Connection, notes: list[_Note]) -> None:
        with db:
            taken = [self._put(db, note.job, note.known) for note in notes]
        for note, is_taken in zip(notes, taken, strict=True):
            note.is_taken = is_taken

    def _put(self, db: sqlite3.Connection, job: JobSummary, known: Known) -> bool:
        db.execute("delete from gone where id = ?", (job.id,))
        return db.execute(_PUT, row_of(job, known, _next_position(db))).rowcount > 0

    def _close(self) -> None:
        if self._open is not None:
            with contextlib.suppress(sqlite3.Error):
                self._open.close()
            self._open = None


def _is_broken(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code is None or code & 0xFF not in _PASSING


def _position(db: sqlite3.Connection) -> int:
    return int(db.execute("select value from meta where name = 'position'").fetchone()[0])


def _next_position(db: sqlite3.Connection) -> int:
    return int(db.execute("update meta set value = value + 1 where name = 'position' returning value").fetchall()[0][0])
