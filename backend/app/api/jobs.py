"""The jobs over HTTP: the library's router, and what only this app knows about jobs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter

from app.jobs import job_queue, uploads
from app.uploads.partial import is_upload_id
from app.videos.video import is_video_id
from longtake import Filter, Job, JobStatus
from longtake.fastapi import job_router

router: APIRouter = job_router(job_queue, origins=["*"])  # app.gate sees to Host and Origin


async def jobs_using(video_id: str) -> Sequence[str]:
    """Ids of the unfinished jobs that need a video."""
    if not is_video_id(video_id):
        return []
    unfinished = job_queue.matching(Filter(status=(JobStatus.PENDING, JobStatus.RUNNING)))
    return [job.id async for job in unfinished if video_id in await videos_of(await job_queue.get(job.id))]


async def videos_of(job: Job) -> list[str]:
    """Ids of the videos that a job is about, those that came of uploads included; none for a job of another kind."""
    several = job.args.get("video_ids")
    ids: list[Any] = [job.args.get("video_id"), *(several if isinstance(several, list) else [])]
    given = [video_id for video_id in ids if isinstance(video_id, str)]
    arrived = {upload: await asyncio.to_thread(uploads.video_of, upload) for upload in filter(is_upload_id, given)}
    return [arrived.get(each) or each for each in given]
