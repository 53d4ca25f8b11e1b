"""The videos of a comparison that were still being uploaded when it was submitted: its job waits for them.

In the arguments of the job the id of the upload stands in the place of the video's. What became of an upload is the
value of the step `upload <id>`, so that the job knows it for ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app.compare.cells import CellError, CellPlan
from app.compare.clips import why_outside
from app.models.base import AskOptions
from app.models.errors import ErrorKind
from app.uploads.errors import UploadNotFound
from app.uploads.partial import Look, Outcome, is_upload_id
from app.uploads.shelf import STALE_AFTER, UploadShelf
from app.videos.errors import VideoDamaged, VideoNotFound
from app.videos.library import VideoLibrary
from longtake import JobContext, Step

_STEP = "upload "
_KEPT = "uploads"
_SECONDS_BETWEEN_LOOKS = 0.5
_ANEW = "Upload it again and compare it in a new job; the answers about other videos stay."
_ANOTHER = "Choose another file and compare it in a new job; the answers about other videos stay."


class Arrival(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of an upload: a video, or the reason why its cells are not asked."""

    upload_id: str
    name: str
    """Of the file."""
    since: datetime
    """When the job began to wait."""
    video_id: str | None = None
    error: CellError | None = None


class Seen(Struct, frozen=True, kw_only=True):
    """How an upload stood when it was last looked at."""

    name: str
    changed_at: datetime
    since: datetime
    """When the job began to wait."""


class UploadDesk:
    """Where comparisons ask for the videos that are on their way."""

    def __init__(self, uploads: UploadShelf, library: VideoLibrary) -> None:
        self.uploads = uploads
        self.library = library

    async def awaited(self, job: JobContext, plans: Iterable[CellPlan], options: AskOptions) -> Arrivals:
        """What a job waits for; it is on record that it began to."""
        arrivals = Arrivals(self, job, {plan.video_id for plan in plans if is_upload_id(plan.video_id)}, options)
        await arrivals.begin()
        return arrivals


class Arrivals:
    """The uploads that one job waits for."""

    def __init__(self, desk: UploadDesk, job: JobContext, upload_ids: Iterable[str], options: AskOptions) -> None:
        self._desk = desk
        self._job = job
        self._options = options
        self.awaited = sorted(upload_ids)
        """Ids of the uploads of which nothing has become yet."""
        self._seen: dict[str, Seen] = msgspec.convert(job.kept(_KEPT) or {}, dict[str, Seen])
        self._shown: dict[str, Any] = {}

    async def begin(self) -> None:
        """Keep what is known now: a later attempt can tell of an upload that is gone."""
        if self.awaited:
            await self._look()
            await self._job.keep(_KEPT, self._seen)

    async def some(
        self, at_work: Collection[asyncio.Task[Any]], *, told: Callable[[], Awaitable[None]]
    ) -> list[Arrival]:
        """Wait until something has become of one upload or several; `told` is called when more has come.

        While none of these tasks is at work the job stands aside.
        """
        arriving = asyncio.ensure_future(self._some(told))
        try:
            while not arriving.done() and (busy := {task for task in at_work if not task.done()}):
                await asyncio.wait({arriving, *busy}, return_when=asyncio.FIRST_COMPLETED)
            if not arriving.done():
                async with self._job.aside():
                    await asyncio.wait({arriving})
            return arriving.result()
        finally:
            arriving.cancel()

    def in_words(self) -> str:
        """What is waited for, such as "Waiting for 1 upload, 43 %"; empty when nothing is."""
        if not self.awaited:
            return ""
        sent = sum(shown["sent"] for shown in self._shown.values())
        size = sum(shown["size"] for shown in self._shown.values())
        uploads = "1 upload" if len(self.awaited) == 1 else f"{len(self.awaited)} uploads"
        return f"Waiting for {uploads}, {100 * sent // size if size else 0} %"

    async def _some(self, told: Callable[[], Awaitable[None]]) -> list[Arrival]:
        while True:
            looks = await self._look()
            settled = [upload_id for upload_id, look in looks.items() if look is None or look.outcome is not None]
            if settled:
                return [await self._settle(upload_id) for upload_id in settled]
            await told()
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    async def _look(self) -> dict[str, Look | None]:
        """How each upload stands, or None when it is gone; what the disk does not tell now is left out."""
        looks: dict[str, Look | None] = {}
        for upload_id in self.awaited:
            try:
                looks[upload_id] = look = await asyncio.to_thread(self._desk.uploads.look, upload_id)
            except UploadNotFound:
                looks[upload_id] = None
            except OSError:
                continue  # no handles left, for example: the next look will tell
            else:
                since = self._since(upload_id)
                self._seen[upload_id] = Seen(name=look.name, changed_at=look.changed_at, since=since)
                shown = {"name": look.name, "sent": look.sent, "size": look.length, "since": since.isoformat()}
                self._show(upload_id, shown)
        return looks

    def _since(self, upload_id: str) -> datetime:
        seen = self._seen.get(upload_id)
        return seen.since if seen else datetime.now(UTC)

    def _show(self, upload_id: str, shown: dict[str, Any] | None) -> None:
        if shown != self._shown.get(upload_id):
            self._job.publish(_STEP + upload_id, shown)
        if shown is None:
            self._shown.pop(upload_id, None)
        else:
            self._shown[upload_id] = shown

    async def _settle(self, upload_id: str) -> Arrival:
        arrival: Arrival = await self._job.step(_STEP + upload_id, self._arrival, upload_id)
        self.awaited.remove(upload_id)
        self._show(upload_id, None)
        return arrival

    async def _arrival(self, upload_id: str) -> Arrival:
        try:
            look = await asyncio.to_thread(self._desk.uploads.look, upload_id)
        except UploadNotFound:
            return self._gone(upload_id)
        outcome = look.outcome or Outcome()
        arrival = Arrival(upload_id=upload_id, name=look.name, since=self._since(upload_id), video_id=outcome.video_id)
        if outcome.refused_as is not None:
            return replace(arrival, error=_error(ErrorKind.UNREADABLE, f"{look.name}: {outcome.refusal}", _ANOTHER))
        with suppress(VideoNotFound, VideoDamaged):  # its cells will tell
            why = why_outside(self._options, await self._desk.library.get(outcome.video_id or ""))
            if why is not None:
                return replace(arrival, error=_error(ErrorKind.INVALID, why, "Compare it anew, with another clip."))
        return arrival

    def _gone(self, upload_id: str) -> Arrival:
        seen = self._seen.get(upload_id)
        name = seen.name if seen else "the video"
        is_old = seen is not None and datetime.now(UTC) - seen.changed_at >= STALE_AFTER
        why = "nobody went on with it for a day" if is_old else "it was given up"
        error = _error(ErrorKind.VIDEO_MISSING, f"The upload of {name} never came to its end: {why}.", _ANEW)
        return Arrival(upload_id=upload_id, name=name, since=self._since(upload_id), error=error)


def arrived(plans: Sequence[CellPlan], steps: Iterable[Step]) -> list[CellPlan]:
    """The plans with the videos that came of uploads in their place."""
    arrivals = [msgspec.convert(step.value, Arrival) for step in steps if step.name.startswith(_STEP)]
    videos = {arrival.upload_id: arrival.video_id for arrival in arrivals if arrival.video_id is not None}
    return [replace(plan, video_id=videos.get(plan.video_id, plan.video_id)) for plan in plans]


def _error(kind: ErrorKind, message: str, what_to_do: str) -> CellError:
    return CellError(kind=kind.value, message=message, what_to_do=what_to_do, retryable=False)
