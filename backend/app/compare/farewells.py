"""Tells a provider that nobody waits for an answer any more, so that it need not go on with it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
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

    def say(self, model: VideoModel, kept: Callable[[str], Any]) -> None:
        """Begin to tell the provider of a model to stop what a cell began; `kept` is that of its listener."""
        if isinstance(model, Abandonable):
            task = asyncio.get_running_loop().create_task(_abandon(model, model.info.id, kept))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)


async def _abandon(model: Abandonable, model_id: str, kept: Callable[[str], Any]) -> None:
    try:
        async with asyncio.timeout(_PATIENCE):
            await model.abandon(kept)
    except (ModelError, TimeoutError) as error:
        _log.warning("%s could not be told that its answer is not wanted any more: %s", model_id, error)
