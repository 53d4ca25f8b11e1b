"""One interaction, which goes on whether somebody listens or not."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any

from standin.state import State
from standin.words import THOUGHTS, answer_to, in_pieces, tokens

_ENDS: Mapping[str, str] = {
    "max-tokens": "incomplete",
    "max-tokens-text": "incomplete",
    "over-budget": "budget_exceeded",
}
_SILENT = frozenset({"max-tokens", "empty", "empty-content", "safety", "blocked"})
"""Faults whose interactions say nothing."""
_BEFORE_STUCK = 2
"""Events; after them a stuck interaction goes on for ever, and every stream of it ends in an error."""
_BLOCKED_BY = {"safety": "safety", "blocked": "prohibited_content"}


class RunningInteraction:
    """Its events so far, and the task that adds to them."""

    def __init__(self, interaction_id: str, model: str, prompt: str, fault: str | None, state: State) -> None:
        self.id = interaction_id
        self._state = state
        self._model = state.settings.answering_model or model
        self._prompt = prompt
        self._fault = fault
        self._status = "in_progress"
        self._text = ""
        self._errors: list[dict[str, str]] = []
        self._events: list[dict[str, Any]] = []
        self._changed = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Start to answer."""
        self._task = asyncio.create_task(self._run())

    async def cancel(self) -> None:
        """Stop, unless it is over."""
        if self._task is None or self._task.done():
            return
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        await self._finish("cancelled")

    async def events(self, after: int) -> AsyncIterator[Mapping[str, Any]]:
        """Every event after the one numbered `after`, as they come, to the end."""
        for number in itertools.count(after):
            if self._fault == "stuck" and number >= _BEFORE_STUCK:
                yield {"event_type": "error", "error": {"code": "api_error", "message": "An internal error."}}
                return
            await self._happened(number)
            if number >= len(self._events):
                return
            yield self._events[number]

    def snapshot(self) -> dict[str, Any]:
        """The whole interaction as it stands."""
        whole: dict[str, Any] = {
            "id": self.id,
            "status": self._status,
            "model": self._model,
            "created": "2026-11-23T00:00:00Z",
            "updated": "2026-11-23T00:00:00Z",
            "steps": [],
        }
        if self._text:
            whole["steps"].append({"type": "model_output", "content": [{"type": "text", "text": self._text}]})
        if self._status != "in_progress":
            whole["usage"] = self._usage()
        if self._errors:
            whole["errors"] = self._errors
        return whole

    async def _happened(self, number: int) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: len(self._events) > number or self._status != "in_progress")

    async def _run(self) -> None:
        settings, fault = self._state.settings, self._fault
        await self._add({"event_type": "interaction.created", "interaction": self._reference()})
        await self._add({"event_type": "interaction.newer_than_the_sdk"})
        await asyncio.sleep(settings.thinking)
        if fault == "stuck":
            await asyncio.Event().wait()
        if fault in _BLOCKED_BY:
            await self._fail(_BLOCKED_BY[fault], "The request was blocked.")
            return
        if fault not in _SILENT:
            await self._speak()
        if fault == "file-lost-inside":
            await self._fail("api_error", "You do not have permission to access the File x or it may not exist.")
            return
        if fault == "error-in-stream":
            await self._fail("service_unavailable", "The model is overloaded.")
            return
        await self._finish(_ENDS.get(fault or "", "completed"))

    async def _speak(self) -> None:
        settings = self._state.settings
        parts = in_pieces(answer_to(self._prompt, settings), settings.pieces)
        if self._fault == "error-in-stream":
            parts = parts[:2]
        await self._add({"event_type": "step.start", "index": 0, "step": {"type": "model_output"}})
        for number, part in enumerate(parts):
            await self._held(number)
            await asyncio.sleep(settings.latency)
            self._text += part
            await self._add({"event_type": "step.delta", "index": 0, "delta": {"type": "text", "text": part}})
        await self._add({"event_type": "step.stop", "index": 0})

    async def _held(self, number: int) -> None:
        while (most := self._state.settings.hold_after) is not None and number >= most:
            await asyncio.sleep(0.005)

    async def _fail(self, code: str, message: str) -> None:
        self._errors = [{"code": code, "message": message}]
        self._status = "failed"
        await self._add({"event_type": "error", "error": {"code": code, "message": message}})

    async def _finish(self, status: str) -> None:
        self._status = status
        await self._add({"event_type": "interaction.completed", "interaction": self._reference()})

    async def _add(self, event: dict[str, Any]) -> None:
        async with self._changed:
            self._events.append({**event, "event_id": str(len(self._events) + 1)})
            self._changed.notify_all()

    def _reference(self) -> dict[str, Any]:
        return {"id": self.id, "status": self._status, "model": self._model, "object": "interaction"}

    def _usage(self) -> dict[str, Any]:
        asked, said = tokens(self._prompt) + 500, tokens(self._text)
        return {
            "total_input_tokens": asked,
            "total_output_tokens": said,
            "total_thought_tokens": THOUGHTS,
            "total_tokens": asked + said + THOUGHTS,
            "input_tokens_by_modality": [
                {"modality": "text", "tokens": tokens(self._prompt)},
                {"modality": "video", "tokens": 400},
                {"modality": "audio", "tokens": 100},
            ],
        }
