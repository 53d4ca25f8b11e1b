"""Brings together what an export tells: the job, its videos, the ratings."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime

from app.compare.export.report import Report, ReportedVideo
from app.compare.ratings import RatingsShelf
from app.compare.standing import standing_of
from app.videos.errors import VideoDamaged, VideoNotFound
from app.videos.library import VideoLibrary
from longtake import JobQueue


class Gatherer:
    """Reads reports of the comparisons of one data folder."""

    def __init__(self, queue: JobQueue, library: VideoLibrary, ratings: RatingsShelf) -> None:
        self._queue = queue
        self._library = library
        self._ratings = ratings

    async def report(self, job_id: str, *, posters: bool) -> Report:
        """Read how a comparison stands now. Raises JobNotFound, NotAComparison."""
        standing = await standing_of(self._queue, job_id)
        video_ids = dict.fromkeys(plan.video_id for plan in standing.plans)
        return Report(
            standing=standing,
            videos=await self._videos(video_ids, posters=posters),
            ratings=await self._ratings.read(job_id),
            exported_at=datetime.now(UTC),
        )

    async def _videos(self, video_ids: Iterable[str], *, posters: bool) -> dict[str, ReportedVideo]:
        return {
            video_id: video
            for video_id in video_ids
            if (video := await self._video(video_id, poster=posters)) is not None
        }

    async def _video(self, video_id: str, *, poster: bool) -> ReportedVideo | None:
        try:
            stored = await self._library.get(video_id)
        except (VideoNotFound, VideoDamaged):
            return None
        return ReportedVideo(
            name=stored.name,
            duration=stored.facts.duration,
            width=stored.facts.width,
            height=stored.facts.height,
            size=stored.size,
            sha256=stored.sha256,
            poster=await self._poster(video_id) if poster else None,
        )

    async def _poster(self, video_id: str) -> bytes | None:
        with suppress(LookupError, FileNotFoundError):
            path = await self._library.poster_of(video_id)
            return await asyncio.to_thread(path.read_bytes)
        return None
