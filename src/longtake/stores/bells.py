"""Who is told of what in a folder of jobs: those who watch it, and its owner."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import msgspec

from longtake.bell import Bell, Ringer, bell_folder
from longtake.store import Report

log = logging.getLogger("longtake")

_OWNER = "owner-"
"""How the names of the owner's bells begin."""


class Bells:
    """The bells of one folder."""

    def __init__(self, run: Path) -> None:
        self._folder = bell_folder(run)
        self._ringer = Ringer(self._folder)

    def ring(self, job_id: str, report: Report | None = None) -> None:
        """Tell those who watch."""
        self._ringer.ring(_written(job_id, report), lambda name: not name.startswith(_OWNER))

    def wake(self, job_id: str) -> None:
        """Tell everybody."""
        self._ringer.ring(_written(job_id, None), lambda _: True)

    def listen(self, heard: Callable[[str, Report | None], None]) -> Callable[[], None]:
        """Hang up a bell; returns how to take it down."""
        return self._hang_up("", lambda message: heard(*_read(message)))

    def attend_to(self, woken: Callable[[], None]) -> Callable[[], None]:
        """Hang up the owner's bell; returns how to take it down."""
        return self._hang_up(_OWNER, lambda _: woken())

    def close(self) -> None:
        """Ring no more for now."""
        self._ringer.close()

    def _hang_up(self, beginning: str, heard: Callable[[bytes], None]) -> Callable[[], None]:
        """Where it is impossible, those who wait look by themselves each second."""
        try:
            return Bell(self._folder, beginning, heard).stop
        except OSError as error:
            log.warning("No bell could be hung up (%s): news take up to a second.", error)
            return lambda: None


def _written(job_id: str, report: Report | None) -> bytes:
    if report is None:
        return job_id.encode()
    return b"%b %b" % (job_id.encode(), msgspec.json.encode(report))


def _read(message: bytes) -> tuple[str, Report | None]:
    job_id, _, report = message.partition(b" ")
    try:
        told = msgspec.json.decode(report, type=Report) if report else None
    except msgspec.MsgspecError:
        told = None
    return job_id.decode("ascii", "replace"), told
