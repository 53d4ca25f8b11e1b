"""The log of worker processes: one file of bounded size, and the one before it."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path

from longtake.disk import on_disk

log = logging.getLogger("longtake")

LARGEST = 10_000_000
"""Bytes."""
SECONDS_BETWEEN_LOOKS = 60.0


def keep_small(path: Path) -> None:
    """Move what the log holds to `<name>.1` if it has grown large; what is being written in that moment may be lost.

    It stays the same file, because workers have it open to append to it.
    """
    try:
        if path.stat().st_size > LARGEST:
            path.with_name(f"{path.name}.1").write_bytes(path.read_bytes())
            os.truncate(path, 0)
    except FileNotFoundError:
        return
    except OSError as error:
        log.warning("The log %s could not be kept small: %s", path, error)


async def keep_it_small(path: Path) -> None:
    """Do so now and then, for ever; cancel to end."""
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        await on_disk(keep_small, path)
