"""Recurring jobs: a cron line, and what to do about times that passed while nobody was awake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from longtake.errors import LongtakeError

Missed = Literal["once", "skip"]

LATE = timedelta(seconds=90)
"""A time further back than this was missed."""


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """Submits a job of a kind at the times of a cron line."""

    name: str
    """Unique; what is known of past times is kept under it."""
    cron: str
    """Minute, hour, day of month, month, day of week."""
    kind: str
    args: Mapping[str, Any] = field(default_factory=dict)
    zone: str = "UTC"
    """Time zone of the cron line, such as Europe/Vienna; its summer time is kept."""
    notify: tuple[str, ...] = ()
    """Notification targets of its jobs."""
    about: tuple[str, ...] = ()
    """What its jobs are about."""
    missed: Missed = "once"
    """Of times that passed while no worker ran: submit one job for all of them, or none."""

    def __post_init__(self) -> None:
        """Refuse a line that cannot be read."""
        _times(self, datetime.now(UTC), back=False)

    def last_time(self, now: datetime) -> datetime:
        """The latest time of the cron line that is not after `now`."""
        last: datetime = next(_times(self, now + timedelta(seconds=1), back=True))
        return last.astimezone(UTC)

    def due(self, now: datetime, since: datetime) -> datetime | None:
        """The time for which a job is to be submitted now, if there is one after `since`."""
        last = self.last_time(now)
        if last <= since or (self.missed == "skip" and now - last > LATE):
            return None
        return last


def _times(schedule: Schedule, start: datetime, *, back: bool) -> Any:
    try:
        from zoneinfo import ZoneInfo  # noqa: PLC0415 (few programs have schedules)

        from cronsim import CronSim, CronSimError  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise LongtakeError("Schedules need the extra `cron`: pip install 'longtake[cron]'.") from error
    try:
        zone = UTC if schedule.zone == "UTC" else ZoneInfo(schedule.zone)
        return CronSim(schedule.cron, start.astimezone(zone), reverse=back)
    except CronSimError as error:
        raise LongtakeError(f"Schedule {schedule.name!r}: {schedule.cron!r} is no cron line ({error}).") from error
    except (KeyError, ValueError, OSError) as error:
        raise LongtakeError(
            f"Schedule {schedule.name!r}: there is no time zone {schedule.zone!r}. A name is such as Europe/Vienna; "
            "a system that knows none needs `pip install tzdata`."
        ) from error
