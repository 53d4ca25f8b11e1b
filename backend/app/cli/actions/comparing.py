"""What `compare` does: store the files, submit the job, wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.api.compare import Comparer
from app.api.estimate import Estimator
from app.api.problems import Problem
from app.api.schemas import BatchCompareRequest, CompareRequest
from app.api.terms import TermsBody
from app.cli.actions.estimating import estimate_in_words
from app.cli.actions.following import follow, progress_on, way_back
from app.cli.actions.results import print_results
from app.cli.actions.storing import file_named, stored
from app.cli.exits import Exit, Refused, exit_of
from app.cli.printing import advise, aside, print_json, say
from app.compare.export import Format
from app.jobs import caps, earlier, job_queue, ledger, limits, registry, uploads, videos
from app.models.errors import ModelError
from longtake import Job


def submit(
    names: Sequence[str], prompts: Sequence[str], models: Sequence[str], terms: Mapping[str, Any] | None = None
) -> Job:
    """Store the videos that are files, and submit the comparison; `terms` are those of the API. Raises Refused."""
    files = {name: file_named(name) for name in names}
    try:
        asked = TermsBody.model_validate(terms or {})
    except ValidationError as error:
        raise Refused("; ".join(map(_complaint, error.errors()))) from None
    return asyncio.run(_submit(files, prompts, models, asked))


def leave(job: Job, data: Path | None, *, as_json: bool) -> None:
    """Say how to come back to a job that nobody waits for."""
    if as_json:
        print_json({"job_id": job.id, "status": job.status})
        return
    say(job.id)
    advise(f"The job runs in the background. Come back with: {way_back(job.id, data)}")


def wait(job: Job, wanted: Format | None, output: Path | None, *, timeout: float | None, data: Path | None) -> Exit:
    """Wait for the answers, show them, and tell how it ended."""
    with progress_on(aside) as show:
        job = follow(job, show, timeout=timeout, data=data)
    asyncio.run(print_results(job.id, wanted, output))
    return exit_of(job.status)


async def _submit(
    files: Mapping[str, Path | None], prompts: Sequence[str], models: Sequence[str], asked: TermsBody
) -> Job:
    check_models(models)
    await videos.prepare()
    video_ids = [await stored(name, path) for name, path in files.items()]
    comparer = Comparer(job_queue, registry, videos, uploads)
    terms = asked.model_dump(exclude_unset=True)
    try:
        if len(video_ids) == len(prompts) == 1:
            one = CompareRequest(video_id=video_ids[0], prompt=prompts[0], models=list(models), **terms)
            await _tell_estimate(one, video_ids, [one.prompt], models)
            job, cells = await comparer.compare(one)
        else:
            several = BatchCompareRequest(video_ids=video_ids, prompts=list(prompts), models=list(models), **terms)
            await _tell_estimate(several, video_ids, several.prompts, models)
            job, cells = await comparer.batch_compare(several)
    except ValidationError as error:
        raise Refused("; ".join(map(_complaint, error.errors()))) from None
    except Problem as problem:
        raise Refused(problem.detail) from None
    advise(f"Job {job.id} asks {cells} {'cell' if cells == 1 else 'cells'}.")
    return job


async def _tell_estimate(
    asked: TermsBody, video_ids: Sequence[str], prompts: Sequence[str], models: Sequence[str]
) -> None:
    films = [await videos.get(video_id) for video_id in dict.fromkeys(video_ids)]
    infos = [registry.get_listed(model_id).info for model_id in dict.fromkeys(models)]
    view = await Estimator(job_queue, ledger, caps, earlier, limits).estimate(
        asked, films, list(dict.fromkeys(prompts)), infos
    )
    advise(f"Estimate: {estimate_in_words(view)}")


def check_models(models: Sequence[str]) -> None:
    """Refuse models that cannot be asked, before large files are copied."""
    for model_id in models:
        try:
            missing = registry.get_listed(model_id).missing()
        except ModelError as error:
            raise Refused(f"{error.message} {error.what_to_do}") from None
        if missing is not None:
            raise Refused(f"{model_id} cannot be asked now. {missing.why} {missing.what_to_do}")


def _complaint(error: ErrorDetails) -> str:
    return f"{'.'.join(map(str, error['loc']))}: {error['msg']}".removeprefix(": ")
