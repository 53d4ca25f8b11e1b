"""One answer from Gemini, from the video file to the last word."""

from __future__ import annotations

import asyncio

from msgspec import Struct

from app.models.base import Answer, AskOptions, InputMode, InputNote, Listener, Video
from app.models.errors import ErrorKind, ModelError
from app.models.gemini.generate import generate
from app.models.gemini.interactions import Conversation
from app.models.gemini.replies import Reply
from app.models.gemini.requests import generate_request, interaction_request
from app.models.gemini.sdk import sdk_client
from app.models.gemini.uploads import Ready, Uploads
from app.models.provider_errors import Complaint
from app.models.timestamps import find_timestamps

_USUAL_FPS = 1.0
"""Pictures a second that Google looks at unless told otherwise."""
_UPLOADED = 40.0
_ASKED = 50.0
"""Percents; the other half is for the answer, which does not say how long it will be."""


class Question(Struct, frozen=True, kw_only=True):
    """What is asked, and whom."""

    model: str
    video: Video
    prompt: str
    options: AskOptions


class Answering:
    """Asks one model one question about one video."""

    def __init__(self, uploads: Uploads, question: Question, listener: Listener) -> None:
        self._service = uploads.service
        self._uploads = uploads
        self._question = question
        self._listener = listener
        self._text = ""
        self._timer = asyncio.timeout(None)
        self._asked_at = 0.0
        self._first_text_at: float | None = None
        self._upload_seconds: float | None = None

    async def answer(self, *, in_background: bool) -> Answer:
        """Answer; `in_background` by an interaction. Raises ModelError, and NotOffered if there are none."""
        limit = self._service.patience.answer
        try:
            async with asyncio.timeout(limit) as self._timer:
                return self._answer_of(await self._reply(in_background=in_background))
        except TimeoutError:
            complaint = Complaint(ErrorKind.TIMEOUT, f"no whole answer within {limit:.0f} seconds")
            raise self._service.speaker.error(complaint) from None
        except ModelError as error:
            if error.kind is ErrorKind.BLOCKED:
                return self._answer_of(Reply(text=self._text, finish=error.message, blocked=True))
            raise

    async def _reply(self, *, in_background: bool) -> Reply:
        reply = self._converse if in_background else self._generate
        try:
            return await reply()
        except ModelError as error:
            if error.kind is not ErrorKind.FILE_LOST:
                raise
        await self._uploads.lost(self._question.video)
        return await reply()

    async def _converse(self) -> Reply:
        asked = self._question
        async with sdk_client(self._service) as sdk:
            conversation = Conversation(self._service, sdk, self._listener, self._on_text)
            if conversation.is_under_way:
                await self._asking("Listening again to an answer that was paid for")
                return await conversation.go_on()
            request = interaction_request(asked.model, asked.prompt, await self._ready(), asked.options)
            await self._asking("Gemini looks at the video")
            await self._turn()
            return await conversation.begin(request)

    async def _generate(self) -> Reply:
        asked = self._question
        async with sdk_client(self._service, silence=self._service.patience.silence) as sdk:
            request = generate_request(asked.model, asked.prompt, await self._ready(), asked.options)
            await self._asking("Gemini looks at the video")
            await self._turn()
            return await generate(self._service, sdk, request, self._on_text)

    async def _ready(self) -> Ready:
        async def report(percent: float, message: str) -> None:
            await self._listener.progress(percent * _UPLOADED / 100, message)

        ready = await self._uploads.ready(self._question.video, report)
        self._upload_seconds = ready.seconds
        return ready

    async def _turn(self) -> None:
        """Wait for the call's turn; that takes nothing from the time for the answer."""
        self._timer.reschedule(None)
        await self._listener.asking()
        self._asked_at = asyncio.get_running_loop().time()
        self._timer.reschedule(self._asked_at + self._service.patience.answer)

    async def _asking(self, message: str) -> None:
        self._asked_at = asyncio.get_running_loop().time()
        await self._listener.progress(_ASKED, message)

    async def _on_text(self, text: str) -> None:
        if self._first_text_at is None:
            self._first_text_at = asyncio.get_running_loop().time()
            await self._listener.progress(_ASKED, "Gemini answers")
        self._text = text
        await self._listener.partial(text)

    def _answer_of(self, reply: Reply) -> Answer:
        options = self._question.options
        answered_by = (reply.model or self._question.model).removeprefix("models/")
        return Answer(
            text=reply.text,
            state=reply.state,
            finish_reason=reply.finish,
            answered_by=answered_by,
            input=InputNote(
                mode=InputMode.NATIVE,
                fps=options.fps or _USUAL_FPS,
                resolution=options.resolution and options.resolution.value,
                clip=self._clip(),
            ),
            usage=reply.usage,
            cost_usd=reply.cost(answered_by),
            provider_id=reply.id,
            upload_seconds=self._upload_seconds,
            first_token_seconds=None if self._first_text_at is None else self._first_text_at - self._asked_at,
            timestamps=find_timestamps(reply.text, self._question.video.duration),
        )

    def _clip(self) -> tuple[float, float] | None:
        options, duration = self._question.options, self._question.video.duration
        start, end = options.clip_start, options.clip_end
        if start is None and end is None:
            return None
        return (start or 0.0, duration if end is None else end)
