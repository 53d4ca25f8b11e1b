"""Jobs and videos by the beginning of their ids."""

from __future__ import annotations

from app.cli.exits import Refused
from app.jobs import job_queue, videos
from longtake import Filter, Job, JobNotFound

_WHOLE_JOB_ID = 26


async def find_job(beginning: str) -> Job:
    """The one job whose id begins so. Raises Refused."""
    wanted = beginning.lower()
    if len(wanted) == _WHOLE_JOB_ID:
        try:
            return await job_queue.get(wanted)
        except JobNotFound as error:
            raise Refused(str(error)) from None
    return await job_queue.get(_only(await _jobs(wanted), beginning, "job", "longtake-compare jobs ls"))


async def find_video(beginning: str) -> str:
    """The id of the one video whose id begins so. Raises Refused."""
    contents = await videos.contents()
    ids = [*(video.video_id for video in contents.videos), *(error.video_id for error in contents.damaged)]
    found = [video_id for video_id in ids if video_id.startswith(beginning.lower())]
    return _only(found, beginning, "video", "longtake-compare videos ls")


async def _jobs(beginning: str) -> list[str]:
    """Those that begin so; not all when there are many."""
    found: list[str] = []
    async for job in job_queue.matching(Filter(text=beginning)):
        if job.id.startswith(beginning):
            found.append(job.id)
        if len(found) > 1:
            break
    return found


def _only(found: list[str], beginning: str, noun: str, command: str) -> str:
    if not found or not beginning:
        raise Refused(f"There is no {noun} whose id begins with {beginning[:40]!r}: {command} lists them.")
    if len(found) > 1:
        raise Refused(f"Several {noun}s have ids that begin with {beginning!r}: give more letters of it.")
    return found[0]
