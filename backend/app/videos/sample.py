"""Our own short videos, made when somebody asks for one."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from app.media.sample import SAMPLES, make_sample
from app.videos.library import Added, VideoLibrary

SAMPLE_COUNT = len(SAMPLES)


async def add_sample(library: VideoLibrary, which: int) -> Added:
    """Make sample video `which` (from 1) and store it: takes some seconds. Raises NoRoom."""
    film = SAMPLES[which - 1]
    with tempfile.TemporaryDirectory(prefix="longtake-compare-") as folder:
        path = Path(folder) / "sample.mp4"
        await asyncio.to_thread(make_sample, film, path)
        return await library.add_file(path, f"{film.name}.mp4")
