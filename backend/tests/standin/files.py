"""Gemini's Files API: the resumable upload protocol, and files that are ready only after a while."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from standin.breaking import BEFORE, break_off
from standin.refusals import REFUSALS
from standin.state import State
from standin.wire import Connection, Request

_HEAD = 16


class Contents:
    """What is remembered of the bytes of a file, which may be large: the first, how many, and their hash."""

    def __init__(self) -> None:
        self.head = b""
        self.size = 0
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The hash of all that came so far."""
        return self._hash.hexdigest()

    def add(self, piece: bytes) -> None:
        """Take more bytes in."""
        self.head = (self.head + piece[:_HEAD])[:_HEAD]
        self.size += len(piece)
        self._hash.update(piece)


@dataclass
class Upload:
    """One upload that goes on."""

    file: Mapping[str, Any]
    length: int
    received: Contents = field(default_factory=Contents)
    done: StoredFile | None = None


@dataclass
class StoredFile:
    """One file that arrived."""

    name: str
    mime_type: str
    content: Contents
    expires: datetime
    polls: int = 0
    failed: bool = False


class Files:
    """Takes uploads and keeps files."""

    def __init__(self, state: State, address: str) -> None:
        self._state = state
        self._address = address
        self._uploads: dict[str, Upload] = {}
        self.stored: dict[str, StoredFile] = {}
        self._numbers = itertools.count(1)

    async def upload(self, request: Request, connection: Connection) -> None:
        """Serve one step of an upload: start, chunk or query."""
        command = request.headers.get("x-goog-upload-command", "")
        if command == "start":
            await self._start(request, connection)
            return
        upload = self._uploads.get(request.query.get("upload_id", ""))
        if upload is None:
            await connection.answer(404, REFUSALS["404"].google_body())
        elif command == "query":
            self._state.note(request, "files.query")
            await self._tell(connection, upload)
        else:
            await self._chunk(request, connection, upload, last="finalize" in command)

    async def get(self, request: Request, connection: Connection, name: str) -> None:
        """Tell about one file."""
        self._state.note(request, "files.get")
        file = self.stored.get(name)
        if file is None or file.expires < datetime.now(UTC):
            refusal = REFUSALS["file-lost"]
            await connection.answer(refusal.status, refusal.google_body())
            return
        file.polls += 1
        file.failed = self._state.fault("file") == "failed" or not _is_video(file.content.head)
        await connection.answer(200, self._about(file))

    async def list(self, request: Request, connection: Connection) -> None:
        """Tell about every file."""
        self._state.note(request, "files.list")
        await connection.answer(200, {"files": [self._about(file) for file in self.stored.values()]})

    async def delete(self, request: Request, connection: Connection, name: str) -> None:
        """Forget one file."""
        self._state.note(request, "files.delete")
        self.stored.pop(name, None)
        await connection.answer(200, {})

    def lose_all(self) -> None:
        """Forget every file, as a provider may."""
        self.stored.clear()

    def trouble_with(self, uri: str) -> str | None:
        """The fault of a call that names this file; None when the file is good."""
        file = self.stored.get("files/" + uri.rpartition("/")[2])
        if file is None or file.expires < datetime.now(UTC):
            return "file-lost"
        return None if self._state_of(file) == "ACTIVE" else "file-not-ready"

    async def _start(self, request: Request, connection: Connection) -> None:
        file = request.json().get("file", {})
        self._state.note(request, "files.start", body=file)
        if fault := self._state.fault("upload-start"):
            await self._refuse(connection, fault)
            return
        upload_id = f"upload-{next(self._numbers)}"
        length = int(request.headers["x-goog-upload-header-content-length"])
        kind = request.headers.get("x-goog-upload-header-content-type", "application/octet-stream")
        self._uploads[upload_id] = Upload({"mimeType": kind, **file}, length)
        url = f"{self._address}{request.path}?upload_id={upload_id}&upload_protocol=resumable"
        await connection.answer(200, {}, {"X-Goog-Upload-URL": url, "X-Goog-Upload-Status": "active"})

    async def _chunk(self, request: Request, connection: Connection, upload: Upload, *, last: bool) -> None:
        self._state.note(request, "files.chunk")
        fault = self._state.fault("upload")
        if int(request.headers.get("x-goog-upload-offset", -1)) != upload.received.size:
            await connection.answer(400, REFUSALS["400"].google_body())
            return
        if fault == "lost-answer":
            upload.received.add(request.body)
            connection.reset()
            return
        if fault:
            await self._refuse(connection, fault)
            return
        await asyncio.sleep(self._state.settings.latency)
        upload.received.add(request.body)
        if last and upload.received.size == upload.length:
            upload.done = self._store(upload)
        await self._tell(connection, upload)

    async def _tell(self, connection: Connection, upload: Upload) -> None:
        if upload.done:
            await connection.answer(200, {"file": self._about(upload.done)}, {"X-Goog-Upload-Status": "final"})
            return
        received = {"X-Goog-Upload-Status": "active", "X-Goog-Upload-Size-Received": str(upload.received.size)}
        await connection.answer(200, {}, received)

    async def _refuse(self, connection: Connection, fault: str) -> None:
        if fault in BEFORE:
            await break_off(connection, fault)
            return
        refusal = REFUSALS[fault]
        # As the real one does in an outage: without the header that says how the upload stands.
        await connection.answer(refusal.status, refusal.google_body(), refusal.headers)

    def _store(self, upload: Upload) -> StoredFile:
        name = f"files/file{next(self._numbers)}"
        kind = upload.file.get("mimeType") or upload.file.get("mime_type", "")
        expires = datetime.now(UTC) + timedelta(seconds=self._state.settings.file_seconds)
        self.stored[name] = StoredFile(name, kind, upload.received, expires)
        return self.stored[name]

    def _state_of(self, file: StoredFile) -> str:
        if file.failed:
            return "FAILED"
        return "ACTIVE" if file.polls > self._state.settings.processing_polls else "PROCESSING"

    def _about(self, file: StoredFile) -> dict[str, Any]:
        about: dict[str, Any] = {
            "name": file.name,
            "uri": f"{self._address}/v1beta/{file.name}",
            "mimeType": file.mime_type,
            "sizeBytes": str(file.content.size),
            "state": self._state_of(file),
            "createTime": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            "expirationTime": file.expires.isoformat().replace("+00:00", "Z"),
            "sha256Hash": file.content.sha256,
        }
        if file.failed:
            about["error"] = {"code": 3, "message": "The video could not be processed."}
        return about


def _is_video(content: bytes) -> bool:
    """By the first bytes of MP4 and of WebM."""
    return content[4:8] == b"ftyp" or content.startswith(b"\x1aE\xdf\xa3")
