"""All checks of a queue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from longtake.doctor import folders, jobs, leftovers
from longtake.doctor.check import Check
from longtake.doctor.installation import EXTRAS, look_at_extra, look_at_versions
from longtake.errors import LongtakeError
from longtake.queue import JobQueue
from longtake.stores.files import FilesStore

DISK_FLOOR = 200_000_000
"""Bytes that should be free: room for a few large jobs."""
HOW_TO_START = "Start your program, or run: longtake work MODULE:QUEUE"


async def examine(queue: JobQueue, *, how_to_start: str = HOW_TO_START, disk_floor: int = DISK_FLOOR) -> list[Check]:
    """Look at everything that concerns a queue and its folder. Changes no job, and asks no network.

    Args:
        queue: which.
        how_to_start: what people do to have a worker, for where one is missing.
        disk_floor: how many bytes should be free.
    """
    return await asyncio.to_thread(_examine, queue, how_to_start, disk_floor)


def _examine(queue: JobQueue, how_to_start: str, disk_floor: int) -> list[Check]:
    looks: dict[str, Callable[[], Check]] = {
        "Worker": lambda: jobs.look_at_worker(queue, how_to_start),
        "Requests": lambda: jobs.look_at_requests(queue),
        "Journals": lambda: jobs.look_at_journals(queue),
        "Clock": lambda: jobs.look_at_clock(queue),
    }
    if isinstance(queue.store, FilesStore):
        folder = queue.storage_dir
        looks |= {
            "Jobs folder": lambda: folders.look_at_folder("Jobs folder", folder),
            "File system": lambda: folders.look_at_file_system(folder),
            "Disk": lambda: folders.look_at_disk(folder, disk_floor),
            "List of jobs": lambda: jobs.look_at_index(queue),
            "Damaged jobs": lambda: leftovers.look_at_quarantine(folder),
            "Leftovers": lambda: leftovers.look_at_leftovers(folder),
        }
    found = [_found(name, look) for name, look in looks.items()]
    return [*found, look_at_versions(), *(look_at_extra(*extra) for extra in EXTRAS)]


def _found(name: str, look: Callable[[], Check]) -> Check:
    """What a look found; that it could not look is a finding too."""
    try:
        return look()
    except (OSError, LongtakeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        remedy = "See what the checks of the folders say, and the rights on them."
        return Check(name=name, ok=False, detail=f"This could not be looked at: {reason}", fix=remedy)
