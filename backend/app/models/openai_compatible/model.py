"""A model behind a server that speaks like OpenAI, as the comparison sees it."""

from __future__ import annotations

import asyncio

from app.models.base import NO_OPTIONS, Answer, AskOptions, InputMode, Listener, Missing, ModelInfo, Video
from app.models.connection import Patience
from app.models.errors import ErrorKind, ModelError
from app.models.keys import Key
from app.models.openai_compatible.chat import Chat, Reply
from app.models.openai_compatible.endpoint import Endpoint
from app.models.openai_compatible.messages import chat_request
from app.models.openai_compatible.showing import Showing, Shown
from app.models.prices import estimate_usd, price_in_words
from app.models.provider_errors import Complaint
from app.models.timestamps import find_timestamps

_SHOWN = 40.0
_ASKED = 50.0
"""Percents; the other half is for the answer, which does not say how long it will be."""


class OpenAICompatibleModel:
    """One model of one server."""

    def __init__(self, endpoint: Endpoint, name: str, key: Key | None, showing: Showing, patience: Patience) -> None:
        self.info = ModelInfo(
            id=f"{endpoint.name}/{name}",
            provider=endpoint.name,
            title=name,
            description=_description(endpoint),
            input_mode=InputMode.NATIVE if endpoint.native_video else InputMode.FRAMES,
            reads_prompt=True,
            price="free" if endpoint.is_local else price_in_words(name, provider_url=endpoint.base_url),
        )
        self._endpoint = endpoint
        self._name = name
        self._key = key
        self._showing = showing
        self._patience = patience

    def missing(self) -> Missing | None:
        """Missing without its key, if it needs one."""
        variable = self._endpoint.key_variable
        if variable is None or self._key is not None:
            return None
        return Missing(
            why=f"No API key for {self._endpoint.name}.",
            what_to_do=f"Set {variable} and start again, or choose a local model: local/scenes.",
        )

    async def answer(
        self,
        video: Video,
        prompt: str,
        listener: Listener,
        *,
        attempt: int = 1,  # noqa: ARG002  # the seam: each attempt asks anew
        options: AskOptions = NO_OPTIONS,
    ) -> Answer:
        """Answer `prompt` about `video`."""
        if missing := self.missing():
            raise ModelError(ErrorKind.AUTH, missing.why, missing.what_to_do)
        hearing = _Hearing(listener)
        chat = Chat(self._endpoint, self._key, self._patience)
        try:
            async with asyncio.timeout(self._patience.answer) as timer:
                shown = await self._showing.show(self._endpoint, video, options, hearing.preparing)
                timer.reschedule(None)  # the wait for its turn takes nothing from the time for the answer
                await listener.asking()
                await hearing.asking(self._endpoint.name)
                timer.reschedule(asyncio.get_running_loop().time() + self._patience.answer)
                request = chat_request(self._name, prompt, shown.parts, options)
                reply = await chat.ask(request, listener.call_accepted, hearing.text)
        except TimeoutError:
            complaint = Complaint(ErrorKind.TIMEOUT, f"no whole answer within {self._patience.answer:.0f} seconds")
            raise chat.speaker.error(complaint) from None
        return self._answer_of(reply, shown, video, hearing)

    def _answer_of(self, reply: Reply, shown: Shown, video: Video, hearing: _Hearing) -> Answer:
        return Answer(
            text=reply.text,
            state=reply.state,
            finish_reason=reply.finish,
            answered_by=reply.model or self._name,
            input=shown.note,
            usage=reply.usage,
            cost_usd=self._cost(reply),
            provider_id=reply.id,
            first_token_seconds=hearing.first_text_seconds,
            timestamps=find_timestamps(reply.text, video.duration),
        )

    def _cost(self, reply: Reply) -> float | None:
        if self._endpoint.is_local:
            return 0.0
        usage = reply.usage
        if usage is None or usage.input_tokens is None or usage.output_tokens is None:
            return None
        return estimate_usd(
            reply.model or self._name,
            provider_url=self._endpoint.base_url,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens + (usage.thinking_tokens or 0),
        )


class _Hearing:
    """Turns what goes on into progress and partial text."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._asked_at = 0.0
        self.first_text_seconds: float | None = None

    async def preparing(self, percent: float, message: str) -> None:
        await self._listener.progress(percent * _SHOWN / 100, message)

    async def asking(self, server: str) -> None:
        self._asked_at = asyncio.get_running_loop().time()
        await self._listener.progress(_ASKED, f"{server} looks at the video")

    async def text(self, text: str) -> None:
        if self.first_text_seconds is None:
            self.first_text_seconds = asyncio.get_running_loop().time() - self._asked_at
            await self._listener.progress(_ASKED, "The answer comes in")
        await self._listener.partial(text)


def _description(endpoint: Endpoint) -> str:
    where = "Runs on this computer." if endpoint.is_local else f"Runs at {endpoint.base_url}."
    sees = (
        "the video itself" if endpoint.native_video else f"up to {endpoint.max_frames} pictures of the video, no sound"
    )
    return f"{where} Is shown {sees}."
