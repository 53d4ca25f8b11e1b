"""Requests to the worker: `requests/<id>.<verb>`, one small file each, gone when its effect is durable.

They are not synced: the job file is the truth, and a request lost at a power cut delays, it never loses.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import cast, get_args

import msgspec

from longtake.errors import JobNotFound
from longtake.ids import is_id
from longtake.store import Request, Verb
from longtake.stores import atomic, trouble
from longtake.stores.reading import NotAPlainFile, read_plain_file

_VERBS = frozenset(get_args(Verb))
_LONGEST = 65536


class Mailbox:
    """The folder of open requests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, request: Request) -> None:
        """Leave a request; the same one twice is one."""
        path = self._path(request)
        with trouble.writing(path):
            atomic.replace(path, msgspec.json.encode(dict(request.details)), durable=False)

    def open(self) -> list[Request]:
        """The open requests, oldest first."""
        found: list[tuple[int, str, Request]] = []
        try:
            with trouble.reading(self.folder), os.scandir(self.folder) as entries:
                for entry in entries:
                    job_id, _, verb = entry.name.partition(".")
                    if is_id(job_id) and verb in _VERBS:
                        found += self._read(Path(entry.path), job_id, cast("Verb", verb))
        except FileNotFoundError:
            return []
        return [request for _, _, request in sorted(found, key=lambda entry: entry[:2])]

    def settle(self, request: Request) -> None:
        """Take a request away."""
        path = self._path(request)
        with trouble.writing(path):
            path.unlink(missing_ok=True)

    def holds(self, request: Request) -> bool:
        """Whether the request still waits."""
        return self._path(request).exists()

    def _path(self, request: Request) -> Path:
        if not is_id(request.job_id):
            raise JobNotFound(request.job_id[:80])
        return self.folder / f"{request.job_id}.{request.verb}"

    def _read(self, path: Path, job_id: str, verb: Verb) -> list[tuple[int, str, Request]]:
        """The request with the time when it was made; nothing when it was settled meanwhile, or is no file."""
        try:
            changed = path.lstat().st_mtime_ns
            details = msgspec.json.decode(read_plain_file(path, _LONGEST))
        except (FileNotFoundError, NotAPlainFile):
            return []
        except (msgspec.DecodeError, RecursionError):
            details = None
        return [(changed, job_id, Request(job_id, verb, details if isinstance(details, dict) else {}))]
