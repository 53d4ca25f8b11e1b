"""Send a stored file, or the part of it that a Range header asks for."""

from __future__ import annotations

from fastapi import Response
from fastapi.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

from app.api.problems import Problem

_NOT_SATISFIABLE = 416


class SentFile(FileResponse):
    """A file whose refusals of a Range are problem documents, like every other error."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, the part, or the problem."""
        problem: Response | None = None

        async def send_what_is_good(message: Message) -> None:
            nonlocal problem
            if message["type"] == "http.response.start" and message["status"] >= 400:  # noqa: PLR2004 (an error)
                problem = _problem_with_range(message).response()
            if problem is None:
                await send(message)

        await super().__call__(scope, receive, send_what_is_good)
        if problem is not None:
            await problem(scope, receive, send)


def _problem_with_range(refusal: Message) -> Problem:
    if refusal["status"] != _NOT_SATISFIABLE:
        return Problem(400, "Write the header Range as bytes=FIRST-LAST, such as bytes=0-1023.")
    available = dict(refusal["headers"])[b"content-range"].decode()
    size = available.rpartition("/")[2]
    return Problem(
        _NOT_SATISFIABLE,
        f"The file has {size} bytes, and the part you ask for begins after them.",
        headers={"Content-Range": available},
    )
