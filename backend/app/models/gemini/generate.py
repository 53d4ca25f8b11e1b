"""The fallback: generateContent, streamed. It ends with the connection, and cannot be taken up again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

from app.models.errors import ErrorKind
from app.models.gemini.errors import complaint_of
from app.models.gemini.replies import Reply, reply_of_chunk
from app.models.gemini.service import GeminiService
from app.models.provider_errors import Complaint

if TYPE_CHECKING:
    from google.genai.client import AsyncClient

OnText = Callable[[str], Awaitable[None]]
"""Hears the whole text so far."""


async def generate(service: GeminiService, sdk: AsyncClient, request: dict[str, Any], on_text: OnText) -> Reply:
    """Ask, and read the answer to its end. Raises ModelError."""
    text, finish, last, has_spoken = "", None, None, False
    async for chunk in _chunks(service, sdk, request):
        last = chunk
        for candidate in (chunk.candidates or ())[:1]:
            has_spoken = True
            if candidate.finish_reason:
                finish = candidate.finish_reason.value
            if added := _text_of(candidate):
                text += added
                await on_text(text)
    # Google may end without a candidate, but never in the middle of one: then the way here was cut.
    if last is None or (has_spoken and finish is None):
        raise service.speaker.error(Complaint(ErrorKind.CONNECTION, "the answer ended without saying why"))
    return reply_of_chunk(last, text, finish)


async def _chunks(service: GeminiService, sdk: AsyncClient, request: dict[str, Any]) -> AsyncIterator[Any]:
    try:
        async for chunk in await sdk.models.generate_content_stream(**request):
            yield chunk
    except Exception as error:  # noqa: BLE001  # the SDK's errors have no common root; each is judged by what it says
        raise service.speaker.error(complaint_of(error)) from None


def _text_of(candidate: Any) -> str:
    parts = (candidate.content and candidate.content.parts) or ()
    return "".join(part.text for part in parts if part.text and not part.thought)
