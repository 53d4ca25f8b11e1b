"""What of a video such a server is shown: the file itself, or pictures taken from it."""

from __future__ import annotations

import asyncio
import math
from collections import OrderedDict
from typing import Any
from weakref import WeakValueDictionary

from msgspec import Struct

from app.media.errors import MediaError
from app.media.frames import take_frames
from app.media.limited import OnProgress
from app.media.still import Stills
from app.models.base import AskOptions, InputMode, InputNote, Resolution, Video, named
from app.models.errors import ErrorKind, ModelError
from app.models.media_errors import as_model_error
from app.models.openai_compatible.endpoint import Endpoint
from app.models.openai_compatible.messages import Part, parts_of_frames, parts_of_video

_USUAL_FPS = 1.0
_LONGEST_SIDES = {None: 768, Resolution.LOW: 448, Resolution.MEDIUM: 768, Resolution.HIGH: 1024}
_LARGEST_FILE = 50_000_000
"""Bytes: base64 in one JSON text."""
_REMEMBERED = 8
_ONLY_OF_PICTURES = frozenset({"fps", "clip_start", "clip_end", "resolution"})
"""Such a server samples a whole file as it likes."""


class Shown(Struct, frozen=True):
    """Parts of a message, and what they amount to."""

    parts: list[Part]
    note: InputNote


class Showing:
    """Takes the pictures of a video once for all models that are asked about it in the same way."""

    def __init__(self) -> None:
        self._taken: OrderedDict[tuple[Any, ...], Stills] = OrderedDict()
        self._turns: WeakValueDictionary[tuple[Any, ...], asyncio.Lock] = WeakValueDictionary()

    async def show(self, endpoint: Endpoint, video: Video, options: AskOptions, report: OnProgress) -> Shown:
        """Prepare `video` for `endpoint`. Raises ModelError."""
        if endpoint.native_video:
            return await _whole(video, options)
        clip = _clip(video, options)
        start, end = clip or (0.0, video.duration)
        count = max(1, min(endpoint.max_frames, math.ceil((end - start) * (options.fps or _USUAL_FPS))))
        wanted = (video.video_id, count, _LONGEST_SIDES[options.resolution], clip)
        turn = self._turns.setdefault(wanted, asyncio.Lock())
        async with turn:
            stills = self._taken.get(wanted) or await _take(
                video, count, _LONGEST_SIDES[options.resolution], clip, report
            )
            self._taken[wanted] = stills
            self._taken.move_to_end(wanted)
            if len(self._taken) > _REMEMBERED:
                self._taken.popitem(last=False)
        note = InputNote(
            mode=InputMode.FRAMES,
            frames=len(stills.stills),
            fps=round(len(stills.stills) / (end - start), 3),
            resolution=stills.resolution,
            clip=clip,
        )
        return Shown(await asyncio.to_thread(parts_of_frames, stills, video.duration), note)


async def _take(video: Video, count: int, longest: int, clip: tuple[float, float] | None, report: OnProgress) -> Stills:
    try:
        return await take_frames(
            video.path,
            duration=video.duration,
            size=(video.width, video.height),
            count=count,
            longest=longest,
            clip=clip,
            on_progress=report,
        )
    except MediaError as error:
        raise as_model_error(error) from error


async def _whole(video: Video, options: AskOptions) -> Shown:
    try:
        size = video.path.stat().st_size
        if size > _LARGEST_FILE:
            raise ModelError(
                ErrorKind.INVALID,
                f"The video has {size / 1e6:.0f} MB; this server is sent {_LARGEST_FILE / 1e6:.0f} MB at most.",
                "Use a shorter or smaller copy, or set native_video of this server to false: then pictures are sent.",
            )
        content = await asyncio.to_thread(video.path.read_bytes)
    except FileNotFoundError:
        raise ModelError(
            ErrorKind.VIDEO_MISSING, "The video file is gone.", "Upload the video again, then retry this cell."
        ) from None
    ignored = tuple(name for name in named(options) if name in _ONLY_OF_PICTURES)
    note = InputNote(mode=InputMode.NATIVE, ignored=ignored)
    return Shown(await asyncio.to_thread(parts_of_video, video, content), note)


def _clip(video: Video, options: AskOptions) -> tuple[float, float] | None:
    if options.clip_start is None and options.clip_end is None:
        return None
    start = min(options.clip_start or 0.0, video.duration)
    end = min(options.clip_end or video.duration, video.duration)
    return (start, end) if end > start else None
