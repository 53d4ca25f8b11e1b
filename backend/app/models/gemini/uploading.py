"""Google's resumable upload protocol: an address for the upload, then pieces of 8 MiB, each acknowledged.

The SDK's own upload would block the event loop while it waits, and begin again from nothing after every failure.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2

from app.models.base import Video
from app.models.errors import ErrorKind, ModelError
from app.models.gemini.errors import complaint_of
from app.models.gemini.service import GeminiService, json_of
from app.models.provider_errors import Complaint

PIECE = 8 * 1024 * 1024
"""Bytes; a multiple of the 256 KiB that Google asks for."""
_MOST_FAILURES = 4
"""In a row."""
_NAMES = {
    "video/quicktime": "video/mov",
    "video/x-msvideo": "video/avi",
    "video/x-ms-wmv": "video/wmv",
}
"""Media types that Google calls otherwise."""

OnSent = Callable[[float], Awaitable[None]]
"""Hears which share of the file, 0 to 1, has arrived."""


class Uploading:
    """Sends one video."""

    def __init__(self, service: GeminiService, http: httpx2.AsyncClient, video: Video) -> None:
        self._service = service
        self._http = http
        self._video = video

    async def begin(self) -> str:
        """Ask for an address to upload to. Raises ModelError."""
        service, size = self._service, await asyncio.to_thread(self._size)
        kind = _NAMES.get(self._video.media_type, self._video.media_type)
        answer = await self._try(
            self._http.post(
                f"{service.address}/upload/{service.version}/files",
                json={"file": {"display_name": self._video.video_id, "mime_type": kind}},
                headers={
                    **service.headers(),
                    "X-Goog-Upload-Protocol": "resumable",
                    "X-Goog-Upload-Command": "start",
                    "X-Goog-Upload-Header-Content-Length": str(size),
                    "X-Goog-Upload-Header-Content-Type": kind,
                },
            )
        )
        json_of(answer, service.speaker)
        try:
            return answer.headers["x-goog-upload-url"]
        except KeyError:
            raise self._broken("it named no address for the upload") from None

    async def send(self, url: str, on_sent: OnSent, *, resumed: bool) -> dict[str, Any]:
        """Send what is missing; return what Google says of the file. Raises ModelError."""
        size = await asyncio.to_thread(self._size)
        offset, file = await self._standing(url) if resumed else (0, None)
        failures = 0
        while file is None:
            await on_sent(offset / size)
            try:
                offset, file = await self._send_piece(url, offset, size)
                failures = 0
            except ModelError as error:
                failures += 1
                if not error.retryable or failures > _MOST_FAILURES:
                    raise
                await asyncio.sleep(self._service.patience.poll * failures)
                offset, file = await self._standing(url)
        return file

    async def _send_piece(self, url: str, offset: int, size: int) -> tuple[int, dict[str, Any] | None]:
        piece = await asyncio.to_thread(_read, self._video.path, offset)
        is_last = offset + len(piece) >= size
        answer = await self._command(
            url, "upload, finalize" if is_last else "upload", content=piece, offset=str(offset)
        )
        return self._stands(answer, offset + len(piece))

    async def _standing(self, url: str) -> tuple[int, dict[str, Any] | None]:
        """How much has arrived; the file if that is all."""
        return self._stands(await self._command(url, "query"), None)

    async def _command(self, url: str, command: str, *, content: bytes = b"", offset: str = "0") -> httpx2.Response:
        headers = {"X-Goog-Upload-Command": command}
        if content:
            headers["X-Goog-Upload-Offset"] = offset
        answer = await self._try(self._http.post(url, content=content, headers=headers))
        json_of(answer, self._service.speaker)
        return answer

    def _stands(self, answer: httpx2.Response, expected: int | None) -> tuple[int, dict[str, Any] | None]:
        match answer.headers.get("x-goog-upload-status"):
            case "final":
                return expected or 0, dict(answer.json().get("file") or {})
            case "active":
                return int(answer.headers.get("x-goog-upload-size-received", expected or 0)), None
            case _:
                raise self._broken("it does not say how the upload stands")

    async def _try(self, request: Awaitable[httpx2.Response]) -> httpx2.Response:
        try:
            return await request
        except httpx2.HTTPError as error:
            raise self._service.speaker.error(complaint_of(error)) from None

    def _size(self) -> int:
        try:
            return self._video.path.stat().st_size
        except FileNotFoundError as error:
            raise self._service.speaker.error(complaint_of(error)) from None

    def _broken(self, said: str) -> ModelError:
        return self._service.speaker.error(Complaint(ErrorKind.SERVER, said))


def _read(path: Path, offset: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(PIECE)
