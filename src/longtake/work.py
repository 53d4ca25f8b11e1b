"""What a worker has to do besides the jobs in its store, and how it works."""

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


@dataclass(frozen=True, kw_only=True)
class WorkerOptions:
    """How a worker works."""

    concurrency: int = 16
    """Jobs at once."""
    grace: float = 10.0
    """Seconds that running steps get to end when the worker is asked to stop."""
    look_every: float = 1.0
    """Seconds between looks at the requests; bells only make it faster."""
    inspect_every: float = 60.0
    """Seconds between comparisons of the index with the files."""
    stand_by: bool = True
    """Whether to wait while another worker owns the store, or to end."""
    keep_awake: bool = True
    """Whether to keep the computer from idling to sleep while jobs run (extra `awake`)."""
    patience: float = 2.0
    """Seconds to try all the same before it ends: an asker, or a look at the lock, may hold it for a moment."""
