"""A Gemini model as the comparison sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.models.base import NO_OPTIONS, Answer, AskOptions, InputMode, Listener, Missing, ModelInfo, Video
from app.models.errors import ErrorKind, ModelError
from app.models.gemini.answering import Answering, Question
from app.models.gemini.errors import complaint_of, is_gone
from app.models.gemini.interactions import KEPT, NotOffered, kept_call
from app.models.gemini.sdk import sdk_client
from app.models.gemini.service import ADDRESS
from app.models.gemini.uploads import Uploads
from app.models.prices import price_in_words

_DESCRIPTION = (
    "Sees and hears the video itself. The video is stored at Google for 48 hours, the answer as Google's terms say."
)
_UNVERIFIED = " Not confirmed by Google's list of models yet."


class GeminiModel:
    """One model of Google's; models of the same service share their uploads."""

    def __init__(
        self,
        uploads: Uploads,
        name: str,
        title: str,
        *,
        verified: bool = True,
        in_background: bool = True,
    ) -> None:
        self.info = ModelInfo(
            id=name,
            provider="gemini",
            title=title,
            description=_DESCRIPTION + ("" if verified else _UNVERIFIED),
            input_mode=InputMode.NATIVE,
            reads_prompt=True,
            price=price_in_words(name, provider_url=ADDRESS),
        )
        self._service = uploads.service
        self._uploads = uploads
        self._in_background = in_background

    def missing(self) -> Missing | None:
        """Missing without a key."""
        if self._service.key is not None:
            return None
        return Missing(
            why="No API key for Gemini.",
            what_to_do="Set GEMINI_API_KEY and start again, or choose a local model: local/scenes.",
        )

    async def answer(
        self,
        video: Video,
        prompt: str,
        listener: Listener,
        *,
        attempt: int = 1,  # noqa: ARG002  # the seam: what was kept tells more
        options: AskOptions = NO_OPTIONS,
    ) -> Answer:
        """Answer `prompt` about `video`; what an earlier attempt asked is listened to again, not asked again.

        Cancelling it leaves the answer to go on at Google, to be listened to later; see `abandon`.
        """
        if missing := self.missing():
            raise ModelError(ErrorKind.AUTH, missing.why, missing.what_to_do)
        question = Question(model=self.info.id, video=video, prompt=prompt, options=options)
        answering = Answering(self._uploads, question, listener)
        if self._in_background or self.goes_on(listener.kept):
            try:
                return await answering.answer(in_background=True)
            except NotOffered:
                self._in_background = False
        return await answering.answer(in_background=False)

    def goes_on(self, kept: Callable[[str], Any | None]) -> bool:
        """Whether an answer was begun whose id is known."""
        call = kept_call(kept(KEPT))
        return call is not None and call.interaction is not None

    async def abandon(self, kept: Callable[[str], Any | None]) -> None:
        """Stop an answer that goes on at Google. Raises ModelError when Google cannot be told."""
        call = kept_call(kept(KEPT))
        if call is None or call.interaction is None or self._service.key is None:
            return
        async with sdk_client(self._service) as sdk:
            try:
                await sdk.interactions.cancel(id=call.interaction)
            except Exception as error:  # noqa: BLE001  # the SDK's errors have no common root
                # Over or forgotten: nothing is left to stop.
                if not is_gone(error) and complaint_of(error).kind is not ErrorKind.INVALID:
                    raise self._service.speaker.error(complaint_of(error)) from None
