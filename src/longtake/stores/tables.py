"""The tables of the index, and whether they can be believed. Plain SQL, so that SQLite 3.37 can run it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from longtake.stores import boot

_VERSION = 4
_LARGEST_LOG = 1_000_000
_PAGES_OF_LOG = 200
"""After so many pages of 4 KB the write-ahead log begins anew; SQLite's own 1,000 would be 4 MB of a disk that may be
nearly full."""
_TABLES = """
create table jobs (
    id text primary key, revision integer, status text, kind text, tags text, about text, words text, finished real,
    keep integer, mtime integer, size integer, position integer, summary blob
) without rowid;
create table gone (id text primary key, position integer);
create table counts (status text primary key, jobs integer);
create table meta (name text primary key, value);
"""
_FAST_TO_MAKE_AT_LAST = """
insert into counts select status, count(*) from jobs group by status;
create index jobs_by_status on jobs (status, id);
create index jobs_by_kind on jobs (kind, id);
create index jobs_by_position on jobs (position);
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


def prepare(db: sqlite3.Connection) -> None:
    """Set up a connection: readers never wait, and nothing is synced where an old index is not believed anyway."""
    db.execute("pragma journal_mode = wal")
    db.execute(f"pragma wal_autocheckpoint = {_PAGES_OF_LOG}")
    db.execute(f"pragma journal_size_limit = {_LARGEST_LOG}")
    db.execute("pragma synchronous = off" if boot.boot_id() else "pragma synchronous = normal")


def are_complete(db: sqlite3.Connection) -> bool:
    """Whether the tables are whole, of this version, and from this start of the computer."""
    if not db.execute("select 1 from sqlite_master where name = 'meta'").fetchone():
        return False
    row = db.execute("select value from meta where name = 'complete'").fetchone()
    return row is not None and row[0] == _stamp()


def make(db: sqlite3.Connection) -> None:
    """Make the tables anew, empty, without what `complete` adds."""
    for (name,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
        db.execute(f"drop table {name}")
    for statement in _statements(_TABLES):
        db.execute(statement)


def complete(db: sqlite3.Connection, *, position: int) -> None:
    """Note that every job is in the tables; the change counter stands at `position`."""
    for statement in _statements(_FAST_TO_MAKE_AT_LAST):
        db.execute(statement)
    db.execute("insert into meta values ('position', ?)", (position,))
    db.execute("insert into meta values ('complete', ?)", (_stamp(),))


def _stamp() -> str:
    return f"{_VERSION} {boot.boot_id()}"


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.strip().splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
