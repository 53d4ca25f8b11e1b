"""The videos that a request names: those that are stored, and those that are still being uploaded."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from msgspec import Struct

from app.api.problems import Problem
from app.compare.clips import Clip, why_outside
from app.uploads.errors import UploadNotFound
from app.uploads.partial import Look, is_upload_id
from app.uploads.shelf import UploadShelf
from app.videos.library import VideoLibrary
from app.videos.video import StoredVideo


class Chosen(Struct, frozen=True):
    """What a comparison is about, in the order of the request, each once."""

    by_id: dict[str, StoredVideo | Look]
    """Videos that are stored, and uploads under way."""

    @property
    def ids(self) -> list[str]:
        """Of videos and uploads."""
        return list(self.by_id)

    @property
    def names(self) -> list[str]:
        """Of their files."""
        return [each.name for each in self.by_id.values()]

    @property
    def stored(self) -> list[StoredVideo]:
        """The videos that are there."""
        return [each for each in self.by_id.values() if isinstance(each, StoredVideo)]

    @property
    def awaited(self) -> list[str]:
        """Ids of the uploads whose videos are not."""
        return [upload_id for upload_id, each in self.by_id.items() if isinstance(each, Look)]


async def choose(ids: Iterable[str], library: VideoLibrary, uploads: UploadShelf, clip: Clip) -> Chosen:
    """Find what the ids name, each of a video or of an upload.

    Raises Problem when an upload is gone, or when the clip does not lie inside a video; VideoNotFound, VideoDamaged,
    and MediaError for an upload that turned out to be no usable video.
    """
    chosen: dict[str, StoredVideo | Look] = {}
    for given in ids:
        upload = await _upload(given, uploads) if is_upload_id(given) else None
        if upload is not None and upload.outcome is None:
            chosen[given] = upload
            continue
        video = await library.get(_arrived(upload) if upload else given)
        if reason := why_outside(clip, video):
            raise Problem(422, reason)
        chosen[video.video_id] = video
    return Chosen(chosen)


async def _upload(upload_id: str, uploads: UploadShelf) -> Look:
    try:
        return await asyncio.to_thread(uploads.look, upload_id)
    except UploadNotFound as error:
        raise Problem(404, str(error)) from None


def _arrived(upload: Look) -> str:
    if upload.outcome is None:
        return ""
    upload.outcome.check()
    return upload.outcome.video_id or ""
