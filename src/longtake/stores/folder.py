"""The folder of a store: which files belong to which job."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from longtake.codec import MAX_JOB_BYTES
from longtake.errors import JobDamaged, JobNotFound, StorageRefused
from longtake.ids import is_id
from longtake.stores import atomic, subfolders, trouble
from longtake.stores.placing import Placing
from longtake.stores.portions import portions
from longtake.stores.reading import NotAPlainFile, read_plain_file

_JOURNAL_ENDING = "steps.jsonl"
_SECONDS_UNTIL_LEFTOVER = 3600.0


class JobFolder:
    """Names and raw bytes; made on disk when first written to."""

    def __init__(self, folder: str | Path) -> None:
        self.path = Path(folder).expanduser().absolute()
        self.run = self.path / "run"
        self.requests = self.path / "requests"
        self.quarantine = self.path / "quarantine"
        self.keys = self.path / "keys"
        self.placing = Placing(self.path)
        self._ready = False
        self._setting_up = threading.Lock()

    def set_up(self) -> None:
        """Make the folders.

        Raises:
            StorageRefused: the folder belongs to another user. StorageProblem.
        """
        if self._ready and self.run.exists():
            return
        with self._setting_up, trouble.writing(self.path):
            for folder in (self.path, self.run, self.requests):
                subfolders.make(folder, parents=True)
            if self.path.stat().st_uid not in {os.geteuid(), 0}:
                raise StorageRefused(f"{self.path} belongs to another user: choose a folder of your own.")
            ignore = self.path / ".gitignore"
            if not ignore.exists():
                atomic.replace(ignore, b"*\n", durable=False)
            self.placing.prepare()
            self.placing.settle()
            self._ready = True

    def job(self, job_id: str) -> Path:
        """Where a job is. Raises JobNotFound for what is no id: it never reaches the file system."""
        if not is_id(job_id):
            raise JobNotFound(job_id[:80])
        return self.path / f"{job_id}.json"

    def place(self, job_id: str) -> str:
        """The same for what is known to be an id; a text, because there may be very many."""
        return f"{self.path}/{job_id}.json"

    def journal(self, job_id: str) -> Path:
        """Where its journal is."""
        return self.job(job_id).with_name(f"{job_id}.{_JOURNAL_ENDING}")

    def live(self, job_id: str) -> Path:
        """Where the values are that it shows while it runs."""
        return self.run / self.job(job_id).with_suffix(".live.json").name

    def note(self, name: str) -> Path:
        """Where a note of the worker is."""
        return self.path / "notes" / f"{name}.json"

    def read(self, job_id: str) -> bytes:
        """The job file's bytes, at most one more than are allowed.

        Raises:
            JobNotFound. JobDamaged: it is no file. StorageProblem: the disk did not give it, which is no damage.
        """
        path = self.job(job_id)
        self._settle()
        try:
            with trouble.reading(path):
                return read_plain_file(path, MAX_JOB_BYTES + 1)
        except FileNotFoundError as error:
            raise JobNotFound(job_id) from error
        except NotAPlainFile as error:
            raise JobDamaged(job_id, str(error)) from error

    def jobs(self) -> Iterator[tuple[str, str]]:
        """Id and path of each job file, in no order; texts, because there may be very many."""
        for name in self._names():
            job_id, _, ending = name.partition(".")
            if ending == "json" and is_id(job_id):
                yield job_id, self.place(job_id)

    def leftovers(self) -> Iterator[list[Path]]:
        """What processes that died left behind an hour ago or earlier: temporary files, journals without their job.

        One list for each portion of the folder.
        """
        for names in portions(self._names()):
            yield self._old(self.path / name for name in names if self._is_leftover(name))
        yield self._old(self.placing.leftovers())

    def _is_leftover(self, name: str) -> bool:
        if name.startswith("."):
            return name.endswith(atomic.TEMPORARY)
        job_id, _, ending = name.partition(".")
        return ending == _JOURNAL_ENDING and is_id(job_id) and not os.path.lexists(self.place(job_id))

    def _old(self, paths: Iterable[Path]) -> list[Path]:
        before = time.time() - _SECONDS_UNTIL_LEFTOVER
        with trouble.reading(self.path):
            return [path for path in paths if _last_change(path) < before]

    def _settle(self) -> None:
        with trouble.writing(self.path):
            self.placing.settle()

    def _names(self) -> Iterator[str]:
        self._settle()
        try:
            with trouble.reading(self.path), os.scandir(self.path) as entries:
                for entry in entries:
                    yield entry.name
        except FileNotFoundError:
            return


def _last_change(path: Path) -> float:
    """When a file was written last (Unix time); now, if it has just been moved or removed."""
    try:
        return path.lstat().st_mtime
    except FileNotFoundError:
        return time.time()
