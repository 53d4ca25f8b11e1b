"""A server whose Gemini is the stand-in, and how to count what it would have paid."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from films import tiny_film
from servers import Server, running_server
from standin import StandIn

FLASH = "gemini-3.8-flash"
LITE = "gemini-3.5-flash-lite"
UNKNOWN = "standin/qwen3-vl:8b"
"""An OpenAI-compatible server's model, whose price nobody knows."""


@contextmanager
def paying_server(data: Path, standin: StandIn, **environment: str) -> Iterator[Server]:
    """A running server that asks the stand-in in place of Google, and as a server of the name `standin`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEMINI_API_KEY", "a-good-key-of-nobody")
        patch.setenv("GOOGLE_GEMINI_BASE_URL", standin.address)
        patch.delenv("GOOGLE_API_KEY", raising=False)
        patch.setenv("STANDIN_KEY", "another-good-key")
        # By an address that does not look like this computer: what runs here costs nothing.
        elsewhere = standin.address.replace("127.0.0.1", "0.0.0.0")
        endpoint = f'[{{"name": "standin", "base_url": "{elsewhere}/v1", "key_variable": "STANDIN_KEY"}}]'
        with running_server(data, **{"ENDPOINTS": endpoint, "DEMO_STREAM_SECONDS": "1", **environment}) as server:
            yield server


def upload(server: Server, colour: str = "red") -> str:
    """The id of a film of one second."""
    answer = server.http.post("/api/videos", files={"file": (f"{colour}.mp4", tiny_film(colour))})
    assert answer.is_success, answer.text
    return str(answer.json()["video_id"])


def ledger(server: Server) -> list[dict[str, Any]]:
    """The lines of the ledger."""
    files = sorted((server.data / "spending").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]
