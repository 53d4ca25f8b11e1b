"""Gemini's generateContent, streamGenerateContent, countTokens and the list of models."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from standin.breaking import BEFORE, break_off, send_pieces
from standin.files import Files
from standin.refusals import REFUSALS, Refusal, echoing, slow_down
from standin.state import State
from standin.wire import Connection, Request
from standin.words import FAULTS_TO_SEE, THOUGHTS, answer_to, in_pieces, tokens

MODELS: Sequence[Mapping[str, Any]] = (
    {
        "name": "models/gemini-3.8-flash",
        "displayName": "Gemini 3.8 Flash",
        "supportedGenerationMethods": ["generateContent", "countTokens"],
    },
    {
        "name": "models/gemini-3.1-pro-preview",
        "displayName": "Gemini 3.1 Pro",
        "supportedGenerationMethods": ["generateContent"],
    },
    {
        "name": "models/gemini-3.5-flash-lite",
        "displayName": "Gemini 3.5 Flash-Lite",
        "supportedGenerationMethods": ["generateContent"],
    },
    {
        "name": "models/gemini-3.8-flash-tts",
        "displayName": "Gemini TTS",
        "supportedGenerationMethods": ["generateContent"],
    },
    {"name": "models/gemini-embedding-2", "displayName": "Embedding", "supportedGenerationMethods": ["embedContent"]},
    {"name": "models/gemma-4-31b-it", "displayName": "Gemma 4", "supportedGenerationMethods": ["generateContent"]},
)


class Generate:
    """Answers at once, in one piece or streamed."""

    def __init__(self, state: State, files: Files) -> None:
        self._state = state
        self._files = files

    async def models(self, request: Request, connection: Connection) -> None:
        """List the models, page by page."""
        self._state.note(request, "gemini.models")
        if fault := self._state.fault("models"):
            if fault in BEFORE:
                await break_off(connection, fault)
            else:
                await refuse(connection, fault, request.key)
            return
        start, size = int(request.query.get("pageToken", 0)), self._state.settings.page_size
        listed = _labelled() if self._state.settings.labelled else MODELS
        page: dict[str, Any] = {"models": listed[start : start + size]}
        if start + size < len(listed):
            page["nextPageToken"] = str(start + size)
        await connection.answer(200, page)

    async def count_tokens(self, request: Request, connection: Connection, model: str) -> None:
        """Count what a call would take in."""
        self._state.note(request, "gemini.count", model=model)
        await connection.answer(200, {"totalTokens": tokens(_prompt(request.json()))})

    async def ask(self, request: Request, connection: Connection, model: str, *, stream: bool) -> None:
        """Answer a prompt."""
        body = request.json()
        prompt = _prompt(body)
        self._state.note(request, "gemini.generate", model=model, prompt=prompt, body=body)
        fault = self._state.fault("ask", model) or self._trouble_with_files(body)
        delay = self._state.too_often(model)
        if delay is not None:
            await send_refusal(connection, slow_down(delay))
        elif fault is not None and (fault in REFUSALS or fault == "echo-key"):
            await refuse(connection, fault, request.key)
        else:
            self._state.charge(model, prompt)
            await self._deliver(connection, model, prompt, fault, stream=stream)

    async def _deliver(
        self, connection: Connection, model: str, prompt: str, fault: str | None, *, stream: bool
    ) -> None:
        if fault in BEFORE:
            await break_off(connection, fault)
            return
        pieces = self._pieces(model, prompt, fault)
        if not stream:
            whole = [piece async for piece in pieces]
            await connection.answer(200, _joined(whole))
            return
        await connection.begin_events()
        if await send_pieces(connection, pieces, fault):
            await connection.end_events()

    async def _pieces(self, model: str, prompt: str, fault: str | None) -> AsyncIterator[object]:
        settings = self._state.settings
        text = answer_to(prompt, settings)
        common = {"modelVersion": settings.answering_model or model, "responseId": f"response-{len(self._state.seen)}"}
        usage = _usage(prompt, text)
        await asyncio.sleep(settings.thinking)
        match fault:
            case "blocked":
                yield {**common, "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": usage}
            case "empty":
                yield {**common, "usageMetadata": usage}
            case "empty-content":
                yield {**common, "candidates": [{"content": {}, "finishReason": "STOP"}], "usageMetadata": usage}
            case "safety" | "max-tokens" | "unknown-reason":
                reason = {"safety": "SAFETY", "max-tokens": "MAX_TOKENS", "unknown-reason": "TIRED_OF_THIS"}[fault]
                yield {
                    **common,
                    "candidates": [{"content": {"role": "model"}, "finishReason": reason}],
                    "usageMetadata": usage,
                }
            case _:
                parts = in_pieces(text, settings.pieces)
                for number, part in enumerate(parts, 1):
                    await asyncio.sleep(settings.latency)
                    if number == 3 and fault == "error-in-stream":
                        yield REFUSALS["503"].google_body()
                        return
                    candidate: dict[str, Any] = {"content": {"role": "model", "parts": [{"text": part}]}, "index": 0}
                    if number == len(parts):
                        candidate["finishReason"] = "MAX_TOKENS" if fault == "max-tokens-text" else "STOP"
                    yield {**common, "candidates": [candidate], "usageMetadata": usage}

    def _trouble_with_files(self, body: Mapping[str, Any]) -> str | None:
        troubles = (self._files.trouble_with(uri) for uri in file_uris(body))
        return next((trouble for trouble in troubles if trouble), None)


def _labelled() -> list[Mapping[str, Any]]:
    faults = [
        {
            "name": f"models/gemini-fake-{fault}",
            "displayName": f"Gemini that fails: {fault}",
            "supportedGenerationMethods": ["generateContent"],
        }
        for fault in FAULTS_TO_SEE
    ]
    return [{**model, "displayName": f"Stand-in for {model['displayName']}"} for model in [*MODELS, *faults]]


async def refuse(connection: Connection, fault: str, key: str) -> None:
    """Say no in the words of generateContent."""
    await send_refusal(connection, echoing(key) if fault == "echo-key" else REFUSALS[fault])


async def send_refusal(connection: Connection, refusal: Refusal) -> None:
    """Send one."""
    await connection.answer(refusal.status, refusal.google_body(), refusal.headers)


def file_uris(body: object) -> list[str]:
    """Every file that a request names, in either spelling."""
    if isinstance(body, Mapping):
        own = [str(value) for name, value in body.items() if name in {"fileUri", "file_uri", "uri"}]
        return own + [uri for value in body.values() for uri in file_uris(value)]
    if isinstance(body, list):
        return [uri for value in body for uri in file_uris(value)]
    return []


def _prompt(body: Mapping[str, Any]) -> str:
    parts = [part for content in body.get("contents", []) for part in content.get("parts", [])]
    return " ".join(part["text"] for part in parts if "text" in part)


def _usage(prompt: str, text: str) -> dict[str, Any]:
    video = 500
    return {
        "promptTokenCount": tokens(prompt) + video,
        "candidatesTokenCount": tokens(text),
        "thoughtsTokenCount": THOUGHTS,
        "totalTokenCount": tokens(prompt) + video + tokens(text) + THOUGHTS,
        "promptTokensDetails": [
            {"modality": "TEXT", "tokenCount": tokens(prompt)},
            {"modality": "VIDEO", "tokenCount": 400},
            {"modality": "AUDIO", "tokenCount": 100},
        ],
    }


def _joined(pieces: list[Any]) -> object:
    last = json.loads(json.dumps(pieces[-1]))
    if last.get("candidates") and last["candidates"][0].get("content", {}).get("parts"):
        texts = [piece["candidates"][0]["content"]["parts"][0]["text"] for piece in pieces]
        last["candidates"][0]["content"]["parts"] = [{"text": "".join(texts)}]
    return last
