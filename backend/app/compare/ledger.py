"""The ledger of paid calls: a line before each call, durable before it is made, and one after it.

spending/
├── .gitignore
└── 2026-11-25.jsonl           the calls begun on that day (UTC), both lines of each; only ever appended to

Lines name jobs, cells and models, never prompts or answers. They stay when a job is deleted: the money is spent.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from app.compare.spending import Call, Caps, Excess, Intent, Outcome, Spending, excess, summed
from app.videos import disk

_CALL = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})\.[0-9a-f]{16}")
_JOBS_REMEMBERED = 100
_log = logging.getLogger(__name__)


class Ledger:
    """Reads and writes one folder. Several processes may: each change is made under the lock of the day's file."""

    def __init__(self, folder: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._folder = folder
        self._now = now
        self._books: dict[str, _Book] = {}
        self._without: OrderedDict[str, dict[str, int]] = OrderedDict()
        self._reading = threading.Lock()

    def new_call(self) -> str:
        """A name for a call that is about to be made."""
        return f"{self._now():%Y-%m-%d}.{secrets.token_hex(8)}"

    async def begin(self, intent: Intent, caps: Caps) -> Excess | None:
        """Note a call before it is made, unless a cap forbids it: then tell why, and note nothing. Raises NoRoom."""
        return await asyncio.to_thread(self._begin, intent, caps)

    async def end(self, outcome: Outcome) -> None:
        """Note what came of a call. Raises NoRoom."""
        await asyncio.to_thread(self._end, outcome)

    async def find(self, call: str) -> Call | None:
        """A call by its name; None when it was never noted."""
        return await asyncio.to_thread(self._find, call)

    async def without_end(self) -> list[Call]:
        """The calls of today and yesterday (UTC) of whose end nothing is noted."""
        return await asyncio.to_thread(self._without_end)

    async def today(self) -> Spending:
        """What is spent today (UTC)."""
        return summed(await self.calls_of_today())

    async def calls_of_today(self) -> list[Call]:
        """The calls begun today (UTC), oldest first."""
        return await asyncio.to_thread(lambda: list(self._read(self._day()).calls.values()))

    async def of_job(self, job_id: str) -> Spending:
        """What a job has spent, on whatever days."""
        return summed(await self.calls_of_job(job_id))

    async def calls_of_job(self, job_id: str) -> list[Call]:
        """The calls of a job, oldest first."""
        return await asyncio.to_thread(self._of_job, job_id)

    def _begin(self, intent: Intent, caps: Caps) -> Excess | None:
        with disk.full_disk_as_no_room(), self._locked(_day_of(intent.call)) as fd:
            day = summed(list(self._read(_day_of(intent.call)).calls.values()))
            job = summed([] if caps.job_usd is None else self._of_job(intent.job_id))
            reason = excess(caps, intent.estimated_usd, job, day)
            if reason is None:
                _append(fd, intent)
            return reason

    def _end(self, outcome: Outcome) -> None:
        with disk.full_disk_as_no_room(), self._locked(_day_of(outcome.call)) as fd:
            _append(fd, outcome)

    def _find(self, call: str) -> Call | None:
        return self._read(_day_of(call)).calls.get(call) if _CALL.fullmatch(call) else None

    def _without_end(self) -> list[Call]:
        now = self._now()
        days = [f"{day:%Y-%m-%d}" for day in (now - timedelta(days=1), now)]
        return [call for day in days for call in list(self._read(day).calls.values()) if call.outcome is None]

    def _of_job(self, job_id: str) -> list[Call]:
        days = sorted(path.stem for path in self._folder.glob("*.jsonl"))
        return [call for day in days for call in self._calls_of(day, job_id)]

    def _calls_of(self, day: str, job_id: str) -> list[Call]:
        """Those of one job; a day without any is not kept in memory, and not read again until it grows."""
        if day not in self._books:
            size, without = self._path(day).stat().st_size, self._days_without(job_id)
            if without.get(day) == size:
                return []
            if job_id.encode() not in self._path(day).read_bytes():
                without[day] = size
                return []
        return [call for call in list(self._read(day).calls.values()) if call.intent.job_id == job_id]

    def _days_without(self, job_id: str) -> dict[str, int]:
        """Days without a call of a job, and how long their files were then."""
        with self._reading:
            days = self._without.setdefault(job_id, {})
            self._without.move_to_end(job_id)
            if len(self._without) > _JOBS_REMEMBERED:
                self._without.popitem(last=False)
            return days

    def _read(self, day: str) -> _Book:
        with self._reading:
            book = self._books.setdefault(day, _Book(self._path(day)))
            book.catch_up()
            return book

    @contextmanager
    def _locked(self, day: str) -> Iterator[int]:
        """The day's file, open at its end, for this process alone."""
        self._set_up()
        path = self._path(day)
        is_new = not path.exists()
        fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, disk.PRIVATE_FILE)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            if is_new:
                disk.sync_folder(self._folder)
            yield fd
        finally:
            os.close(fd)

    def _set_up(self) -> None:
        if self._folder.is_dir():
            return
        self._folder.mkdir(disk.PRIVATE_FOLDER, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            disk.write_file(self._folder / ".gitignore", b"*\n")

    def _path(self, day: str) -> Path:
        return self._folder / f"{day}.jsonl"

    def _day(self) -> str:
        return f"{self._now():%Y-%m-%d}"


class _Book:
    """One day as far as it was read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self.calls: dict[str, Call] = {}

    def catch_up(self) -> None:
        """Read what was added since; half a line is left for later."""
        with suppress(FileNotFoundError), self._path.open("rb") as file:
            file.seek(self._offset)
            added = file.read()
            whole = added[: added.rfind(b"\n") + 1]
            self._offset += len(whole)
            for line in whole.splitlines():
                self._take_in(line)

    def _take_in(self, line: bytes) -> None:
        try:
            entry = msgspec.json.decode(line, type=Intent | Outcome) if line else None
        except (msgspec.MsgspecError, RecursionError) as error:
            _log.warning("A line of %s is damaged and left out: %s", self._path.name, error)
            return
        match entry:
            case Intent():
                self.calls.setdefault(entry.call, Call(entry))
            case Outcome() if entry.call in self.calls:
                self.calls[entry.call] = Call(self.calls[entry.call].intent, entry)


def _append(fd: int, line: Intent | Outcome) -> None:
    size = os.fstat(fd).st_size
    torn = size > 0 and os.pread(fd, 1, size - 1) != b"\n"
    disk.write_all(fd, (b"\n" if torn else b"") + msgspec.json.encode(line) + b"\n")
    disk.sync_data(fd)


def _day_of(call: str) -> str:
    match = _CALL.fullmatch(call)
    if match is None:
        raise ValueError(f"{call!r} is no name of a call.")
    return match["day"]
