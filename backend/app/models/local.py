"""The models that need no key and no network. Those in this file cannot read prompts."""

from __future__ import annotations

from app.media.quality import measure_quality
from app.media.scenes import find_cuts
from app.models.base import Listener, ModelInfo, Video, VideoModel
from app.models.local_model import Found, LocalModel, local_info
from app.models.local_text import LocalText
from app.models.local_texts import describe_quality, describe_scenes


def local_models() -> list[VideoModel]:
    """Every local model, ready to be asked."""
    return [
        LocalScenes(
            local_info("local/scenes", "Scenes", "Finds the hard cuts and lists the scenes between them."),
            threshold=6.0,
            min_scene=1.0,
        ),
        LocalScenes(
            local_info(
                "local/scenes-sensitive",
                "Scenes, sensitive",
                "Finds softer and quicker cuts too, and mistakes fast motion for a cut now and then.",
            ),
            threshold=2.0,
            min_scene=0.4,
        ),
        LocalQuality(),
        LocalText(),
    ]


class LocalScenes(LocalModel):
    """Lists the scenes between hard cuts."""

    def __init__(self, info: ModelInfo, *, threshold: float, min_scene: float) -> None:
        super().__init__(info)
        self._threshold = threshold
        self._min_scene = min_scene

    async def _look(self, video: Video, prompt: str, listener: Listener) -> Found:  # noqa: ARG002  # it cannot read
        report = await find_cuts(
            video.path,
            duration=video.duration,
            threshold=self._threshold,
            min_scene=self._min_scene,
            on_progress=listener.progress,
        )
        text = describe_scenes(report)
        return Found(text=text, frames=report.frames, fps=video.fps, resolution=report.resolution)


class LocalQuality(LocalModel):
    """Describes picture and sound in figures."""

    def __init__(self) -> None:
        what = "Measures codec, loudness, silence, and black, frozen or blurred stretches."
        super().__init__(local_info("local/quality", "Quality", what))

    async def _look(self, video: Video, prompt: str, listener: Listener) -> Found:  # noqa: ARG002  # it cannot read
        report = await measure_quality(video.path, duration=video.duration, on_progress=listener.progress)
        text = describe_quality(report)
        return Found(text=text, frames=report.frames, fps=video.fps, resolution=report.resolution)
