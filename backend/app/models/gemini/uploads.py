"""Videos at Google: each uploaded once for all cells, used until it expires, uploaded again when it is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

import httpx2
from msgspec import Struct

from app.models.base import Video
from app.models.connection import http_client
from app.models.errors import ErrorKind, ModelError
from app.models.gemini.service import GeminiService
from app.models.gemini.shelf import Arrived, Begun, UploadShelf
from app.models.gemini.uploading import Uploading
from app.models.provider_errors import Complaint

_MARGIN = timedelta(hours=1)
"""A file that expires sooner is not begun with."""
_USUAL_LIFE = timedelta(hours=48)
_SENT_SHARE = 0.9
"""Of the time until a video is ready, for the progress only."""

OnReady = Callable[[float, str], Awaitable[None]]
"""Hears percent, 0 to 100, and what goes on."""


class Ready(Struct, frozen=True, kw_only=True):
    """A video that a model can be asked about."""

    uri: str
    media_type: str
    seconds: float | None
    """It took to get there; None when it was there already."""


class Uploads:
    """Brings videos to Google."""

    def __init__(
        self, service: GeminiService, shelf: UploadShelf, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.service = service
        self._shelf = shelf
        self._now = now
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def ready(self, video: Video, report: OnReady) -> Ready:
        """Return the video as Google knows it, uploaded now if need be. Raises ModelError.

        Cells of the same video wait for each other; if the one that uploads is cancelled, the next one goes on
        where it was.
        """
        turn = self._turns.setdefault(video.video_id, asyncio.Lock())
        async with turn:
            arrived = await self._arrived(video)
            if arrived is not None and arrived.ready:
                return Ready(uri=arrived.uri, media_type=arrived.media_type, seconds=None)
            started = asyncio.get_running_loop().time()
            async with http_client(
                self.service.address, self.service.patience, silence=self.service.patience.upload
            ) as http:
                arrived = await self._wait(http, video, arrived or await self._upload(http, video, report), report)
            seconds = asyncio.get_running_loop().time() - started
            return Ready(uri=arrived.uri, media_type=arrived.media_type, seconds=seconds)

    async def lost(self, video: Video) -> None:
        """Forget an upload that Google no longer knows."""
        await self._keep(video, None)

    async def _arrived(self, video: Video) -> Arrived | None:
        entry = await self._shelf.find(self.service.owner, video.video_id)
        if isinstance(entry, Arrived) and entry.expires_at - self._now() > _MARGIN:
            return entry
        return None

    async def _upload(self, http: httpx2.AsyncClient, video: Video, report: OnReady) -> Arrived:
        async def on_sent(share: float) -> None:
            await report(100 * share * _SENT_SHARE, "Uploading the video to Google")

        uploading = Uploading(self.service, http, video)
        begun = await self._shelf.find(self.service.owner, video.video_id)
        if isinstance(begun, Begun):
            try:
                return await self._taken_in(video, await uploading.send(begun.upload_url, on_sent, resumed=True))
            except ModelError as error:
                if error.kind not in {ErrorKind.NOT_FOUND, ErrorKind.INVALID, ErrorKind.AUTH}:
                    raise
        url = await uploading.begin()
        await self._keep(video, Begun(upload_url=url))
        return await self._taken_in(video, await uploading.send(url, on_sent, resumed=False))

    async def _taken_in(self, video: Video, file: dict[str, Any]) -> Arrived:
        expires = file.get("expirationTime")
        try:
            arrived = Arrived(
                name=file["name"],
                uri=file["uri"],
                media_type=file.get("mimeType") or video.media_type,
                expires_at=datetime.fromisoformat(expires) if expires else self._now() + _USUAL_LIFE,
            )
        except (KeyError, TypeError, ValueError):
            raise self._error(ErrorKind.SERVER, "its description of the uploaded file makes no sense") from None
        await self._keep(video, arrived)
        return arrived

    async def _wait(self, http: httpx2.AsyncClient, video: Video, arrived: Arrived, report: OnReady) -> Arrived:
        patience = self.service.patience
        try:
            async with asyncio.timeout(patience.ready):
                while (state := await self._state(http, video, arrived)) != "ACTIVE":
                    if state == "FAILED":
                        await self._keep(video, None)
                        raise self._error(ErrorKind.UNREADABLE, "the video could not be processed")
                    await report(100 * _SENT_SHARE, "Google prepares the video")
                    await asyncio.sleep(patience.poll)
        except TimeoutError:
            raise self._error(ErrorKind.TIMEOUT, f"the video is not ready after {patience.ready:.0f} seconds") from None
        ready = Arrived(
            name=arrived.name,
            uri=arrived.uri,
            media_type=arrived.media_type,
            expires_at=arrived.expires_at,
            ready=True,
        )
        await self._keep(video, ready)
        return ready

    async def _state(self, http: httpx2.AsyncClient, video: Video, arrived: Arrived) -> str:
        try:
            file = await self.service.get_json(http, arrived.name)
        except ModelError as error:
            if error.kind in {ErrorKind.FILE_LOST, ErrorKind.NOT_FOUND}:
                await self._keep(video, None)
                raise self._error(ErrorKind.FILE_LOST, "") from None
            raise
        return str(file.get("state"))

    async def _keep(self, video: Video, entry: Arrived | Begun | None) -> None:
        await self._shelf.put(self.service.owner, video.video_id, entry)

    def _error(self, kind: ErrorKind, said: str) -> ModelError:
        return self.service.speaker.error(Complaint(kind, said))
