"""A model that reads what is written in the video, on this machine; the prompt says what to look for."""

from __future__ import annotations

from app.media.errors import MediaError
from app.media.texts import can_read_texts, find_texts
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
)
from app.models.errors import ErrorKind, ModelError
from app.models.media_errors import as_model_error
from app.models.text_search import describe_texts, sightings, wanted_in
from app.models.timestamps import find_timestamps


class LocalText:
    """Lists the texts of the video, those that fit the prompt first; only those if the prompt quotes words."""

    info = ModelInfo(
        id="local/text",
        provider="local",
        title="Text",
        description="Reads what is written in the picture. Quoted words of the prompt are looked for.",
        input_mode=InputMode.LOCAL,
        reads_prompt=True,
        price="free",
    )

    def missing(self) -> Missing | None:
        """Missing without the extra `ocr`."""
        if can_read_texts():
            return None
        return Missing(
            why="The program that reads text is not installed.",
            what_to_do="Install it (300 MB): pip install 'longtake-compare[ocr]', and start again.",
        )

    async def answer(
        self,
        video: Video,
        prompt: str,
        listener: Listener,
        *,
        attempt: int = 1,  # noqa: ARG002  # the seam
        options: AskOptions = NO_OPTIONS,  # noqa: ARG002  # the seam
    ) -> Answer:
        """List what is written in `video`, as far as `prompt` wants it."""
        if missing := self.missing():
            raise ModelError(ErrorKind.INVALID, missing.why, missing.what_to_do)
        try:
            report = await find_texts(
                video.path,
                duration=video.duration,
                size=(video.width, video.height),
                on_progress=listener.progress,
            )
        except MediaError as error:
            raise as_model_error(error) from error
        found = sightings(report)
        text = describe_texts(found, wanted_in(prompt), looks=len(report.looks))
        ours = {sighting.when for sighting in found}
        return Answer(
            text=text,
            finish_reason="stop",
            answered_by=self.info.id,
            input=InputNote(mode=self.info.input_mode, frames=len(report.looks), resolution=report.resolution),
            cost_usd=0.0,
            # A clock that is written in the picture is no moment of the video.
            timestamps=tuple(each for each in find_timestamps(text, video.duration) if each.text in ours),
        )
