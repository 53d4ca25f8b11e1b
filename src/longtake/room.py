"""How many jobs may wait: a flood of them is refused before it fills the disk."""

from __future__ import annotations

from longtake.errors import QueueFull
from longtake.job import JobStatus
from longtake.store import Store


def check_room(store: Store, most: int | None, more: int = 1) -> None:
    """Raise QueueFull where `more` waiting jobs would be over `most`."""
    if most is None:
        return
    waiting = store.counts()[JobStatus.PENDING]
    if waiting + more > most:
        raise QueueFull(waiting, most)
