"""Which models a server offers."""

from __future__ import annotations

import httpx2

from app.models.connection import Patience, http_client
from app.models.keys import Key
from app.models.listed import Listed
from app.models.openai_compatible.endpoint import Endpoint

_NOT_FOR_VIDEO = (
    "embed",
    "rerank",
    "whisper",
    "tts",
    "dall-e",
    "moderation",
    "image",
    "realtime",
    "transcribe",
    "audio",
)
_MOST = 200


async def list_models(endpoint: Endpoint, key: Key | None, patience: Patience) -> list[Listed] | None:
    """Ask the server; None when it does not answer, or not sensibly."""
    headers = {"Authorization": f"Bearer {key.value}"} if key else {}
    try:
        async with http_client(endpoint.base_url, patience) as http:
            answer = await http.get(f"{endpoint.base_url.rstrip('/')}/models", headers=headers)
            answer.raise_for_status()
            names = [str(model["id"]) for model in answer.json()["data"]]
    except (httpx2.HTTPError, ValueError, KeyError, TypeError):
        return None
    return [Listed(name=name, title=name) for name in sorted(names)[:_MOST] if _is_for_video(name)]


def _is_for_video(name: str) -> bool:
    return not any(word in name.lower() for word in _NOT_FOR_VIDEO)
