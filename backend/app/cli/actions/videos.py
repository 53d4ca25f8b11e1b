"""What the commands about videos do."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from app.api.jobs import jobs_using
from app.api.videos import UploadView, get_video
from app.cli.actions.finding import find_video
from app.cli.exits import Refused
from app.cli.printing import advise, print_views, say
from app.jobs import videos
from app.videos.library import Added
from app.videos.video import StoredVideo


def ls(*, as_json: bool) -> None:
    """List the videos."""
    contents = asyncio.run(videos.contents())
    if as_json:
        print_views("videos", [asyncio.run(get_video(video.video_id, videos)) for video in contents.videos])
    else:
        for video in contents.videos:
            say(_line(video))
        if not contents.videos:
            advise("No video is stored: longtake-compare videos add FILE")
    for error in contents.damaged:
        advise(str(error))


def add(files: Sequence[Path], *, as_json: bool) -> None:
    """Store copies of files."""
    added = asyncio.run(_add(files))
    if as_json:
        print_views("videos", asyncio.run(_views(added)))
        return
    for each in added:
        say(_line(each.video) + ("  (was there already)" if each.duplicate else ""))


def rm(beginnings: Sequence[str], *, force: bool) -> None:
    """Delete videos. Raises Refused when an unfinished job needs one."""
    asyncio.run(_rm(beginnings, force=force))


async def _add(files: Sequence[Path]) -> list[Added]:
    await videos.prepare()
    return [await videos.add_file(path, path.name) for path in files]


async def _views(added: Sequence[Added]) -> list[UploadView]:
    return [
        UploadView(**(await get_video(each.video.video_id, videos)).model_dump(), duplicate=each.duplicate)
        for each in added
    ]


async def _rm(beginnings: Sequence[str], *, force: bool) -> None:
    for video_id in [await find_video(beginning) for beginning in beginnings]:
        if not force and (jobs := await jobs_using(video_id)):
            raise Refused(f"Unfinished jobs need video {video_id}: {', '.join(jobs)}. Cancel them, or add --force.")
        await videos.delete(video_id)
        say(f"{video_id} deleted")


def _line(video: StoredVideo) -> str:
    facts = video.facts
    return (
        f"{video.video_id}  {facts.duration:7.1f} s  {facts.width}x{facts.height}  "
        f"{video.size / 1e6:8.1f} MB  {video.name}"
    )
