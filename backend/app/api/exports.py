"""Comparisons as files over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from app.api.comparisons import Queue, Reports
from app.api.problems import Problem, problem_responses
from app.compare import kinds
from app.compare.export import Format, export
from app.compare.export.many import ManyExport
from app.compare.export.page import content_security_policy
from longtake.fastapi import JobFilter

router = APIRouter(prefix="/api", tags=["compare"])

_FILE: dict[str, Any] = {
    "description": "The file",
    "content": {
        media_type: {"schema": {"type": "string", "format": "binary"}}
        for media_type in ("application/json", "text/csv", "text/markdown", "text/html")
    },
}


@router.get(
    "/jobs/{job_id}/export", response_class=Response, responses={200: _FILE, **problem_responses(404, 409, 410)}
)
async def export_comparison(job_id: str, reports: Reports, format: Format = Format.JSON) -> Response:  # noqa: A002 (the name of the query parameter)
    """Save a comparison as one file, also while it runs; the page (html) works offline."""
    file = export(await reports.report(job_id, posters=format is Format.HTML), format)
    headers = {
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Content-Security-Policy": f"sandbox; {content_security_policy()}",
        "Cache-Control": "no-store",
    }
    return Response(file.text, media_type=file.media_type, headers=headers)


_MANY: dict[str, Any] = {
    "description": "The file",
    "content": {
        media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in ("text/csv", "application/zip")
    },
}


class ExportRequest(BaseModel):
    """Which comparisons to save as one file."""

    model_config = ConfigDict(extra="forbid")

    format: Format = Field(default=Format.CSV, description="csv is one spreadsheet; the others come as an archive.")
    filter: JobFilter = JobFilter()
    jobs: Annotated[list[str], Field(max_length=10_000)] | None = Field(
        default=None, description="Ids of jobs, in place of all that match the filter."
    )


@router.post("/jobs/export", response_class=Response, responses={200: _MANY, **problem_responses(404)})
async def export_many(asked: ExportRequest, queue: Queue, reports: Reports) -> StreamingResponse:
    """Save all comparisons that match as one file: a spreadsheet with a line a cell, or an archive (zip)."""
    job_ids = asked.jobs
    if job_ids is None:
        jobs = queue.matching(asked.filter.where())
        job_ids = [job.id async for job in jobs if job.kind in {kinds.SINGLE, kinds.BATCH}]
    if not job_ids:
        raise Problem(404, "No comparison matches: there is nothing to export.")
    file = ManyExport(reports, list(dict.fromkeys(job_ids)), asked.format)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"}
    return StreamingResponse(file.pieces(), media_type=file.media_type, headers=headers)
