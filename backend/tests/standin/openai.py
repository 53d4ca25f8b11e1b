"""OpenAI's list of models and chat completions, as OpenAI, vLLM, Ollama and LM Studio serve them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from standin.breaking import BEFORE, break_off, send_pieces
from standin.refusals import REFUSALS, Refusal, echoing, slow_down
from standin.state import State
from standin.wire import Connection, Request
from standin.words import FAULTS_TO_SEE, THOUGHTS, answer_to, in_pieces, tokens

MODELS = ("qwen3-vl:8b", "gemma4:12b", "text-embedding-3-small")

_FINISH = {"safety": "content_filter", "blocked": "content_filter", "max-tokens": "length", "max-tokens-text": "length"}
_SILENT = frozenset({"safety", "blocked", "max-tokens", "empty-content"})


class OpenAI:
    """Answers chats."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def models(self, request: Request, connection: Connection) -> None:
        """List the models."""
        self._state.note(request, "openai.models")
        fault = self._state.fault("models")
        if fault in BEFORE:
            await break_off(connection, fault)
        elif fault:
            await _refuse(connection, REFUSALS[fault])
        else:
            names = [*MODELS, *(f"fake-{fault}" for fault in FAULTS_TO_SEE if self._state.settings.labelled)]
            listed = [{"id": name, "object": "model", "created": 0, "owned_by": "nobody"} for name in names]
            await connection.answer(200, {"object": "list", "data": listed})

    async def chat(self, request: Request, connection: Connection) -> None:
        """Answer a chat."""
        body = request.json()
        model, prompt = body.get("model", ""), _prompt(body)
        label = request.headers.get("x-client-request-id")
        self._state.note(request, "openai.chat", model=model, prompt=prompt, label=label, body=body)
        fault = self._state.fault("ask", model)
        delay = self._state.too_often(model)
        if delay is not None:
            await _refuse(connection, slow_down(delay))
        elif fault == "echo-key":
            await _refuse(connection, echoing(request.key))
        elif fault is not None and fault in REFUSALS:
            await _refuse(connection, REFUSALS[fault])
        else:
            self._state.charge(model, prompt, label)
            await self._deliver(connection, body, model, prompt, fault)

    async def _deliver(
        self, connection: Connection, body: Mapping[str, Any], model: str, prompt: str, fault: str | None
    ) -> None:
        if fault in BEFORE:
            await break_off(connection, fault)
            return
        if not body.get("stream"):
            await connection.answer(200, self._whole(model, prompt))
            return
        await connection.begin_events()
        with_usage = bool((body.get("stream_options") or {}).get("include_usage"))
        if await send_pieces(connection, self._pieces(model, prompt, fault, with_usage=with_usage), fault):
            await connection.event("[DONE]")
            await connection.end_events()

    async def _pieces(self, model: str, prompt: str, fault: str | None, *, with_usage: bool) -> AsyncIterator[object]:
        settings = self._state.settings
        text = "" if fault in _SILENT else answer_to(prompt, settings)
        chunk = {"id": "chat-1", "object": "chat.completion.chunk", "created": 0}
        chunk["model"] = settings.answering_model or model
        await asyncio.sleep(settings.thinking)
        if fault == "empty":
            yield {**chunk, "choices": []}
            return
        for number, part in enumerate(in_pieces(text, settings.pieces), 1):
            await asyncio.sleep(settings.latency)
            if number == 3 and fault == "error-in-stream":
                yield REFUSALS["503"].openai_body()
                return
            yield {**chunk, "choices": [{"index": 0, "delta": {"content": part}, "finish_reason": None}]}
        finish = _FINISH.get(fault or "", "stop")
        yield {**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}
        if with_usage:
            yield {**chunk, "choices": [], "usage": _usage(prompt, text)}

    def _whole(self, model: str, prompt: str) -> dict[str, Any]:
        text = answer_to(prompt, self._state.settings)
        message = {"role": "assistant", "content": text}
        return {
            "id": "chat-1",
            "object": "chat.completion",
            "created": 0,
            "model": self._state.settings.answering_model or model,
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": _usage(prompt, text),
        }


async def _refuse(connection: Connection, refusal: Refusal) -> None:
    await connection.answer(refusal.other_status, refusal.openai_body(), refusal.headers)


def _prompt(body: Mapping[str, Any]) -> str:
    content = body["messages"][-1]["content"]
    if isinstance(content, str):
        return content
    texts = [part["text"] for part in content if part.get("type") == "text"]
    return str(texts[-1]) if texts else ""


def _usage(prompt: str, text: str) -> dict[str, Any]:
    asked, said = tokens(prompt) + 500, tokens(text) + THOUGHTS
    return {
        "prompt_tokens": asked,
        "completion_tokens": said,
        "total_tokens": asked + said,
        "completion_tokens_details": {"reasoning_tokens": THOUGHTS},
    }
