"""What the tests of the providers share: small videos, models that ask the stand-in, and how to ask them."""

from __future__ import annotations

import asyncio
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.video.frame import VideoFrame
from PIL import Image, ImageDraw

from app.models.base import NO_OPTIONS, Answer, AskOptions, Video, VideoModel
from app.models.connection import Patience
from app.models.errors import ModelError
from app.models.gemini.model import GeminiModel
from app.models.gemini.service import GeminiService
from app.models.gemini.shelf import UploadShelf
from app.models.gemini.uploads import Uploads
from app.models.keys import Key
from app.models.openai_compatible.endpoint import Endpoint
from app.models.openai_compatible.model import OpenAICompatibleModel
from app.models.openai_compatible.showing import Showing
from app.models.testing import Recorder
from standin.running import StandIn
from standin.usual import CANARY, KEY, PROMPT, QUICK


def looks_like_film(path: Path, size: int = 2000) -> Video:
    """A file that nobody but the stand-in takes for a video: good enough to be uploaded."""
    path.write_bytes((b"\0\0\0\x18ftypmp42" + bytes(range(251)) * (size // 251 + 1))[:size])
    return _video(path, 10.0)


def real_film(path: Path, seconds: int = 4) -> Video:
    """A real video with one cut, after 2 seconds, in which every picture differs from the one before."""
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", 10, {"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        for number in range(10 * seconds):
            frame = VideoFrame.from_image(_picture(number))  # type: ignore[no-untyped-call]  # PyAV leaves it untyped
            frame.pts, frame.time_base = number, Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return _video(path, float(seconds))


def gemini(
    standin: StandIn,
    name: str = "gemini-3.8-flash",
    *,
    shelf: UploadShelf | None = None,
    in_background: bool = True,
    **service_fields: Any,
) -> GeminiModel:
    """A Gemini model at the stand-in."""
    service = GeminiService(**{"key": KEY, "address": standin.address, "patience": QUICK, **service_fields})
    return GeminiModel(Uploads(service, shelf or UploadShelf(None)), name, name, in_background=in_background)


def openai_compatible(
    standin: StandIn,
    name: str = "qwen3-vl:8b",
    *,
    showing: Showing | None = None,
    patience: Patience = QUICK,
    **endpoint: Any,
) -> OpenAICompatibleModel:
    """A model of an OpenAI-compatible server at the stand-in."""
    server = Endpoint("server", f"{standin.address}/v1", "SERVER_KEY", **endpoint)
    return OpenAICompatibleModel(server, name, Key("SERVER_KEY", CANARY), showing or Showing(), patience)


def ask(model: VideoModel, video: Video, listener: Recorder | None = None, options: AskOptions = NO_OPTIONS) -> Answer:
    """Ask the usual question."""
    return asyncio.run(model.answer(video, PROMPT, listener or Recorder(), options=options))


def failure(
    model: VideoModel, video: Video, listener: Recorder | None = None, options: AskOptions = NO_OPTIONS
) -> ModelError:
    """Ask the usual question; there must be no answer."""
    try:
        answer = ask(model, video, listener, options)
    except ModelError as error:
        return error
    raise AssertionError(f"there was an answer: {answer}")


def _video(path: Path, duration: float) -> Video:
    return Video(
        video_id=path.stem, path=path, media_type="video/mp4", duration=duration, width=160, height=96, fps=10.0
    )


def _picture(number: int) -> Image.Image:
    ground, figure = ("#224488", "#ffcc33") if number < 20 else ("#eeeeee", "#aa2211")
    picture = Image.new("RGB", (160, 96), ground)
    left = number * 3 % 130
    ImageDraw.Draw(picture).ellipse((left, 30, left + 30, 60), figure)
    return picture
