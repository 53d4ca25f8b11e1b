"""Uploads that can be taken up again, over HTTP: tus 1.0 with creation and termination."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Header, Request, Response, status
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.api.problems import Problem, problem_responses
from app.api.videos import Library, UploadView, get_video
from app.media.errors import MediaError
from app.uploads import errors
from app.uploads.headers import BODY_TYPE, EXTENSIONS, VERSION, byte_count, file_name
from app.uploads.receiver import Progress, Receiver
from app.uploads.shelf import UploadShelf
from app.videos.errors import VideoError

_STATUSES: Final = {
    errors.UploadNotFound: 404,
    errors.WrongOffset: 409,
    errors.TakenOver: 409,
    errors.NotComplete: 409,
    errors.TooManyBytes: 413,
    errors.TooManyUploads: 429,
    errors.BadHeader: 400,
}
_ANSWERED_BY_THE_APP = (Problem, HTTPException, RequestValidationError, VideoError, MediaError)
_SPEAKS_TUS = frozenset({"POST", "HEAD", "PATCH", "DELETE"})
_RECEIVED: dict[str, Any] = {
    "description": "The bytes are kept; with the last ones, what came of them",
    "headers": {
        "Upload-Offset": {"description": "How many bytes have come.", "schema": {"type": "integer"}},
        "Upload-Result": {
            "description": "With the last bytes: the video, as JSON, URL-encoded.",
            "schema": {"type": "string"},
        },
    },
}
_BYTES: dict[str, Any] = {
    "requestBody": {"required": True, "content": {BODY_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}


class UploadedView(BaseModel):
    """What came of an upload."""

    video: UploadView


class TusRoute(APIRoute):
    """A route of the protocol: names its version in every answer, errors included, and asks requests for it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                _check_version(request)
                response = await handler(request)
            except errors.UploadError as error:
                response = Problem(_STATUSES[type(error)], str(error), headers=_hints(error)).response()
            except _ANSWERED_BY_THE_APP as error:
                response = await _as_the_app_answers(request, error)
            response.headers["Tus-Resumable"] = VERSION
            response.headers["Tus-Version"] = VERSION
            return response

        return handle


def _receiver(request: Request) -> Receiver:
    receiver: Receiver = request.app.state.uploads
    return receiver


def _shelf(request: Request) -> UploadShelf:
    shelf: UploadShelf = request.app.state.upload_shelf
    return shelf


Uploads = Annotated[Receiver, Depends(_receiver)]
Shelf = Annotated[UploadShelf, Depends(_shelf)]
router = APIRouter(prefix="/api", tags=["uploads"], route_class=TusRoute)


@router.options("/uploads", status_code=status.HTTP_204_NO_CONTENT, responses=problem_responses())
async def describe_uploads(response: Response, uploads: Uploads) -> None:
    """Tell what of the protocol is spoken here."""
    response.headers.update({"Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(uploads.max_bytes)})


@router.post(
    "/uploads",
    status_code=status.HTTP_201_CREATED,
    response_class=Response,
    responses={
        201: {
            "description": "The upload can begin",
            "headers": {"Location": {"description": "Where to send the bytes.", "schema": {"type": "string"}}},
        },
        **problem_responses(412, 429, 507),
    },
)
async def begin_upload(
    uploads: Uploads,
    upload_length: Annotated[str | None, Header(description="Bytes of the file.")] = None,
    upload_metadata: Annotated[str | None, Header(description="`filename` and its value in base64.")] = None,
) -> Response:
    """Begin an upload; the size is checked now."""
    metadata = upload_metadata or ""
    upload_id = await uploads.begin(file_name(metadata), byte_count("Upload-Length", upload_length), metadata)
    return Response(status_code=status.HTTP_201_CREATED, headers={"Location": f"/api/uploads/{upload_id}"})


@router.head("/uploads/{upload_id}", response_class=Response, responses=problem_responses(404, 412))
async def get_upload_offset(upload_id: str, uploads: Uploads) -> Response:
    """Tell in Upload-Offset where to go on; a request that still sends is ended."""
    progress = await uploads.progress(upload_id)
    headers = {**_offset(progress), "Upload-Length": str(progress.length), "Cache-Control": "no-store"}
    return Response(headers=headers | ({"Upload-Metadata": progress.metadata} if progress.metadata else {}))


@router.patch(
    "/uploads/{upload_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    openapi_extra=_BYTES,
    responses={204: _RECEIVED, **problem_responses(404, 409, 412, 415, 507)},
)
async def send_upload_bytes(
    upload_id: str,
    request: Request,
    uploads: Uploads,
    library: Library,
    upload_offset: Annotated[str | None, Header(description="Where these bytes begin.")] = None,
) -> Response:
    """Take bytes; what came before the connection broke is kept."""
    if request.headers.get("content-type") != BODY_TYPE:
        raise Problem(415, f"Send the bytes with the header Content-Type: {BODY_TYPE}.")
    progress = await uploads.receive(upload_id, byte_count("Upload-Offset", upload_offset), _until_it_breaks(request))
    headers = _offset(progress)
    if progress.is_complete:
        uploaded = await _result(upload_id, uploads, library)
        headers["Upload-Result"] = quote(uploaded.video.model_dump_json())
    return Response(status_code=status.HTTP_204_NO_CONTENT, headers=headers)


@router.get("/uploads/{upload_id}", responses=problem_responses(404, 409, 415, 507))
async def get_uploaded_video(upload_id: str, uploads: Uploads, library: Library) -> UploadedView:
    """Tell what came of an upload all of whose bytes have come; 409 before."""
    return await _result(upload_id, uploads, library)


@router.delete("/uploads/{upload_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problem_responses(404, 412))
async def give_up_upload(upload_id: str, uploads: Uploads) -> None:
    """Forget an upload; a video that came of it stays."""
    await uploads.give_up(upload_id)


async def _result(upload_id: str, uploads: Receiver, library: Library) -> UploadedView:
    added = await uploads.result(upload_id)
    video = await get_video(added.video.video_id, library)
    return UploadedView(video=UploadView(**video.model_dump(), duplicate=added.duplicate))


async def _until_it_breaks(request: Request) -> AsyncIterator[bytes]:
    """Yield the body; its end and a broken connection are the same here: the client asks where to go on."""
    with suppress(ClientDisconnect):
        async for chunk in request.stream():
            yield chunk


def _offset(progress: Progress) -> dict[str, str]:
    return {"Upload-Offset": str(progress.offset)}


def _hints(error: errors.UploadError) -> dict[str, str]:
    if isinstance(error, errors.WrongOffset):
        return {"Upload-Offset": str(error.offset)}
    return {"Retry-After": "60"} if isinstance(error, errors.TooManyUploads) else {}


def _check_version(request: Request) -> None:
    if request.method in _SPEAKS_TUS and request.headers.get("tus-resumable") != VERSION:
        raise Problem(412, f"This call is part of tus {VERSION}: send the header Tus-Resumable: {VERSION}.")


async def _as_the_app_answers(request: Request, error: Exception) -> Response:
    """The answer that the error would get if it left the route."""
    handlers = request.app.exception_handlers
    handler = next(handlers[kind] for kind in type(error).__mro__ if kind in handlers)
    answer: Response = await handler(request, error)
    return answer
