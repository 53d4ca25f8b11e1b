"""Gemini's Interactions API: answers that go on while nobody listens, and streams that can be taken up again."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Mapping
from typing import Any

from standin.breaking import BEFORE, break_off, send_pieces
from standin.files import Files
from standin.generate import file_uris
from standin.refusals import REFUSALS, Refusal, echoing, slow_down
from standin.running_interaction import RunningInteraction
from standin.state import State
from standin.wire import Connection, Request


class Interactions:
    """Creates, tells of, streams and cancels interactions."""

    def __init__(self, state: State, files: Files) -> None:
        self._state = state
        self._files = files
        self._all: dict[str, RunningInteraction] = {}
        self._numbers = itertools.count(1)

    async def create(self, request: Request, connection: Connection) -> None:
        """Begin one; stream it if that was asked for."""
        body = request.json()
        model, prompt, label = body.get("model", ""), _prompt(body), (body.get("labels") or {}).get("call")
        self._state.note(request, "interactions.create", model=model, prompt=prompt, label=label, body=body)
        fault = self._state.fault("ask", model) or self._trouble_with_files(body)
        delay = self._state.too_often(model)
        if delay is not None or fault in REFUSALS or fault == "echo-key":
            refusal = slow_down(delay) if delay is not None else _refusal(fault or "", request.key)
            await connection.answer(refusal.other_status, refusal.interactions_body(), refusal.headers)
            return
        if fault and fault.startswith("event-"):
            await self._refuse_by_event(connection, REFUSALS[fault.removeprefix("event-")])
            return
        self._state.charge(model, prompt, label)
        interaction = self._begin(model, prompt, fault)
        if fault in BEFORE:
            await break_off(connection, fault)
        elif body.get("stream"):
            await self._send(connection, interaction, 0, fault)
        else:
            await connection.answer(200, interaction.snapshot())

    async def get(self, request: Request, connection: Connection, interaction_id: str) -> None:
        """Tell how one stands, or stream it from an event on."""
        streamed = request.query.get("stream", "").lower() == "true"
        self._state.note(request, "interactions.stream" if streamed else "interactions.get")
        interaction = self._all.get(interaction_id)
        fault = self._state.fault("stream" if streamed else "look")
        if fault is not None and fault in BEFORE:
            await break_off(connection, fault)
        elif interaction is None or (fault is not None and fault in REFUSALS):
            refusal = REFUSALS[fault or "404"]
            await connection.answer(refusal.other_status, refusal.interactions_body())
        elif streamed:
            await self._send(connection, interaction, int(request.query.get("last_event_id", 0)), fault)
        else:
            await connection.answer(200, interaction.snapshot())

    async def cancel(self, request: Request, connection: Connection, interaction_id: str) -> None:
        """End one before its time."""
        self._state.note(request, "interactions.cancel")
        interaction, fault = self._all.get(interaction_id), self._state.fault("cancel")
        if fault is not None and fault in BEFORE:
            await break_off(connection, fault)
            return
        if interaction is None or fault is not None:
            refusal = REFUSALS[fault or "404"]
            await connection.answer(refusal.other_status, refusal.interactions_body())
            return
        await interaction.cancel()
        await connection.answer(200, interaction.snapshot())

    async def delete(self, request: Request, connection: Connection, interaction_id: str) -> None:
        """Forget one."""
        self._state.note(request, "interactions.delete")
        if interaction := self._all.pop(interaction_id, None):
            await interaction.cancel()
        await connection.answer(200, {})

    async def stop(self) -> None:
        """End every interaction."""
        for interaction in self._all.values():
            await interaction.cancel()

    def forget_all(self) -> None:
        """Lose every interaction, as a provider does when their time of retention is over."""
        self._all.clear()

    def _begin(self, model: str, prompt: str, fault: str | None) -> RunningInteraction:
        interaction = RunningInteraction(f"interaction-{next(self._numbers)}", model, prompt, fault, self._state)
        self._all[interaction.id] = interaction
        interaction.begin()
        return interaction

    async def _send(
        self, connection: Connection, interaction: RunningInteraction, after: int, fault: str | None
    ) -> None:
        await connection.begin_events()
        if await send_pieces(connection, _flat(interaction.events(after)), fault):
            await connection.event("[DONE]")
            await connection.end_events()

    async def _refuse_by_event(self, connection: Connection, refusal: Refusal) -> None:
        await connection.begin_events()
        await connection.event(
            {"event_type": "error", "error": {"code": refusal.interactions, "message": refusal.message}}
        )
        await connection.end_events()

    def _trouble_with_files(self, body: Mapping[str, Any]) -> str | None:
        troubles = (self._files.trouble_with(uri) for uri in file_uris(body))
        return next((trouble for trouble in troubles if trouble), None)


async def _flat(events: AsyncIterator[Mapping[str, Any]]) -> AsyncIterator[object]:
    async for event in events:
        yield event


def _refusal(fault: str, key: str) -> Refusal:
    return echoing(key) if fault == "echo-key" else REFUSALS[fault]


def _prompt(body: Mapping[str, Any]) -> str:
    given = body.get("input", "")
    return given if isinstance(given, str) else " ".join(_texts(given))


def _texts(given: object) -> list[str]:
    if isinstance(given, list):
        return [text for each in given for text in _texts(each)]
    if not isinstance(given, Mapping):
        return []
    return [str(given["text"])] if given.get("type") == "text" else _texts(given.get("content"))
