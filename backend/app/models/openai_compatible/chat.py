"""One streamed answer of a server that speaks like OpenAI."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import httpx2
from msgspec import Struct

from app.models.base import AnswerState, Usage
from app.models.connection import Patience, http_client
from app.models.errors import ErrorKind, ModelError
from app.models.keys import Key
from app.models.openai_compatible.endpoint import OPENAI, Endpoint
from app.models.provider_errors import Complaint, Speaker

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OnText = Callable[[str], Awaitable[None]]
"""Hears the whole text so far."""
OnAccepted = Callable[[], Awaitable[None]]
"""Hears that the server has let the call in."""

_STATES = {"length": AnswerState.CUT_OFF, "content_filter": AnswerState.BLOCKED}
_NO_KEY = "none"
"""The SDK insists on a key."""
_NEEDED_HEADERS = frozenset(
    {
        "host",
        "accept",
        "accept-encoding",
        "connection",
        "content-type",
        "content-length",
        "transfer-encoding",
        "user-agent",
        "x-client-request-id",
    }
)


class Reply(Struct, frozen=True, kw_only=True):
    """One finished reply."""

    text: str
    finish: str | None
    id: str | None
    model: str | None
    usage: Usage | None

    @property
    def state(self) -> AnswerState:
        """How it ended."""
        usual = AnswerState.COMPLETED if self.text.strip() else AnswerState.EMPTY
        return _STATES.get(self.finish or "", usual)


class Chat:
    """Asks the models of one server."""

    def __init__(self, endpoint: Endpoint, key: Key | None, patience: Patience) -> None:
        self._endpoint = endpoint
        self._key = key
        self._patience = patience

    @property
    def speaker(self) -> Speaker:
        """Words for its errors."""
        return self._endpoint.speaker(self._key)

    async def ask(self, request: dict[str, Any], on_accepted: OnAccepted, on_text: OnText) -> Reply:
        """Ask, and read the answer to its end. Raises ModelError."""
        text, finish, chat_id, model, usage, has_spoken, has_begun = "", None, None, None, None, False, False
        async for chunk in self._chunks(request, on_accepted):
            has_begun = True
            chat_id, model = chunk.id or chat_id, chunk.model or model
            usage = _usage(chunk.usage) or usage
            for choice in chunk.choices[:1]:
                has_spoken = True
                finish = choice.finish_reason or finish
                if choice.delta and choice.delta.content:
                    text += choice.delta.content
                    await on_text(text)
        # A server may end without a choice, but never in the middle of one: then the way here was cut.
        if not has_begun or (has_spoken and finish is None):
            raise self.speaker.error(Complaint(ErrorKind.CONNECTION, "the answer ended without saying why"))
        return Reply(text=text, finish=finish, id=chat_id, model=model, usage=usage)

    async def _chunks(self, request: dict[str, Any], on_accepted: OnAccepted) -> AsyncIterator[Any]:
        errors = await asyncio.to_thread(import_module, "app.models.openai_compatible.errors")
        try:
            async with self._client() as client, await client.chat.completions.create(**request) as stream:
                await on_accepted()
                async for chunk in stream:
                    yield chunk
        except ModelError:
            raise
        except Exception as error:  # noqa: BLE001  # the SDK lets errors of json and httpx through; each is judged
            raise self.speaker.error(errors.complaint_of(error)) from None

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[AsyncOpenAI]:
        address = self._endpoint.base_url
        async with http_client(address, self._patience, silence=self._patience.silence) as http:
            if self._endpoint.key_variable != OPENAI.key_variable:
                http.event_hooks = {"request": [self._strip]}
            yield await asyncio.to_thread(self._make, http)

    def _make(self, http: httpx2.AsyncClient) -> AsyncOpenAI:
        """Load the SDK, which takes half a second the first time, and make a client."""
        openai = import_module("openai")
        client: AsyncOpenAI = openai.AsyncOpenAI(
            api_key=self._key.value if self._key else _NO_KEY,
            base_url=self._endpoint.base_url,
            http_client=http,
            max_retries=0,
            timeout=None,  # ours holds
        )
        return client

    async def _strip(self, request: httpx2.Request) -> None:
        """Take out what the SDK puts in from the environment for every server, though it is for OpenAI alone."""
        for name in set(request.headers) - _NEEDED_HEADERS:
            del request.headers[name]
        request.headers["authorization"] = f"Bearer {self._key.value if self._key else _NO_KEY}"


def _usage(counted: Any) -> Usage | None:
    if counted is None:
        return None
    details = counted.completion_tokens_details
    thinking = (details.reasoning_tokens or 0) if details else 0
    return Usage(
        input_tokens=counted.prompt_tokens,
        output_tokens=counted.completion_tokens - thinking,
        thinking_tokens=thinking if details else None,
    )
