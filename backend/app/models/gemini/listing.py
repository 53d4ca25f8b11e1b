"""Which models Google offers to this key, and which we know of without asking."""

from __future__ import annotations

from typing import Any

from app.models.connection import http_client
from app.models.gemini.service import GeminiService
from app.models.listed import Listed

BUILT_IN = (
    Listed(name="gemini-3.8-flash", title="Gemini 3.8 Flash"),
    Listed(name="gemini-3.1-pro-preview", title="Gemini 3.1 Pro (preview)"),
    Listed(name="gemini-3.5-flash-lite", title="Gemini 3.5 Flash-Lite"),
)
"""As of November 2026; names age within weeks, so Google's own list replaces these as soon as it is at hand."""

PREFIX = "gemini-"
_NOT_FOR_VIDEO = ("tts", "image", "embedding", "live", "transcribe", "audio", "robotics", "computer-use", "omni")
_PAGE = 1000


async def list_models(service: GeminiService) -> list[Listed]:
    """Ask Google. Raises ModelError."""
    found: list[Listed] = []
    page: dict[str, Any] = {"nextPageToken": ""}
    async with http_client(service.address, service.patience) as http:
        while (token := page.get("nextPageToken")) is not None:
            page = await service.get_json(http, "models", pageSize=_PAGE, **({"pageToken": token} if token else {}))
            found += [_listed(model) for model in page.get("models") or () if _is_for_video(model)]
    return found


def _listed(model: dict[str, Any]) -> Listed:
    name = str(model["name"]).removeprefix("models/")
    return Listed(name=name, title=str(model.get("displayName") or name))


def _is_for_video(model: dict[str, Any]) -> bool:
    name = str(model.get("name")).removeprefix("models/")
    generates = "generateContent" in (model.get("supportedGenerationMethods") or ())
    return generates and name.startswith(PREFIX) and not any(word in name for word in _NOT_FOR_VIDEO)
