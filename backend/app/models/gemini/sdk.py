"""Google's SDK, tamed: our HTTP client, no retries of its own, loaded when it is needed."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING

import httpx2

from app.models.connection import certificates, http_client
from app.models.gemini.sdk_speed import build_classes_once
from app.models.gemini.service import GeminiService

if TYPE_CHECKING:
    from google.genai.client import AsyncClient


@asynccontextmanager
async def sdk_client(service: GeminiService, *, silence: float | None = None) -> AsyncIterator[AsyncClient]:
    """Open the SDK's client for one answer; `silence` as for `http_client`."""
    async with http_client(service.address, service.patience, silence=silence) as http:
        yield await asyncio.to_thread(_make, service, http)


def _make(service: GeminiService, http: httpx2.AsyncClient) -> AsyncClient:
    """Load the SDK, which takes about a second the first time, and make a client.

    Without ours it reads the certificates of the system twice for each client, which takes longer than all the rest,
    for connections that it never opens.
    """
    genai = import_module("google.genai")
    # A word for the end that is newer than the SDK is no reason to warn: we treat it as unknown.
    warnings.filterwarnings("ignore", ".* is not a valid ", UserWarning, r"google\.genai\._common")
    client: AsyncClient = genai.Client(
        api_key=service.key.value if service.key else None,
        vertexai=False,
        http_options=genai.types.HttpOptions(
            base_url=service.address,
            api_version=service.version,
            httpx_async_client=http,
            client_args={"verify": certificates()},
            async_client_args={"verify": certificates(), "ssl": certificates()},
            retry_options=genai.types.HttpRetryOptions(attempts=1),
        ),
    ).aio
    _ = client.interactions  # loads the other half of the SDK
    build_classes_once()
    return client
