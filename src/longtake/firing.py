"""Submits the jobs of schedules, each time once, whatever crashes, sleeps or turns its clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from longtake.ids import new_id
from longtake.job import Job
from longtake.schedules import Schedule
from longtake.store import Store
from longtake.submitting import submit
from longtake.values import to_json

_NOTE = "schedules"


class Firing:
    """Knows up to which time each schedule was served: kept in the store."""

    def __init__(self, store: Store, schedules: Iterable[Schedule]) -> None:
        self._store = store
        self._schedules = list(schedules)
        self._served: dict[str, datetime] | None = None

    def fire(self, now: datetime) -> None:
        """Submit what is due. A new schedule begins now: earlier times are not made up for."""
        if not self._schedules:
            return
        if self._served is None:
            note = self._store.recall(_NOTE) or {}
            self._served = {name: datetime.fromisoformat(time) for name, time in note.items()}
        for schedule in self._schedules:
            served = self._served.get(schedule.name)
            if served is None:
                self._serve(schedule.name, now)
            elif (time := schedule.due(now, served)) is not None:
                submit(self._store, _job(schedule, time, now))
                self._serve(schedule.name, time)

    def _serve(self, name: str, time: datetime) -> None:
        assert self._served is not None  # noqa: S101 (filled by fire)
        self._served[name] = time
        self._store.remember(_NOTE, {n: t.astimezone(UTC).isoformat() for n, t in self._served.items()})


def _job(schedule: Schedule, time: datetime, now: datetime) -> Job:
    """The job for one time; its key makes a second submit of the same time harmless."""
    return Job(
        id=new_id(now),
        kind=schedule.kind,
        title=f"{schedule.name}, {time:%Y-%m-%d %H:%M} UTC",
        tags=(f"schedule:{schedule.name}",),
        about=schedule.about,
        args=to_json(dict(schedule.args)),
        notify=schedule.notify,
        key=f"schedule {schedule.name} {time.isoformat()}",
        created_at=now,
    )
