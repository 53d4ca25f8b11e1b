"""Requests to the worker: `requests/<id>.<verb>`, one small file each, gone when its effect is durable.

They are not synced: the job file is the truth, and a request lost at a power cut delays, it never loses.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, get_args

import msgspec

from longtake.errors import JobNotFound
from longtake.ids import is_id
from longtake.store import Request, Verb
from longtake.stores import atomic

_VERBS = frozenset(get_args(Verb))


class Mailbox:
    """The folder of open requests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, request: Request) -> None:
        """Leave a request; the same one twice is one."""
        path = self._path(request)
        with atomic.storage_problems(path):
            atomic.replace(path, msgspec.json.encode(dict(request.details)), durable=False)

    def open(self) -> list[Request]:
        """The open requests, oldest first."""
        found: list[tuple[int, Request]] = []
        try:
            entries = list(os.scandir(self.folder))
        except FileNotFoundError:
            return []
        for entry in entries:
            job_id, _, verb = entry.name.partition(".")
            if is_id(job_id) and verb in _VERBS:
                try:
                    details = _details(Path(entry.path))
                    found.append((entry.stat().st_mtime_ns, Request(job_id, verb, details)))  # type: ignore[arg-type]
                except FileNotFoundError:
                    continue  # settled meanwhile
        return [request for _, request in sorted(found, key=lambda pair: (pair[0], pair[1].job_id))]

    def settle(self, request: Request) -> None:
        """Take a request away."""
        self._path(request).unlink(missing_ok=True)

    def holds(self, request: Request) -> bool:
        """Whether the request still waits."""
        return self._path(request).exists()

    def _path(self, request: Request) -> Path:
        if not is_id(request.job_id):
            raise JobNotFound(request.job_id[:80])
        return self.folder / f"{request.job_id}.{request.verb}"


def _details(path: Path) -> dict[str, Any]:
    try:
        details = msgspec.json.decode(path.read_bytes())
    except msgspec.DecodeError:
        return {}
    return details if isinstance(details, dict) else {}
