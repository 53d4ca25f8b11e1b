"""Models that need no key and no network: they measure the video on this machine and cannot read prompts."""

from __future__ import annotations

from app.media.errors import MediaError
from app.media.facts import CutReport, QualityReport
from app.media.quality import measure_quality
from app.media.scenes import find_cuts
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
    VideoModel,
    named,
)
from app.models.local_text import LocalText
from app.models.local_texts import describe_quality, describe_scenes
from app.models.media_errors import as_model_error
from app.models.timestamps import find_timestamps


def local_models() -> list[VideoModel]:
    """Every local model, ready to be asked."""
    return [
        LocalScenes(
            ModelInfo(
                id="local/scenes",
                provider="local",
                title="Scenes",
                description="Finds the hard cuts and lists the scenes between them.",
                input_mode=InputMode.LOCAL,
                reads_prompt=False,
                price="free",
            ),
            threshold=6.0,
            min_scene=1.0,
        ),
        LocalScenes(
            ModelInfo(
                id="local/scenes-sensitive",
                provider="local",
                title="Scenes, sensitive",
                description="Finds softer and quicker cuts too, and mistakes fast motion for a cut now and then.",
                input_mode=InputMode.LOCAL,
                reads_prompt=False,
                price="free",
            ),
            threshold=2.0,
            min_scene=0.4,
        ),
        LocalQuality(),
        LocalText(),
    ]


class LocalScenes:
    """Lists the scenes between hard cuts."""

    def __init__(self, info: ModelInfo, *, threshold: float, min_scene: float) -> None:
        self.info = info
        self._threshold = threshold
        self._min_scene = min_scene

    def missing(self) -> Missing | None:
        """Never missing: it is part of this program."""
        return None

    async def answer(
        self,
        video: Video,
        prompt: str,  # noqa: ARG002  # the seam
        listener: Listener,
        *,
        attempt: int = 1,  # noqa: ARG002  # the seam
        options: AskOptions = NO_OPTIONS,
    ) -> Answer:
        """List the scenes of `video`; the prompt changes nothing."""
        try:
            report = await find_cuts(
                video.path,
                duration=video.duration,
                threshold=self._threshold,
                min_scene=self._min_scene,
                on_progress=listener.progress,
            )
        except MediaError as error:
            raise as_model_error(error) from error
        return _answer(self.info, video, describe_scenes(report), _note(self.info, video, report, options))


class LocalQuality:
    """Describes picture and sound in figures."""

    info = ModelInfo(
        id="local/quality",
        provider="local",
        title="Quality",
        description="Measures codec, loudness, silence, and black, frozen or blurred stretches.",
        input_mode=InputMode.LOCAL,
        reads_prompt=False,
        price="free",
    )

    def missing(self) -> Missing | None:
        """Never missing: it is part of this program."""
        return None

    async def answer(
        self,
        video: Video,
        prompt: str,  # noqa: ARG002  # the seam
        listener: Listener,
        *,
        attempt: int = 1,  # noqa: ARG002  # the seam
        options: AskOptions = NO_OPTIONS,
    ) -> Answer:
        """Describe the quality of `video`; the prompt changes nothing."""
        try:
            report = await measure_quality(video.path, duration=video.duration, on_progress=listener.progress)
        except MediaError as error:
            raise as_model_error(error) from error
        return _answer(self.info, video, describe_quality(report), _note(self.info, video, report, options))


def _note(info: ModelInfo, video: Video, report: CutReport | QualityReport, options: AskOptions) -> InputNote:
    return InputNote(
        mode=info.input_mode,
        frames=report.frames,
        fps=video.fps,
        resolution=report.resolution,
        ignored=named(options),
    )


def _answer(info: ModelInfo, video: Video, text: str, note: InputNote) -> Answer:
    return Answer(
        text=text,
        finish_reason="stop",
        answered_by=info.id,
        input=note,
        cost_usd=0.0,
        timestamps=find_timestamps(text, video.duration),
    )
