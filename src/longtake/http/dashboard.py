"""The library's own page: its files, with the prefix at which they are served written into the HTML."""

from __future__ import annotations

import html
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from longtake.http.problems import problem

FOLDER = Path(__file__).parents[1] / "_dashboard"
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'self'"
)
_PAGE = "dashboard.html"
_BASE = '<base href="./" />'
_NOT_BUILT = (
    '<!doctype html><html lang="en"><base href="./" /><title>Longtake jobs</title><h1>The page is not built</h1>'
    "<p>The job API works. Build the page with <code>python3 dev run</code> in a clone of the project.</p></html>"
)
_PAGE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_ASSET_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=31536000, immutable"}
"""An asset's name changes with its content."""


def add_page(router: APIRouter, *, api: str) -> None:
    """Serve the page at the router's prefix and at every path below it that is neither a file of it nor below `api`."""
    page = FOLDER / _PAGE
    text = page.read_text() if page.is_file() else _NOT_BUILT
    files = {file.relative_to(FOLDER).as_posix(): file for file in FOLDER.rglob("*") if file.is_file()}

    async def serve(request: Request, path: str = "") -> Response:
        if path.startswith("assets/") and path in files:
            return FileResponse(files[path], headers=_ASSET_HEADERS)
        if path.startswith((f"{api.strip('/')}/", "assets/")):
            return problem(HTTPStatus.NOT_FOUND, f"There is nothing at /{path[:200]}.")
        if path in files and path != _PAGE:
            return FileResponse(files[path], headers=_PAGE_HEADERS)
        base = f'<base href="{html.escape(_served_at(request, path))}" />'
        return HTMLResponse(text.replace(_BASE, base, 1), headers=_PAGE_HEADERS)

    if router.prefix:
        router.add_api_route("", serve, methods=["GET", "HEAD"], response_model=None)
    router.add_api_route("/{path:path}", serve, methods=["GET", "HEAD"], response_model=None)


def _served_at(request: Request, path: str) -> str:
    """The path of the page as the browser sees it, whatever a proxy or a mount put before it."""
    root = request.scope.get("root_path", "").rstrip("/")
    asked = request.url.path
    below = asked.removeprefix(root) if asked.startswith(f"{root}/") else asked
    return f"{root}{below.removesuffix(path).rstrip('/')}/"
