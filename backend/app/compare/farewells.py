"""Tells a provider that nobody waits for an answer any more, so that it need not go on with it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from app.models.base import Abandonable, VideoModel
from app.models.errors import ModelError

_PATIENCE = 30.0
"""Seconds."""
_log = logging.getLogger(__name__)


class Farewells:
    """They are said beside the job that a person cancelled, which does not wait for them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def say(self, model: VideoModel, kept: Callable[[str], Any], told: Callable[[], Awaitable[None]]) -> None:
        """Begin to tell the provider of a model to stop what a cell began; `kept` is that of its listener.

        `told` is called once that is done. What cannot be told now is left to `leftovers`.
        """
        task = asyncio.get_running_loop().create_task(_say(model, kept, told))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def abandon(model: VideoModel, kept: Callable[[str], Any]) -> bool:
    """Tell the provider of a model, if it goes on by itself; returns whether nothing goes on any more."""
    if not isinstance(model, Abandonable):
        return True
    try:
        async with asyncio.timeout(_PATIENCE):
            await model.abandon(kept)
    except (ModelError, TimeoutError) as error:
        _log.warning("%s could not be told that its answer is not wanted any more: %s", model.info.id, error)
        return False
    return True


async def _say(model: VideoModel, kept: Callable[[str], Any], told: Callable[[], Awaitable[None]]) -> None:
    if await abandon(model, kept):
        await told()
