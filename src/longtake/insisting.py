"""Writes that are tried until the disk takes them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from longtake.disk import on_disk
from longtake.errors import StorageProblem

T = TypeVar("T")

log = logging.getLogger("longtake")

LONGEST_WAIT = 5.0
"""Seconds between two tries."""


async def until_stored(write: Callable[..., T], *what: Any) -> T:
    """Write, and try again while the disk refuses: a finished result is not given up for lack of space."""
    wait = 0.1
    while True:
        try:
            return await on_disk(write, *what)
        except StorageProblem as error:
            log.error("%s Trying again.", error)  # noqa: TRY400 (the message says it all)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
