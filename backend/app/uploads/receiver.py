"""Takes uploads in, piece by piece and over restarts, and hands what is whole to the video library."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterable
from contextlib import suppress

from msgspec import Struct

from app.media.errors import MediaError, MediaErrorKind
from app.uploads.errors import NotComplete, UploadError, WrongOffset
from app.uploads.partial import Outcome, PartialUpload
from app.uploads.shelf import UploadShelf
from app.uploads.turns import Turn, Turns
from app.videos.errors import VideoError
from app.videos.library import Added, VideoLibrary

_BLOCK_BYTES = 1 << 20
_SECONDS_BETWEEN_ROUNDS = 30.0
_log = logging.getLogger(__name__)
_FINAL = frozenset({MediaErrorKind.UNREADABLE, MediaErrorKind.NO_VIDEO, MediaErrorKind.LIMIT})
"""The bytes themselves are at fault: another try would end the same way."""


class Progress(Struct, frozen=True):
    """How far an upload is."""

    offset: int
    length: int
    metadata: str = ""
    """As the client sent it."""

    @property
    def is_complete(self) -> bool:
        """Whether all bytes have come."""
        return self.offset == self.length


class Receiver:
    """The uploads of one server."""

    def __init__(self, shelf: UploadShelf, library: VideoLibrary) -> None:
        self.max_bytes = shelf.max_bytes
        self._shelf = shelf
        self._library = library
        self._turns = Turns()
        self._handing_over: dict[str, asyncio.Task[Outcome]] = {}

    async def begin(self, name: str, length: int, metadata: str = "") -> str:
        """Begin an upload of `length` bytes; returns its id. Raises as `UploadShelf.begin`."""
        return (await asyncio.to_thread(self._shelf.begin, name, length, metadata)).id

    async def progress(self, upload_id: str) -> Progress:
        """Tell how far an upload is; a request that still writes it is ended first. Raises UploadNotFound."""
        upload = await self._find(upload_id)
        async with self._turns.take(upload_id):
            return await _progress(upload)

    async def receive(self, upload_id: str, offset: int, chunks: AsyncIterable[bytes]) -> Progress:
        """Take bytes that continue at `offset`; what came before something went wrong is kept.

        Raises UploadNotFound, WrongOffset, TooManyBytes, NoRoom, TakenOver, and what `chunks` raises.
        """
        upload = await self._find(upload_id)
        async with self._turns.take(upload_id) as turn:
            before = await _progress(upload)
            if offset != before.offset:
                raise WrongOffset(offset, before.offset)
            if not before.is_complete:
                await self._append(upload, before.length, turn, chunks)
            after = await _progress(upload)
            if after.is_complete and not before.is_complete:
                with suppress(FileNotFoundError):  # it has been handed over already
                    await asyncio.to_thread(upload.sync)
            return after

    async def result(self, upload_id: str) -> Added:
        """Hand a complete upload to the library, once; the video that came of it.

        A caller that goes away does not stop it. Raises UploadNotFound, NotComplete, MediaError for what is no usable
        video, NoRoom, and VideoNotFound when the video was deleted since.
        """
        upload = await self._find(upload_id)
        progress = await _progress(upload)
        if not progress.is_complete:
            raise NotComplete(progress.offset, progress.length)
        outcome = await asyncio.to_thread(upload.outcome)
        if outcome is None:
            outcome = await asyncio.shield(self._hand_over(upload))
        outcome.check()
        return Added(await self._library.get(outcome.video_id or ""), outcome.duplicate)

    async def give_up(self, upload_id: str) -> None:
        """Forget an upload and its bytes; a video that came of it stays. Raises UploadNotFound."""
        upload = await self._find(upload_id)
        async with self._turns.take(upload_id):
            if handing_over := self._handing_over.get(upload_id):
                await asyncio.wait({handing_over})
            await asyncio.to_thread(upload.discard)

    async def keep_tidy(self) -> None:
        """Hand over what is complete and was left by its sender, or by a server that died, and collect what is old."""
        while True:
            await self._tidy()
            await asyncio.sleep(_SECONDS_BETWEEN_ROUNDS)

    async def _tidy(self) -> None:
        try:
            for upload in await asyncio.to_thread(self._shelf.complete):
                await self._hand_over(upload)
            await asyncio.to_thread(self._shelf.collect)
        except (UploadError, VideoError, MediaError, OSError) as error:
            _log.warning("Uploads that are complete could not all be stored: %s", error)

    async def _find(self, upload_id: str) -> PartialUpload:
        return await asyncio.to_thread(self._shelf.find, upload_id)

    async def _append(self, upload: PartialUpload, length: int, turn: Turn, chunks: AsyncIterable[bytes]) -> None:
        """Gather small chunks into blocks; whatever ends the stream, the last block is written too."""
        block = bytearray()
        try:
            async for chunk in turn.while_mine(chunks):
                block += chunk
                if len(block) >= _BLOCK_BYTES:
                    whole, block = block, bytearray()
                    await self._write(upload, length, whole)
        finally:
            if block:
                await self._write(upload, length, block)

    async def _write(self, upload: PartialUpload, length: int, block: bytearray) -> None:
        """Write to the end even when the request is cancelled: the next one must find no writer."""
        floor = self._shelf.free_disk_floor_bytes
        writing = asyncio.ensure_future(
            asyncio.to_thread(upload.append, bytes(block), length=length, free_disk_floor_bytes=floor)
        )
        try:
            await asyncio.shield(writing)
        finally:
            await asyncio.wait({writing})

    def _hand_over(self, upload: PartialUpload) -> asyncio.Task[Outcome]:
        task = self._handing_over.get(upload.id)
        if task is None:
            task = self._handing_over[upload.id] = asyncio.create_task(self._add_to_library(upload))
            task.add_done_callback(lambda _: self._handing_over.pop(upload.id))
        return task

    async def _add_to_library(self, upload: PartialUpload) -> Outcome:
        about = await asyncio.to_thread(upload.about)
        try:
            added = await self._library.add_file(upload.bytes, about.name)
        except MediaError as error:
            if error.kind not in _FINAL:
                raise
            outcome = Outcome(refused_as=error.kind, refusal=error.message)
        else:
            outcome = Outcome(video_id=added.video.video_id, duplicate=added.duplicate)
        await asyncio.to_thread(upload.settle, outcome)
        return outcome


async def _progress(upload: PartialUpload) -> Progress:
    about = await asyncio.to_thread(upload.about)
    return Progress(await asyncio.to_thread(upload.offset), about.length, about.metadata)
