"""The web application: the gate around the API and the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.middleware.gzip import GZipMiddleware

from app import __version__, jobs
from app.api import (
    cells,
    compare,
    costs,
    doctor,
    estimate,
    exports,
    forerunners,
    health,
    keys,
    models,
    ratings,
    spending,
    uploads,
    video_uses,
    videos,
)
from app.api import jobs as jobs_api
from app.api.job_problems import install_job_problems
from app.api.problems import Problem, install_problems, problem_responses
from app.compare.forerunners import Forerunners
from app.compare.ratings import RatingsShelf
from app.gate import Gate
from app.models.remote import RemoteModels
from app.settings import Settings
from app.uploads.receiver import Receiver
from app.videos.filmstrips import Filmstrips

_SECONDS_BETWEEN_LISTS = 3600.0
PAGE = Path(__file__).parent / "_ui"
_NO_PAGE = """<!doctype html><html lang="en"><title>Longtake Compare</title>
<h1>The page is not built</h1>
<p>The API works. Build the page with <code>python3 dev run</code> in a clone of the project.</p></html>"""


def create_app(settings: Settings = jobs.settings) -> Gate:
    """Put the application together: nothing is reached but through the gate.

    `settings` are those of this process; jobs and videos are where `app.jobs` found them.
    """
    app = FastAPI(
        title="Longtake Compare",
        version=__version__,
        lifespan=_lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.queue = jobs.job_queue
    app.state.videos = jobs.videos
    app.state.ledger = jobs.ledger
    app.state.cancels = jobs.cancels
    app.state.caps = jobs.caps
    app.state.estimator = estimate.Estimator(jobs.job_queue, jobs.ledger, jobs.caps, jobs.earlier, jobs.limits)
    app.state.registry = jobs.registry
    app.state.jobs_using = jobs_api.jobs_using
    app.state.video_uses = video_uses.VideoUses(jobs.job_queue, jobs_api.videos_of)
    app.state.uploads = Receiver(jobs.uploads, jobs.videos)
    app.state.upload_shelf = jobs.uploads
    app.state.filmstrips = Filmstrips(jobs.videos)
    app.state.forerunners = Forerunners(jobs.job_queue)
    app.state.ratings = RatingsShelf(jobs.settings.data_dir / "ratings")
    app.state.comparer = compare.Comparer(jobs.job_queue, jobs.registry, jobs.videos, jobs.uploads)
    install_problems(app)
    install_job_problems(app)
    app.add_middleware(GZipMiddleware, minimum_size=1024)
    for router in _ROUTERS:
        app.include_router(router)
    app.include_router(jobs_api.router, responses=problem_responses())
    app.add_api_route("/api/{path:path}", _unknown, methods=_METHODS, include_in_schema=False)
    _add_page(app)
    return Gate(app, settings)


_ROUTERS = tuple(
    module.router
    for module in (
        compare,
        estimate,
        cells,
        ratings,
        exports,
        forerunners,
        spending,
        costs,
        videos,
        video_uses,
        uploads,
        models,
        keys,
        health,
        doctor,
    )
)
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    await app.state.videos.prepare()
    await app.state.ratings.sweep(app.state.queue)
    beside = {
        asyncio.create_task(_keep_listing(jobs.remote)),
        asyncio.create_task(jobs.leftovers.keep_stopping()),
        asyncio.create_task(app.state.uploads.keep_tidy()),
    }
    yield
    for task in beside:
        task.cancel()
    await asyncio.wait(beside)


async def _keep_listing(remote: RemoteModels) -> None:
    """Ask the providers for their models now and every hour; without a network the last lists stay."""
    while True:
        await remote.refresh()
        await asyncio.sleep(_SECONDS_BETWEEN_LISTS)


async def _unknown(path: str) -> None:
    raise Problem(404, f"There is nothing at /api/{path[:200]}. GET /api/openapi.json lists all.")


def _add_page(app: FastAPI) -> None:
    if (PAGE / "index.html").is_file():
        app.frontend("/", directory=PAGE, fallback="index.html")
        return

    @app.get("/{path:path}", response_class=HTMLResponse, include_in_schema=False)
    async def no_page(path: str) -> str:  # noqa: ARG001 (any)
        return _NO_PAGE
