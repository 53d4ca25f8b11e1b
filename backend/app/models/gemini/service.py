"""Where Gemini is and who asks: what all its models share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from app.models.connection import Patience
from app.models.gemini.errors import complaint_of, complaint_of_answer
from app.models.keys import Key, read_key
from app.models.provider_errors import Speaker

ADDRESS = "https://generativelanguage.googleapis.com"
VERSION = "v1beta"
"""Preview models and the `-latest` names exist in this one only; the SDK's own default is v1."""
KEY_VARIABLES = ("GOOGLE_API_KEY", "GEMINI_API_KEY")
"""The first that is set is used, as Google's SDK does."""


@dataclass(frozen=True)
class GeminiService:
    """One address with one key."""

    key: Key | None
    address: str = ADDRESS
    version: str = VERSION
    patience: Patience = field(default_factory=Patience)

    @property
    def speaker(self) -> Speaker:
        """Words for its errors."""
        return Speaker("Gemini", self.address, self.key, "GEMINI_API_KEY" if self.key is None else self.key.variable)

    @property
    def owner(self) -> str:
        """Tells uploads of this key and address from others, without the key."""
        return self.key.fingerprint(self.address) if self.key else ""

    def headers(self) -> dict[str, str]:
        """What a request must bring."""
        return {"x-goog-api-key": self.key.value} if self.key else {}

    async def get_json(self, http: httpx2.AsyncClient, path: str, **query: str | int) -> dict[str, Any]:
        """Ask for a JSON object. Raises ModelError."""
        return await self.send(http, "GET", f"{self.address}/{self.version}/{path}", params=query)

    async def send(self, http: httpx2.AsyncClient, method: str, url: str, **request: Any) -> dict[str, Any]:
        """Send one request with the key; return the JSON object that answers it. Raises ModelError."""
        headers = {**self.headers(), **request.pop("headers", {})}
        try:
            response = await http.request(method, url, headers=headers, **request)
            return json_of(response, self.speaker)
        except (httpx2.HTTPError, ValueError) as error:
            raise self.speaker.error(complaint_of(error)) from None


def json_of(response: httpx2.Response, speaker: Speaker) -> dict[str, Any]:
    """The JSON object of an answer. Raises ModelError unless it is a success."""
    try:
        body = response.json()
    except ValueError:
        if response.is_success:
            raise
        body = None
    if not response.is_success:
        raise speaker.error(complaint_of_answer(response.status_code, body, response.headers))
    return dict(body)


def gemini_service(environ: Mapping[str, str], patience: Patience) -> GeminiService:
    """Read key, address and version from the variables that Google's SDK reads too."""
    return GeminiService(
        key=read_key(environ, *KEY_VARIABLES),
        address=(environ.get("GOOGLE_GEMINI_BASE_URL") or ADDRESS).rstrip("/"),
        version=environ.get("GOOGLE_GENAI_API_VERSION") or VERSION,
        patience=patience,
    )
