"""Answers that go on at Google while nobody listens here: asked once, listened to as often as it takes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from app.models.base import Listener
from app.models.errors import ErrorKind, ModelError
from app.models.gemini.errors import complaint_of, complaint_of_code, is_gone, is_without_interactions
from app.models.gemini.generate import OnText
from app.models.gemini.replies import Reply, reply_of_interaction
from app.models.gemini.service import GeminiService
from app.models.provider_errors import Complaint

if TYPE_CHECKING:
    from google.genai.client import AsyncClient

KEPT = "gemini"
"""The name under which a listener keeps a `Call`."""
_GOES_ON = frozenset({"in_progress", "queued", "requires_continuation"})
_MOST_FAILURES = 5
"""In a row, without anything new in between."""


class NotOffered(Exception):
    """This model does not offer interactions in the background."""


class Call(Struct, frozen=True):
    """What must survive a crash, so that nothing is paid twice."""

    interaction: str | None = None
    """Google's id; None while it is not known whether the question was taken in."""
    event: str | None = None
    """The last event that `text` holds."""
    text: str = ""


def kept_call(value: Any) -> Call | None:
    """Read what a listener kept."""
    try:
        return None if value is None else msgspec.convert(value, Call)
    except msgspec.ValidationError:
        return None


class Conversation:
    """One question and its answer."""

    def __init__(self, service: GeminiService, sdk: AsyncClient, listener: Listener, on_text: OnText) -> None:
        self._service = service
        self._sdk = sdk
        self._listener = listener
        self._on_text = on_text
        self._call = kept_call(listener.kept(KEPT)) or Call()
        self._kept_at = float("-inf")
        self._trouble: BaseException | Complaint | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether the question was asked already, by an earlier attempt or process."""
        return self._call.interaction is not None

    async def begin(self, request: dict[str, Any]) -> Reply:
        """Ask, and listen to the end. Raises ModelError or NotOffered."""
        await self._keep(Call())
        await self._listen(self._sdk.interactions.create(**request))
        if not self.is_under_way:
            raise self._not_taken_in()
        return await self._finished()

    async def go_on(self) -> Reply:
        """Listen to the end of what was asked before. Raises ModelError."""
        if self._call.text:
            await self._on_text(self._call.text)
        return await self._finished()

    async def _finished(self) -> Reply:
        failures = 0
        while True:
            before = self._call
            interaction = await self._look()
            if interaction is not None and interaction.status not in _GOES_ON:
                return await self._reply(interaction)
            if interaction is not None:
                await self._listen(self._again())
            if self._call != before:
                failures = 0
                continue
            # A stream may break or be refused as often as it likes, as long as the interaction itself can be seen.
            if interaction is None or isinstance(self._trouble, Complaint):
                failures += 1
            if failures > _MOST_FAILURES:
                raise await self._given_up()
            await asyncio.sleep(self._service.patience.poll)

    async def _look(self) -> Any | None:
        """Ask how the interaction stands; None when that failed in passing."""
        try:
            return await self._sdk.interactions.get(id=self._call.interaction or "")
        except Exception as error:  # noqa: BLE001  # the SDK's errors have no public root; each is judged by what it says
            self._trouble = error
            if not is_gone(error) and not self._error().retryable:
                raise self._error() from None
            return None

    async def _given_up(self) -> ModelError:
        if isinstance(self._trouble, Exception) and is_gone(self._trouble):
            await self._listener.keep(KEPT, None)
            return self._service.speaker.error(Complaint(ErrorKind.SERVER, "the answer it was working on is gone"))
        return self._error()

    async def _again(self) -> Any:
        return await self._sdk.interactions.get(
            id=self._call.interaction or "", stream=True, last_event_id=self._call.event
        )

    async def _listen(self, stream: Awaitable[Any]) -> None:
        """Take in events until the stream ends, however it ends."""
        self._trouble = None
        async with aclosing(self._events(stream)) as events:
            async for event in events:
                await self._take_in(event)

    async def _events(self, opening: Awaitable[Any]) -> AsyncGenerator[Any]:
        try:
            async with await opening as stream:
                async for event in stream:
                    yield event
        except Exception as error:  # noqa: BLE001  # whatever broke the stream, the interaction itself is asked next
            self._trouble = error

    async def _take_in(self, event: Any) -> None:
        match getattr(event, "event_type", None):  # an event that breaks off arrives as mere text
            case "interaction.created":
                await self._keep(Call(event.interaction.id, event.event_id))
                await self._listener.call_accepted()
            case "step.delta" if event.delta.type == "text":
                self._call = Call(self._call.interaction, event.event_id, self._call.text + event.delta.text)
                await self._on_text(self._call.text)
                if asyncio.get_running_loop().time() - self._kept_at >= self._service.patience.keep:
                    await self._keep(self._call)
            case "error":
                self._trouble = complaint_of_code(event.error and event.error.code, event.error and event.error.message)
            case str():
                seen = getattr(event, "event_id", None) or self._call.event
                self._call = Call(self._call.interaction, seen, self._call.text)

    async def _keep(self, call: Call) -> None:
        self._call = call
        await self._listener.keep(KEPT, msgspec.to_builtins(call))
        self._kept_at = asyncio.get_running_loop().time()

    async def _reply(self, interaction: Any) -> Reply:
        errors: list[Any] = list(interaction.errors or ())
        complaints = [complaint_of_code(error.code, error.message) for error in errors]
        if any(complaint.kind is ErrorKind.BLOCKED for complaint in complaints):
            reply = reply_of_interaction(interaction, self._call.text)
            return msgspec.structs.replace(reply, blocked=True, finish=errors[0].code)
        if interaction.status in {"failed", "cancelled"}:
            # It is over: the next attempt must ask anew.
            await self._listener.keep(KEPT, None)
            raise self._service.speaker.error(
                complaints[0] if complaints else Complaint(ErrorKind.SERVER, f"the interaction {interaction.status}")
            )
        return reply_of_interaction(interaction, self._call.text)

    def _not_taken_in(self) -> ModelError | NotOffered:
        if isinstance(self._trouble, Exception) and is_without_interactions(self._trouble):
            return NotOffered()
        return self._error()

    def _error(self) -> ModelError:
        trouble = self._trouble or Complaint(ErrorKind.CONNECTION, "the answer broke off")
        return self._service.speaker.error(trouble if isinstance(trouble, Complaint) else complaint_of(trouble))
