"""Which servers there are: from the settings, and the usual ones on this computer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from app.models.connection import is_loopback
from app.models.keys import Key, read_key
from app.models.provider_errors import Speaker

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
_TAKEN = frozenset({"local", "demo", "gemini"})
_MOST_FRAMES = 64


class Endpoint(Struct, frozen=True, forbid_unknown_fields=True):
    """One server; its models are called `<name>/<model>`."""

    name: str
    base_url: str
    """Up to and with `/v1`."""
    key_variable: str | None = None
    """The environment variable with its key; None asks for none."""
    native_video: bool = False
    """It takes `video_url` parts (vLLM does): show it the file itself."""
    max_frames: int = 32
    """Else, so many pictures of a video at most."""

    def __post_init__(self) -> None:
        url = urlsplit(self.base_url)
        if not _NAME.fullmatch(self.name) or self.name in _TAKEN:
            raise ValueError(f"the name {self.name!r} must be small letters, digits and dashes, and not one of ours")
        if url.scheme not in {"http", "https"} or not url.hostname:
            raise ValueError(f"the base_url of {self.name} must look like http://host:port/v1")
        if not 1 <= self.max_frames <= _MOST_FRAMES:
            raise ValueError(f"max_frames of {self.name} must be from 1 to {_MOST_FRAMES}")

    @property
    def is_local(self) -> bool:
        """Whether it runs on this computer, so that answers cost nothing."""
        return is_loopback(urlsplit(self.base_url).hostname or "")

    def key(self, environ: Mapping[str, str]) -> Key | None:
        """Its key; it goes to no other server."""
        return read_key(environ, self.key_variable) if self.key_variable else None

    def speaker(self, key: Key | None) -> Speaker:
        """Words for its errors."""
        return Speaker(self.name, self.base_url, key, self.key_variable or "the key")


OPENAI = Endpoint("openai", "https://api.openai.com/v1", "OPENAI_API_KEY")
ON_THIS_COMPUTER = (
    Endpoint("ollama", "http://127.0.0.1:11434/v1", max_frames=16),
    Endpoint("lmstudio", "http://127.0.0.1:1234/v1", max_frames=16),
)
"""Looked for at their usual ports."""


def parse_endpoints(text: str) -> tuple[Endpoint, ...]:
    """Read a setting: a JSON list of objects with the fields of Endpoint. Raises ValueError."""
    try:
        endpoints = msgspec.json.decode(text, type=tuple[Endpoint, ...])
    except msgspec.MsgspecError as error:
        raise ValueError(
            f'must be a JSON list such as [{{"name": "vllm", "base_url": "http://gpu:8000/v1"}}]: {error}'
        ) from None
    names = [endpoint.name for endpoint in endpoints]
    if len(set(names)) < len(names):
        raise ValueError("has two servers of the same name")
    return endpoints
