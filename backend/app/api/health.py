"""Whether all is well."""

from __future__ import annotations

import asyncio
import platform
import secrets
import shutil
from importlib.metadata import version

from fastapi import APIRouter, Request

import longtake
from app import __version__
from app.api.problems import problem_responses
from app.api.schemas import DiskView, HealthView, WorkerView
from app.settings import KEY_NAMES, Settings
from longtake import JobQueue

router = APIRouter(prefix="/api", tags=["health"])

BOOT = secrets.token_hex(4)


@router.get("/health", responses=problem_responses())
async def health(request: Request) -> HealthView:
    """200 when the server is ready; says whether a worker holds the lock, and what is short."""
    settings: Settings = request.app.state.settings
    queue: JobQueue = request.app.state.queue
    worker = await asyncio.to_thread(queue.worker)
    free = await asyncio.to_thread(_free_bytes, settings)
    return HealthView(
        status="ok",
        worker=WorkerView(
            alive=worker is not None,
            pid=worker.pid if worker else None,
            started_at=worker.started_at.isoformat() if worker else None,
        ),
        disk=DiskView(free_bytes=free, ok=free > settings.free_disk_floor_bytes),
        keys={name: name in settings.keys_present for name in KEY_NAMES},
        versions={
            "longtake-compare": __version__,
            "longtake": longtake.__version__,
            "python": platform.python_version(),
            "av": version("av"),
        },
        data_dir=str(settings.data_dir),
        standin=settings.standin,
        boot=BOOT,
    )


def _free_bytes(settings: Settings) -> int:
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free
