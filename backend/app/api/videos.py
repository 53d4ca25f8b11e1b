"""The video library over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response, status
from fastapi.responses import FileResponse
from pydantic import BaseModel
from starlette.requests import ClientDisconnect

from app.api.problems import Problem, problem_responses
from app.api.sending import SentFile
from app.videos.errors import UploadBroken
from app.videos.filmstrips import Filmstrips
from app.videos.library import Added, VideoLibrary
from app.videos.multipart import MultipartFile
from app.videos.sample import SAMPLE_COUNT, add_sample
from app.videos.video import StoredVideo

JobsUsing = Callable[[str], Awaitable[Sequence[str]]]
"""Tells the ids of the unfinished jobs that need a video."""

_AS_DATA = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=86400",
}
"""A browser must take what a person uploaded for nothing but a film or a picture."""
_MULTIPART_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}

router = APIRouter(prefix="/api", tags=["videos"])


class VideoView(BaseModel):
    """A stored video as the API shows it; times in seconds, sizes in bytes and pixels."""

    video_id: str
    name: str
    size: int
    duration: float
    width: int
    height: int
    fps: float | None
    codec: str
    audio_codec: str | None
    media_type: str
    plays_in_browsers: bool
    uploaded_at: datetime


class UploadView(VideoView):
    """What came of an upload."""

    duplicate: bool


class DamagedView(BaseModel):
    """A stored video that cannot be used."""

    video_id: str
    reason: str


class VideosView(BaseModel):
    """All videos, newest first."""

    videos: list[VideoView]
    damaged: list[DamagedView]


def _library(request: Request) -> VideoLibrary:
    library: VideoLibrary = request.app.state.videos
    return library


def _jobs_using(request: Request) -> JobsUsing:
    jobs_using: JobsUsing = request.app.state.jobs_using
    return jobs_using


def _filmstrips(request: Request) -> Filmstrips:
    filmstrips: Filmstrips = request.app.state.filmstrips
    return filmstrips


Library = Annotated[VideoLibrary, Depends(_library)]


@router.post(
    "/videos",
    status_code=status.HTTP_201_CREATED,
    response_model=UploadView,
    openapi_extra=_MULTIPART_BODY,
    responses={200: {"model": UploadView, "description": "It was there already"}, **problem_responses(415, 507)},
)
async def upload_video(request: Request, response: Response, library: Library) -> UploadView:
    """Store a video sent in the multipart field `file`; the same content twice is stored once."""
    upload = MultipartFile(request.headers.get("content-type", ""), request.stream())
    announced = request.headers.get("content-length", "")
    try:
        name = await upload.name()
        added = await library.add(name, upload, announced_bytes=int(announced) if announced.isdecimal() else 0)
    except ClientDisconnect:
        raise UploadBroken("The upload broke off: send it again.") from None
    return _upload_view(added, response)


@router.post(
    "/videos/sample",
    status_code=status.HTTP_201_CREATED,
    response_model=UploadView,
    responses={200: {"model": UploadView, "description": "It was there already"}, **problem_responses(507)},
)
async def add_sample_video(
    response: Response, library: Library, which: Annotated[int, Query(ge=1, le=SAMPLE_COUNT)] = 1
) -> UploadView:
    """Make one of our own short videos and store it, for trying things out."""
    return _upload_view(await add_sample(library, which), response)


@router.get("/videos", responses=problem_responses())
async def list_videos(library: Library) -> VideosView:
    """List the videos, newest first."""
    contents = await library.contents()
    return VideosView(
        videos=[VideoView(**_fields(video)) for video in contents.videos],
        damaged=[DamagedView(video_id=error.video_id, reason=error.reason) for error in contents.damaged],
    )


@router.get("/videos/{video_id}", include_in_schema=False)
@router.get("/video/{video_id}", responses=problem_responses(404))
async def get_video(video_id: str, library: Library) -> VideoView:
    """Tell what is known of one video."""
    return VideoView(**_fields(await library.get(video_id)))


@router.delete("/videos/{video_id}", status_code=status.HTTP_204_NO_CONTENT, include_in_schema=False)
@router.delete("/video/{video_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problem_responses(404, 409))
async def delete_video(
    video_id: str,
    library: Library,
    jobs_using: Annotated[JobsUsing, Depends(_jobs_using)],
    force: Annotated[bool, Query(description="Delete it even if an unfinished job needs it.")] = False,  # noqa: FBT002 (a query parameter)
) -> None:
    """Delete a video."""
    if not force and (jobs := await jobs_using(video_id)):
        raise Problem(
            409,
            f"Unfinished jobs need this video: {', '.join(jobs)}. Cancel them first, or delete with ?force=true.",
            jobs=list(jobs),
        )
    await library.delete(video_id)


@router.head("/videos/{video_id}/file", include_in_schema=False)
@router.get("/videos/{video_id}/file", include_in_schema=False)
@router.head("/video/{video_id}/file", include_in_schema=False)
@router.get(
    "/video/{video_id}/file",
    response_class=FileResponse,
    responses={206: {"description": "The part that Range asked for"}, **problem_responses(404, 416)},
)
async def get_video_file(video_id: str, library: Library) -> SentFile:
    """Send the file, or the part that a Range header asks for."""
    video = await library.get(video_id)
    return SentFile(
        library.path_of(video),
        media_type=video.facts.media_type,
        filename=video.name,
        content_disposition_type="inline",
        headers={**_AS_DATA, "ETag": f'"{video.sha256}"'},
    )


@router.head("/videos/{video_id}/poster", include_in_schema=False)
@router.get("/videos/{video_id}/poster", include_in_schema=False)
@router.head("/video/{video_id}/poster", include_in_schema=False)
@router.get("/video/{video_id}/poster", response_class=FileResponse, responses=problem_responses(404, 416))
async def get_video_poster(video_id: str, library: Library) -> SentFile:
    """Send a still picture of the video (JPEG)."""
    return SentFile(await library.poster_of(video_id), media_type="image/jpeg", headers=_AS_DATA)


@router.head("/video/{video_id}/filmstrip", include_in_schema=False)
@router.get("/video/{video_id}/filmstrip", response_class=FileResponse, responses=problem_responses(404, 416, 507))
async def get_video_filmstrip(video_id: str, filmstrips: Annotated[Filmstrips, Depends(_filmstrips)]) -> SentFile:
    """Send 24 small pictures side by side (JPEG), each of an equal stretch; the first time they have to be made."""
    return SentFile(await filmstrips.of(video_id), media_type="image/jpeg", headers=_AS_DATA)


def _upload_view(added: Added, response: Response) -> UploadView:
    if added.duplicate:
        response.status_code = status.HTTP_200_OK
    return UploadView(**_fields(added.video), duplicate=added.duplicate)


def _fields(video: StoredVideo) -> dict[str, Any]:
    facts = video.facts
    return {
        "video_id": video.video_id,
        "name": video.name,
        "size": video.size,
        "duration": facts.duration,
        "width": facts.width,
        "height": facts.height,
        "fps": facts.fps,
        "codec": facts.codec,
        "audio_codec": facts.audio_codec,
        "media_type": facts.media_type,
        "plays_in_browsers": facts.plays_in_browsers,
        "uploaded_at": video.uploaded_at,
    }
