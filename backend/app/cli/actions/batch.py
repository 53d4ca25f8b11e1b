"""What `batch` does: check the whole file first, then store its videos and submit one job."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

import msgspec
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.api.compare import Comparer
from app.api.estimate import EstimateView, Estimator
from app.api.problems import Problem
from app.api.schemas import BatchCompareRequest
from app.cli.actions.batch_file import BatchFile, Where, read_batch_file
from app.cli.actions.comparing import check_models
from app.cli.actions.following import follow, progress_on, way_back
from app.cli.actions.results import print_results
from app.cli.actions.storing import file_named, stored
from app.cli.exits import Exit, Refused, exit_of
from app.cli.printing import advise, aside, say
from app.compare.export import Format
from app.compare.standing import read_standing
from app.jobs import caps, earlier, job_queue, ledger, limits, registry, uploads, videos
from app.media.errors import MediaError
from app.media.probe import probe
from app.videos.errors import VideoError
from app.videos.video import StoredVideo
from longtake import Job

_FIELDS = (set(BatchCompareRequest.model_fields) - {"video_ids"}) | {"videos"}
_GLOB = frozenset("*?[")


@dataclass(frozen=True)
class Asked:
    """A batch whose words make sense."""

    file: BatchFile
    videos: Mapping[str, tuple[Path | None, Where]]
    """By name: the file, None for an id; and where the batch names it."""
    request: BatchCompareRequest
    """With the names of the videos in place of their ids."""


def read(path: Path) -> Asked:
    """Read and check a batch. Raises Refused with the line that is wrong."""
    file = read_batch_file(path)
    for name in file.content:
        if name not in _FIELDS:
            near = get_close_matches(str(name), _FIELDS, n=1)
            advice = f"did you mean {near[0]}?" if near else f"use {', '.join(sorted(_FIELDS))}."
            raise file.complaint((str(name),), f"there is no such setting: {advice}")
    named = dict(_videos(file))
    fields = {name: value for name, value in file.content.items() if name != "videos"}
    try:
        request = BatchCompareRequest.model_validate({**fields, "video_ids": list(named)})
    except ValidationError as error:
        first = error.errors()[0]
        where = tuple("videos" if part == "video_ids" else part for part in first["loc"])
        raise file.complaint(where, _words(first)) from None
    for number, model in enumerate(request.models):
        try:
            check_models([model])
        except Refused as error:
            raise file.complaint(("models", number), str(error)) from None
    return Asked(file, named, request)


def estimate_only(asked: Asked, *, as_json: bool) -> None:
    """Print what the batch would take; nothing is stored or asked. Raises Refused."""
    view = asyncio.run(_estimate(asked))
    if as_json:
        say(view.model_dump_json())
        return
    for model in view.by_model:
        tokens = "tokens unknown" if model.input_tokens is None else f"{model.input_tokens} tokens"
        say(f"{model.model}: {_cells(model.cells)}, {tokens}, {_usd(model.cost_usd)}")
    took = "time unknown" if view.seconds is None else f"about {view.seconds:.0f} s"
    say(f"Together: {_cells(view.cells)}, {_usd(view.cost_usd)}, {took}. Nothing was asked or stored.")


def submit(asked: Asked, *, as_json: bool) -> Job:
    """Store the videos and submit the job. Raises Refused."""
    job, cells = asyncio.run(_submit(asked))
    if as_json:
        _line("submitted", job, cells=cells)
    else:
        advise(f"Job {job.id} asks {_cells(cells)}.")
    return job


def leave(job: Job, data: Path | None, *, as_json: bool) -> None:
    """Say how to come back to a job that nobody waits for."""
    if not as_json:
        say(job.id)
    advise(f"The job runs in the background. Come back with: {way_back(job.id, data)}")


def wait(
    job: Job, wanted: Format | None, output: Path | None, *, timeout: float | None, data: Path | None, as_json: bool
) -> Exit:
    """Wait for the answers, show them, and tell how it ended."""
    if as_json:
        told: set[str] = set()
        job = follow(job, lambda latest: _tell_new_cells(latest, told), timeout=timeout, data=data)
        _tell_new_cells(job, told)
        _line("finished", job, error=job.error)
    else:
        with progress_on(aside) as show:
            job = follow(job, show, timeout=timeout, data=data)
    if output is not None or not as_json:
        asyncio.run(print_results(job.id, wanted, output))
    return exit_of(job.status)


def _videos(file: BatchFile) -> Iterator[tuple[str, tuple[Path | None, Where]]]:
    names = file.content.get("videos")
    if not isinstance(names, list) or not names:
        raise file.complaint(("videos",), "name at least one video, each on a line with a dash.")
    folder = file.path.absolute().parent
    for number, name in enumerate(names):
        where: Where = ("videos", number)
        if not isinstance(name, str) or not name.strip():
            raise file.complaint(where, "write a path, a pattern such as clips/*.mp4, or the id of a stored video.")
        if _GLOB & set(name):
            found = sorted(path for path in folder.glob(name) if path.is_file()) if not _is_absolute(name) else []
            if not found:
                raise file.complaint(where, f"no file in {folder} fits {name}.")
            yield from ((str(path), (path, where)) for path in found)
            continue
        try:
            path = file_named(name, folder)
        except Refused as error:
            raise file.complaint(where, str(error)) from None
        yield str(path or name), (path, where)


def _words(error: ErrorDetails) -> str:
    if error["type"] == "string_type":
        return "this must be text: put it in quotes."
    return f"{error['msg'].removeprefix('Value error, ')}."


def _is_absolute(pattern: str) -> bool:
    return pattern.startswith(("/", "~"))


async def _submit(asked: Asked) -> tuple[Job, int]:
    await videos.prepare()
    ids = [await _stored(asked, name) for name in asked.videos]
    request = asked.request.model_copy(update={"video_ids": ids})
    try:
        return await Comparer(job_queue, registry, videos, uploads).batch_compare(request)
    except Problem as problem:
        raise Refused(problem.detail) from None


async def _stored(asked: Asked, name: str) -> str:
    path, where = asked.videos[name]
    try:
        return await stored(name, path)
    except (Refused, VideoError, MediaError) as error:
        raise asked.file.complaint(where, f"{name}: {error}") from None


async def _estimate(asked: Asked) -> EstimateView:
    request = asked.request
    models = [registry.get_listed(model_id).info for model_id in dict.fromkeys(request.models)]
    films = [await _looked_at(asked, name) for name in asked.videos]
    prompts = list(dict.fromkeys(request.prompts))
    return await Estimator(job_queue, ledger, caps, earlier, limits).estimate(request, films, prompts, models)


async def _looked_at(asked: Asked, name: str) -> StoredVideo:
    """A stored video, or a file as it would be stored."""
    path, where = asked.videos[name]
    try:
        if path is None:
            return await videos.get(await stored(name, None))
        size = path.stat().st_size
        facts = await probe(path)
    except (Refused, VideoError, MediaError, OSError) as error:
        raise asked.file.complaint(where, f"{name}: {error}") from None
    return StoredVideo(
        video_id=name, sha256="0" * 64, name=path.name, size=size, facts=facts, uploaded_at=datetime.now(UTC)
    )


def _tell_new_cells(job: Job, told: set[str]) -> None:
    standing = read_standing(job, job_queue.store.steps(job.id))
    for name, cell in standing.cells.items():
        if name not in told:
            told.add(name)
            say(json.dumps({"event": "cell", "job_id": job.id, **msgspec.to_builtins(cell)}, ensure_ascii=False))


def _line(event: str, job: Job, **more: object) -> None:
    say(json.dumps({"event": event, "job_id": job.id, "status": job.status, **more}, ensure_ascii=False))


def _cells(number: int) -> str:
    return f"{number} {'cell' if number == 1 else 'cells'}"


def _usd(cost: float | None) -> str:
    return "cost unknown" if cost is None else f"est. ${cost:.4f}" if cost else "free"
