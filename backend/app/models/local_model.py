"""What the local models have in common: they look at the file on this machine, for nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Set as AbstractSet

from msgspec import Struct

from app.media.errors import MediaError
from app.models.base import (
    NO_OPTIONS,
    Answer,
    AskOptions,
    InputMode,
    InputNote,
    Listener,
    Missing,
    ModelInfo,
    Video,
    named,
)
from app.models.errors import ErrorKind, ModelError
from app.models.media_errors import as_model_error
from app.models.timestamps import find_timestamps


class Found(Struct, frozen=True, kw_only=True):
    """What came of looking."""

    text: str
    frames: int
    """Pictures that were looked at."""
    fps: float | None = None
    resolution: str | None
    moments: AbstractSet[str] | None = None
    """The words of the text that name moments of the video; None where all that look like it do."""


def local_info(model_id: str, title: str, description: str, *, reads_prompt: bool = False) -> ModelInfo:
    """The description of a local model."""
    return ModelInfo(
        id=model_id,
        provider="local",
        title=title,
        description=description,
        input_mode=InputMode.LOCAL,
        reads_prompt=reads_prompt,
        price="free",
    )


class LocalModel(ABC):
    """A model that follows no options."""

    def __init__(self, info: ModelInfo) -> None:
        self.info = info

    def missing(self) -> Missing | None:
        """Not missing: it is part of this program."""
        return None

    async def answer(
        self,
        video: Video,
        prompt: str,
        listener: Listener,
        *,
        attempt: int = 1,  # noqa: ARG002  # the seam
        options: AskOptions = NO_OPTIONS,
    ) -> Answer:
        """Look at `video` and say what is there. Raises ModelError."""
        if missing := self.missing():
            raise ModelError(ErrorKind.INVALID, missing.why, missing.what_to_do)
        try:
            found = await self._look(video, prompt, listener)
        except MediaError as error:
            raise as_model_error(error) from error
        moments = find_timestamps(found.text, video.duration)
        return Answer(
            text=found.text,
            finish_reason="stop",
            answered_by=self.info.id,
            input=InputNote(
                mode=self.info.input_mode,
                frames=found.frames,
                fps=found.fps,
                resolution=found.resolution,
                ignored=named(options),
            ),
            cost_usd=0.0,
            timestamps=tuple(each for each in moments if found.moments is None or each.text in found.moments),
        )

    @abstractmethod
    async def _look(self, video: Video, prompt: str, listener: Listener) -> Found:
        """Look at the file. Raises MediaError."""
