"""Who may change the jobs of a folder: the holder of `run/worker.lock`; and who is there to need a worker."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from longtake.lock import FileLock, SharedLock
from longtake.store import WorkerInfo
from longtake.stores import atomic, trouble
from longtake.stores.reading import NotAPlainFile, read_plain_file

log = logging.getLogger("longtake")


class Ownership:
    """The lock of a folder as one process sees it."""

    def __init__(self, run: Path) -> None:
        self._lock = FileLock(run / "worker.lock")
        self._clients = run / "clients.lock"
        self._card = run / "worker.json"
        self._changing = threading.Lock()
        self._holder: str | None = None

    def take(self, worker: WorkerInfo) -> bool:
        """Take the lock for a worker; the kernel frees it with the process. False when another has it."""
        with self._changing, trouble.writing(self._card):
            if self._holder is not None:
                return self._holder == worker.id
            if not self._lock.acquire():
                return False
            self._holder = worker.id
        self._leave_card(worker)
        return True

    def leave(self) -> None:
        """Free the lock."""
        with self._changing:
            self._lock.release()
            self._holder = None

    def is_intact(self) -> bool:
        """Whether the lock is still the file that others see; if not, a second owner is possible."""
        return self._lock.is_intact()

    def holder(self) -> WorkerInfo | None:
        """Who holds the lock now, in whichever process."""
        with trouble.writing(self._card):
            if not self._lock.is_held():
                return None
        try:
            return msgspec.json.decode(read_plain_file(self._card), type=WorkerInfo)
        except (OSError, NotAPlainFile, msgspec.DecodeError):
            return WorkerInfo(id="unknown", pid=0, started_at=datetime.now(UTC))

    def attend(self) -> Callable[[], None]:
        """Hold a shared lock that says that this program needs a worker; returns how to let go."""
        with trouble.writing(self._clients):
            return SharedLock(self._clients).release

    def is_attended(self) -> bool:
        """Whether any program holds that lock."""
        with trouble.writing(self._clients):
            return FileLock(self._clients).is_shared()

    def _leave_card(self, worker: WorkerInfo) -> None:
        """Say who it is; only for display, so a full disk is no reason not to work."""
        try:
            atomic.replace(self._card, msgspec.json.encode(worker), durable=False)
        except OSError as error:
            log.warning("run/worker.json could not be written: %s", error)
            with contextlib.suppress(OSError):
                self._card.unlink()
