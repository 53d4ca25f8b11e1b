"""In how many jobs each video is used, over HTTP."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from app.api.problems import problem_responses
from app.uploads.partial import is_upload_id
from longtake import Filter, Job, JobDamaged, JobNotFound, JobQueue

router = APIRouter(prefix="/api", tags=["videos"])


class VideoUsesView(BaseModel):
    """In how many jobs each video is used."""

    jobs: dict[str, int] = Field(description="By video id; a video that no job uses is missing.")


class VideoUses:
    """Counts the jobs of each video; what a job is about does not change once all is uploaded, so each is read once."""

    def __init__(self, queue: JobQueue, videos_of: Callable[[Job], Awaitable[Iterable[str]]]) -> None:
        self._queue = queue
        self._videos_of_job = videos_of
        self._videos: dict[str, frozenset[str]] = {}

    async def count(self) -> dict[str, int]:
        """In how many jobs each video is used, by video id."""
        current: dict[str, frozenset[str]] = {}
        async for summary in self._queue.matching(Filter()):
            known = self._videos.get(summary.id)
            current[summary.id] = known if known is not None else await self._videos_of(summary.id)
        self._videos = {job: videos for job, videos in current.items() if not any(map(is_upload_id, videos))}
        return dict(Counter(video for videos in current.values() for video in videos if not is_upload_id(video)))

    async def _videos_of(self, job_id: str) -> frozenset[str]:
        try:
            return frozenset(await self._videos_of_job(await self._queue.get(job_id)))
        except (JobNotFound, JobDamaged):
            return frozenset()


@router.get("/video-uses", responses=problem_responses())
async def get_video_uses(request: Request) -> VideoUsesView:
    """In how many jobs each video is used, finished ones included."""
    uses: VideoUses = request.app.state.video_uses
    return VideoUsesView(jobs=await uses.count())
