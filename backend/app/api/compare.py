"""Comparisons over HTTP: as jobs, or waiting for the answer."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, status

from app.api.choosing import Chosen, choose
from app.api.problems import Problem, problem_responses
from app.api.schemas import BatchCompareRequest, CompareRequest, Submitted
from app.api.terms import TermsBody
from app.compare import batch, single
from app.models.errors import ModelError
from app.models.registry import Registry
from app.uploads.shelf import UploadShelf
from app.videos.library import VideoLibrary
from longtake import Job, JobQueue, LongtakeError
from longtake.fastapi import JobView, job_view

router = APIRouter(prefix="/api", tags=["compare"])


class Comparer:
    """Checks what is asked and submits it."""

    def __init__(self, queue: JobQueue, registry: Registry, library: VideoLibrary, uploads: UploadShelf) -> None:
        self._queue = queue
        self._registry = registry
        self._library = library
        self._uploads = uploads

    async def compare(self, asked: CompareRequest) -> tuple[Job, int]:
        """Submit one video, one prompt, several models; returns the job and the number of its cells."""
        models = self._available(asked.models)
        video = await choose([asked.video_id], self._library, self._uploads, asked.options)
        title = f"Compare {_count(len(models), 'model')} on {_named(video)}"
        args = {"video_id": video.ids[0], "prompt": asked.prompt, "models": models}
        job = await self._submit(single.KIND, asked, title, args)
        return job, len(models) * asked.repeats

    async def batch_compare(self, asked: BatchCompareRequest) -> tuple[Job, int]:
        """Submit all combinations; returns the job and the number of its cells."""
        models, prompts = self._available(asked.models), list(dict.fromkeys(asked.prompts))
        videos = await choose(asked.video_ids, self._library, self._uploads, asked.options)
        title = f"Compare {_count(len(models), 'model')} on {_named(videos)}"
        if len(prompts) > 1:
            title += f", {len(prompts)} prompts"
        args = {"video_ids": videos.ids, "prompts": prompts, "models": models}
        job = await self._submit(batch.KIND, asked, title, args)
        return job, len(videos.ids) * len(prompts) * len(models) * asked.repeats

    async def finished(self, job: Job) -> Job:
        """Wait until the job is finished; if the client goes away the job goes on."""
        async for latest in self._queue.watch(job.id):
            job = latest
        return job

    async def _submit(self, kind: str, asked: TermsBody, usual_title: str, args: dict[str, Any]) -> Job:
        try:
            self._queue.targets_of(kind, asked.notify)
        except LongtakeError as error:
            raise Problem(422, f"notify: {error}") from None
        args |= asked.terms().as_args()
        return await self._queue.submit(kind, title=asked.title or usual_title, **asked.job_options(), **args)

    def _available(self, model_ids: list[str]) -> list[str]:
        """The models, each once. Raises Problem when one is unknown or cannot be asked now."""
        for model_id in model_ids:
            try:
                missing = self._registry.get_listed(model_id).missing()
            except ModelError as error:
                raise Problem(422, f"{error.message} {error.what_to_do}", model=model_id) from None
            if missing is not None:
                raise Problem(
                    422, f"{model_id} cannot be asked now. {missing.why} {missing.what_to_do}", model=model_id
                )
        return list(dict.fromkeys(model_ids))


def _comparer(request: Request) -> Comparer:
    comparer: Comparer = request.app.state.comparer
    return comparer


Compares = Annotated[Comparer, Depends(_comparer)]
_PROBLEMS = problem_responses(404, 429, 507)


@router.post("/compare-async", status_code=status.HTTP_202_ACCEPTED, responses=_PROBLEMS)
async def compare_async(asked: CompareRequest, comparer: Compares) -> Submitted:
    """Ask several models one prompt about one video, in the background.

    The id of an upload that is under way may stand for the video: the job waits for it.
    """
    job, cells = await comparer.compare(asked)
    return Submitted(job_id=job.id, status=job.status, cells=cells)


@router.post("/batch-compare-async", status_code=status.HTTP_202_ACCEPTED, responses=_PROBLEMS)
async def batch_compare_async(asked: BatchCompareRequest, comparer: Compares) -> Submitted:
    """Ask every model every prompt about every video, in the background, as one job.

    Ids of uploads under way may stand among those of videos: the job waits for them, and asks about the others.
    """
    job, cells = await comparer.batch_compare(asked)
    return Submitted(job_id=job.id, status=job.status, cells=cells)


@router.post("/compare", responses=_PROBLEMS)
async def compare(asked: CompareRequest, comparer: Compares) -> JobView:
    """The same as /compare-async, waiting for the end; if you go away the job goes on."""
    job, _ = await comparer.compare(asked)
    return job_view(await comparer.finished(job))


@router.post("/batch-compare", responses=_PROBLEMS)
async def batch_compare(asked: BatchCompareRequest, comparer: Compares) -> JobView:
    """The same as /batch-compare-async, waiting for the end; if you go away the job goes on."""
    job, _ = await comparer.batch_compare(asked)
    return job_view(await comparer.finished(job))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _named(videos: Chosen) -> str:
    return videos.names[0] if len(videos.names) == 1 else f"{len(videos.names)} videos"
