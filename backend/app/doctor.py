"""Is everything as it should be? One check for each thing that commonly is not, each with its remedy."""

from __future__ import annotations

import asyncio
import importlib.util
import platform
import shutil
import tempfile
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from msgspec import Struct

import longtake
from app import __version__
from app.file_systems import file_system_of, is_over_a_network
from app.settings import Settings
from app.videos.library import VideoLibrary
from longtake import JobQueue, JobStatus, LongtakeError

PAGE = Path(__file__).parent / "_ui" / "index.html"
_AHEAD = timedelta(minutes=1)
_KEYS = {"Gemini models": ("GEMINI_API_KEY", "GOOGLE_API_KEY"), "OpenAI models": ("OPENAI_API_KEY",)}
_EXTRAS = {
    "wakepy": "keeps the computer awake while jobs run",
    "apprise": "sends notifications when jobs are finished",
    "cronsim": "submits jobs on a schedule",
}


class Check(Struct, frozen=True, kw_only=True):
    """What was looked at, and what was found."""

    name: str
    ok: bool
    detail: str
    """A sentence."""
    fix: str | None = None
    """What to do; also where something optional is missing and nothing is wrong."""


async def examine(settings: Settings, queue: JobQueue, library: VideoLibrary) -> list[Check]:
    """Look at everything. Changes nothing, and asks no network."""
    jobs, uploads = queue.storage_dir, settings.data_dir / "uploads"
    looks: dict[str, Awaitable[Check]] = {
        "Worker": _worker(queue),
        "Jobs folder": asyncio.to_thread(_folder, "Jobs folder", jobs),
        "Videos folder": asyncio.to_thread(_folder, "Videos folder", uploads),
        "File system": asyncio.to_thread(_file_system, jobs),
        "Damaged jobs": asyncio.to_thread(_quarantine, jobs / "quarantine"),
        "Videos": _videos(library),
        "Disk": asyncio.to_thread(_disk, settings),
        "Clock": _clock(queue),
    }
    found = [await _found(name, look) for name, look in looks.items()]
    return [*found, _page(), *_keys(settings), _versions(), *(_extra(module, use) for module, use in _EXTRAS.items())]


async def _found(name: str, look: Awaitable[Check]) -> Check:
    """What a look found; that it could not look is a finding too."""
    try:
        return await look
    except (OSError, LongtakeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        remedy = "See what the checks of the folders say, and the rights on the data folder."
        return Check(name=name, ok=False, detail=f"This could not be looked at: {reason}", fix=remedy)


async def _worker(queue: JobQueue) -> Check:
    worker = await asyncio.to_thread(queue.worker)
    counts = await queue.counts()
    unfinished = counts[JobStatus.PENDING] + counts[JobStatus.RUNNING]
    if worker is not None:
        return Check(name="Worker", ok=True, detail=f"Process {worker.pid} runs the jobs; {unfinished} are unfinished.")
    if not unfinished:
        return Check(name="Worker", ok=True, detail="None runs, and none is needed: the next job starts one.")
    return Check(
        name="Worker",
        ok=False,
        detail=f"None runs, and {unfinished} jobs are unfinished.",
        fix=f"Start the server: longtake-compare up. If it is running, see {queue.storage_dir}/run/worker.log.",
    )


def _folder(name: str, folder: Path) -> Check:
    if not folder.exists():
        return Check(name=name, ok=True, detail=f"{folder} is made when it is first needed.")
    try:
        next(folder.iterdir(), None)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
            file.flush()
    except OSError as error:
        remedy = f"Give yourself the rights to {folder}, free some room, or choose another folder with --data."
        return Check(name=name, ok=False, detail=f"{folder} cannot be used: {error.strerror}.", fix=remedy)
    return Check(name=name, ok=True, detail=f"{folder} can be read and written.")


def _file_system(folder: Path) -> Check:
    kind = file_system_of(folder)
    if kind is not None and is_over_a_network(kind):
        remedy = "Choose a folder on a disk of this computer with --data."
        detail = f"{folder} is on another computer ({kind}): locks may not hold, and jobs may run twice."
        return Check(name="File system", ok=False, detail=detail, fix=remedy)
    return Check(name="File system", ok=True, detail=f"{folder} is on {kind or 'a disk that was not looked at'}.")


def _quarantine(folder: Path) -> Check:
    names = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    damaged = [name for name in names if not name.endswith(".reason.txt")]
    if not damaged:
        return Check(name="Damaged jobs", ok=True, detail="None.")
    remedy = "Each has its reason beside it. Mend and move back what you need, and delete the rest."
    return Check(name="Damaged jobs", ok=False, detail=f"{len(damaged)} files are in {folder}.", fix=remedy)


async def _videos(library: VideoLibrary) -> Check:
    contents = await library.contents()
    if contents.damaged:
        names = ", ".join(error.video_id for error in contents.damaged)
        return Check(name="Videos", ok=False, detail=f"Damaged on the disk: {names}.", fix="Upload these files again.")
    return Check(name="Videos", ok=True, detail=f"{len(contents.videos)} are stored, none is damaged.")


def _disk(settings: Settings) -> Check:
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    free, floor = shutil.disk_usage(folder).free, settings.free_disk_floor_bytes
    detail = f"{free / 1e9:.1f} GB are free; uploads stop at {floor / 1e9:.1f} GB."
    if free > floor:
        return Check(name="Disk", ok=True, detail=detail)
    remedy = "Delete videos or old jobs (longtake-compare jobs cleanup), or other files."
    return Check(name="Disk", ok=False, detail=detail, fix=remedy)


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


async def _clock(queue: JobQueue) -> Check:
    """Jobs that seem to come from the future tell of a clock that was put back."""
    now = datetime.now(UTC)
    page = await queue.find(limit=1)
    if page.jobs and page.jobs[0].created_at > now + _AHEAD:
        detail = (
            f"It says {now:%Y-%m-%d %H:%M} UTC, but the newest job is from {page.jobs[0].created_at:%Y-%m-%d %H:%M}."
        )
        return Check(name="Clock", ok=False, detail=detail, fix="Set the computer's clock, best by network time.")
    return Check(name="Clock", ok=True, detail=f"It says {now:%Y-%m-%d %H:%M} UTC.")


def _versions() -> Check:
    parts = [
        f"longtake-compare {__version__}",
        f"longtake {longtake.__version__}",
        f"Python {platform.python_version()}",
        f"PyAV {version('av')}",
    ]
    return Check(name="Versions", ok=True, detail=f"{', '.join(parts)}.")


def _extra(module: str, use: str) -> Check:
    if importlib.util.find_spec(module) is not None:
        return Check(name=module, ok=True, detail=f"Installed: {use}.")
    return Check(name=module, ok=True, detail=f"Not installed; it {use}.", fix=f"pip install {module}")
