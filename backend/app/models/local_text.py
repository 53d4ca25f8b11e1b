"""A model that reads what is written in the video, on this machine; the prompt says what to look for."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from app.media.texts import can_read_texts, find_texts
from app.models.base import Listener, Missing, Video
from app.models.local_model import Found, LocalModel, local_info
from app.models.text_search import describe_texts, sightings, wanted_in


class LocalText(LocalModel):
    """Lists the texts of the video, those that fit the prompt first; only those if the prompt quotes words."""

    def __init__(self) -> None:
        what = "Reads what is written in the picture. Quoted words of the prompt are looked for."
        super().__init__(local_info("local/text", "Text", what, reads_prompt=True))

    def missing(self) -> Missing | None:
        """Missing without the extra `ocr`."""
        if can_read_texts():
            return None
        return Missing(
            why="The program that reads text is not installed.",
            what_to_do=f"Install it (300 MB): {_python()} -m pip install 'longtake-compare[ocr]', and start again.",
        )

    async def _look(self, video: Video, prompt: str, listener: Listener) -> Found:
        report = await find_texts(
            video.path,
            duration=video.duration,
            size=(video.width, video.height),
            on_progress=listener.progress,
        )
        found, looks = sightings(report), len(report.looks)
        text = describe_texts(found, wanted_in(prompt), looks=looks)
        # A clock that is written in the picture is no moment of the video.
        moments = {sighting.when for sighting in found}
        return Found(text=text, frames=looks, resolution=report.resolution, moments=moments)


def _python() -> str:
    """The Python that runs the app, whose packages are the ones that count; as short as it can be said here."""
    python, here = Path(sys.executable), Path.cwd()
    return shlex.quote(str(python.relative_to(here) if python.is_relative_to(here) else python))
