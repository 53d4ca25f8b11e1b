"""The export for programs: everything, as the API has it."""

from __future__ import annotations

from typing import Any

import msgspec

from app.compare.export.report import Report
from app.compare.ratings import win_table


def as_json(report: Report) -> str:
    """One JSON document."""
    standing = report.standing
    job = standing.job
    document: dict[str, Any] = {
        "job": {
            "job_id": job.id,
            "title": job.title,
            "status": job.status,
            "error": job.error,
            "created_at": job.created_at,
            "finished_at": job.finished_at,
        },
        "exported_at": report.exported_at,
        "videos": [
            {
                "video_id": video_id,
                "name": video.name,
                "duration": video.duration,
                "width": video.width,
                "height": video.height,
                "size": video.size,
                "sha256": video.sha256,
            }
            for video_id, video in report.videos.items()
        ],
        "cells": [standing.cells[plan.cell] for plan in standing.plans if plan.cell in standing.cells],
        "waiting": [plan for plan in standing.plans if plan.cell not in standing.cells],
        "totals": standing.totals,
        "ratings": report.ratings,
        "wins": win_table(report.ratings.votes),
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
