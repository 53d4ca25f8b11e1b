"""What a worker has to do besides the jobs in its store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from longtake.kinds import Kinds
from longtake.notifications import Notifications
from longtake.schedules import Schedule


@dataclass(frozen=True)
class Work:
    """The handlers, the schedules and whom to tell."""

    kinds: Kinds
    schedules: Sequence[Schedule] = ()
    notifications: Notifications = field(default_factory=lambda: Notifications({}))
