"""The web application: the gate around the API and the page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.middleware.gzip import GZipMiddleware

from app import __version__, jobs
from app.api import compare, health, models, videos
from app.api import jobs as jobs_api
from app.api.problems import Problem, install_problems
from app.gate import Gate, LaunchCodes
from app.settings import Settings

PAGE = Path(__file__).parent / "_ui"
_NO_PAGE = """<!doctype html><html lang="en"><title>Longtake Compare</title>
<h1>The page is not built</h1>
<p>The API works. Build the page with <code>python3 dev run</code> in a clone of the project.</p></html>"""


def create_app(settings: Settings = jobs.settings, codes: LaunchCodes | None = None) -> Gate:
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
    app.state.registry = jobs.registry
    app.state.jobs_using = jobs_api.jobs_using
    app.state.comparer = compare.Comparer(jobs.job_queue, jobs.registry, jobs.videos)
    install_problems(app)
    app.add_middleware(GZipMiddleware, minimum_size=1024)
    for router in (compare.router, jobs_api.router, videos.router, models.router, health.router):
        app.include_router(router)
    app.add_api_route("/api/{path:path}", _unknown, methods=_METHODS, include_in_schema=False)
    _add_page(app)
    return Gate(app, settings, codes)


_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    await app.state.videos.prepare()
    yield


async def _unknown(path: str) -> None:
    raise Problem(404, f"There is nothing at /api/{path[:200]}. GET /api/openapi.json lists all.")


def _add_page(app: FastAPI) -> None:
    if (PAGE / "index.html").is_file():
        app.frontend("/", directory=PAGE, fallback="index.html")
        return

    @app.get("/{path:path}", response_class=HTMLResponse, include_in_schema=False)
    async def no_page(path: str) -> str:  # noqa: ARG001 (any)
        return _NO_PAGE
