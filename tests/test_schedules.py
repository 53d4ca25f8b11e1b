"""Schedules: each time once, whatever crashes, sleeps, or turns its clock, summer time included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import pytest
from faults import Dead

from longtake.errors import LongtakeError
from longtake.firing import Firing
from longtake.job import JobSummary
from longtake.schedules import Missed, Schedule
from longtake.store import Filter
from longtake.stores.memory import MemoryStore

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hourly(missed: Missed = "once") -> Schedule:
    return Schedule(name="hourly", cron="0 * * * *", kind="tick", missed=missed)


def fired(store: MemoryStore) -> list[JobSummary]:
    """The jobs so far, oldest first."""
    return list(reversed(store.find(Filter(), limit=1000).jobs))


def titles(store: MemoryStore) -> list[str]:
    return [job.title.removeprefix("hourly, ").removesuffix(" UTC") for job in fired(store)]


def test_a_new_schedule_begins_now_and_fires_once_at_each_time() -> None:
    store = MemoryStore()
    firing = Firing(store, [hourly()])
    for minute in range(0, 180, 7):
        firing.fire(NOON + timedelta(minutes=minute))
    assert titles(store) == ["2026-01-01 13:00", "2026-01-01 14:00"]


@pytest.mark.parametrize(("missed", "jobs"), [("once", ["2026-01-03 09:00"]), ("skip", [])])
def test_of_times_that_passed_meanwhile_one_or_none_is_made_up_for(missed: Missed, jobs: list[str]) -> None:
    store = MemoryStore()
    Firing(store, [hourly(missed)]).fire(NOON)
    later = Firing(store, [hourly(missed)])
    for _ in range(3):
        later.fire(datetime(2026, 1, 3, 9, 30, tzinfo=UTC))
    assert titles(store) == jobs


def test_a_time_that_has_just_come_is_none_that_was_missed() -> None:
    store = MemoryStore()
    firing = Firing(store, [hourly("skip")])
    firing.fire(NOON)
    firing.fire(NOON + HOUR + timedelta(seconds=60))
    assert titles(store) == ["2026-01-01 13:00"]


@pytest.mark.parametrize("dies_at", ["create", "remember"])
def test_a_worker_that_dies_while_it_fires_has_fired_once_in_the_end(
    dies_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = MemoryStore()
    Firing(store, [hourly()]).fire(NOON)

    def die(*_: object, **__: object) -> None:
        raise Dead

    with monkeypatch.context() as patch:
        patch.setattr(store, dies_at, die)
        with pytest.raises(Dead):
            Firing(store, [hourly()]).fire(NOON + HOUR)
    for _ in range(2):
        Firing(store, [hourly()]).fire(NOON + HOUR)
    assert titles(store) == ["2026-01-01 13:00"]


def test_a_clock_that_is_turned_back_fires_nothing_again() -> None:
    store = MemoryStore()
    firing = Firing(store, [hourly()])
    for hours in (0, 5, 2, 3, 5, -20, 4, 6):
        firing.fire(NOON + hours * HOUR)
    assert titles(store) == ["2026-01-01 17:00", "2026-01-01 18:00"]


@pytest.mark.parametrize(
    ("cron", "days", "expected"),
    [
        ("30 2 * * *", (28, 29, 30), 3),  # on 29 March 2026 there is no half past two in Vienna
        ("30 1 * * *", (28, 29, 30), 3),
    ],
)
def test_a_daily_time_comes_once_a_day_when_summer_time_begins(cron: str, days: tuple[int, ...], expected: int) -> None:
    assert len(over_days(cron, datetime(2026, 3, days[0], tzinfo=UTC) - timedelta(hours=2), len(days))) == expected


@pytest.mark.parametrize("cron", ["30 2 * * *", "0 3 * * *"])
def test_a_daily_time_comes_once_a_day_when_summer_time_ends(cron: str) -> None:
    assert len(over_days(cron, datetime(2026, 10, 23, 22, tzinfo=UTC), 3)) == 3  # 25 October has two half past twos


def over_days(cron: str, begin: datetime, days: int) -> list[JobSummary]:
    """The jobs of a schedule in Vienna that a worker looks at each half hour and a bit."""
    store = MemoryStore()
    firing = Firing(store, [Schedule(name="daily", cron=cron, kind="tick", zone="Europe/Vienna")])
    for minute in range(0, days * 24 * 60, 10):
        firing.fire(begin + timedelta(minutes=minute, seconds=1))
    return fired(store)


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"cron": "61 * * * *"}, "is no cron line"),
        ({"cron": "often"}, "is no cron line"),
        ({"zone": "Europe/Atlantis"}, "there is no time zone 'Europe/Atlantis'"),
    ],
)
def test_a_schedule_that_cannot_be_read_is_refused_with_its_name(members: dict[str, Any], says: str) -> None:
    with pytest.raises(LongtakeError, match=says) as refused:
        Schedule(**{"name": "mine", "cron": "* * * * *", "kind": "tick", **members})
    assert "'mine'" in str(refused.value)


def test_a_system_without_time_zones_has_schedules_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_there(key: str) -> None:
        raise ZoneInfoNotFoundError(key)

    monkeypatch.setattr("zoneinfo.ZoneInfo", none_there)
    assert hourly().last_time(NOON + HOUR / 2) == NOON
