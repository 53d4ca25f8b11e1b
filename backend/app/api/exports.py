"""Comparisons as files over HTTP."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from app.api.comparisons import Reports
from app.api.problems import problem_responses
from app.compare.export import Format, export
from app.compare.export.page import content_security_policy

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
