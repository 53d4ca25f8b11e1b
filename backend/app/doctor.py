"""Is everything as it should be? What the library looks at, and what only this app has."""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from pathlib import Path

from app import __version__
from app.settings import Settings
from app.videos.library import VideoLibrary
from longtake import JobQueue
from longtake.doctor import Check, look_at_folder
from longtake.doctor import examine as examine_queue

PAGE = Path(__file__).parent / "_ui" / "index.html"
HOW_TO_START = "Start the server: longtake-compare up"
_KEYS = {"Gemini models": ("GEMINI_API_KEY", "GOOGLE_API_KEY"), "OpenAI models": ("OPENAI_API_KEY",)}


async def examine(settings: Settings, queue: JobQueue, library: VideoLibrary) -> list[Check]:
    """Look at everything. Changes nothing, and asks no network."""
    return [
        *await examine_queue(queue, how_to_start=HOW_TO_START, disk_floor=settings.free_disk_floor_bytes),
        await asyncio.to_thread(look_at_folder, "Videos folder", settings.data_dir / "uploads"),
        await _videos(library),
        _page(),
        *_keys(settings),
        _version(),
    ]


async def _videos(library: VideoLibrary) -> Check:
    try:
        contents = await library.contents()
    except OSError as error:
        remedy = "See what the check of the videos folder says."
        return Check(name="Videos", ok=False, detail=f"They could not be looked at: {error.strerror}.", fix=remedy)
    if contents.damaged:
        names = ", ".join(error.video_id for error in contents.damaged)
        return Check(name="Videos", ok=False, detail=f"Damaged on the disk: {names}.", fix="Upload these files again.")
    return Check(name="Videos", ok=True, detail=f"{len(contents.videos)} are stored, none is damaged.")


def _page() -> Check:
    if PAGE.is_file():
        return Check(name="Page", ok=True, detail="It is built.")
    remedy = "Run python3 dev run in a clone of the project, or install a released package."
    return Check(name="Page", ok=False, detail="It is not built; the API and the command line work.", fix=remedy)


def _keys(settings: Settings) -> list[Check]:
    """A missing key is no fault: the local models need none."""
    checks = []
    for models, names in _KEYS.items():
        present = [name for name in names if name in settings.keys_present]
        if present:
            checks.append(Check(name=models, ok=True, detail=f"{' and '.join(present)} is set."))
        else:
            remedy = f"To ask them, set {names[0]} and start again."
            checks.append(Check(name=models, ok=True, detail=f"{names[0]} is not set.", fix=remedy))
    return checks


def _version() -> Check:
    return Check(name="App", ok=True, detail=f"longtake-compare {__version__}, PyAV {version('av')}.")
