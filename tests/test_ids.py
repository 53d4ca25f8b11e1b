"""Ids sort by the time of creation, also those of one millisecond."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from longtake.ids import first_id, is_id, new_id

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_ids_of_one_millisecond_sort_in_the_order_they_were_made() -> None:
    ids = [new_id(NOW) for _ in range(1000)]
    assert ids == sorted(set(ids))
    assert all(map(is_id, ids))


def test_ids_sort_by_time() -> None:
    earlier = [new_id(NOW) for _ in range(10)]
    later = new_id(NOW + timedelta(milliseconds=1))
    assert max(earlier) < later
    assert first_id(NOW) <= min(earlier)
    assert max(earlier) < first_id(NOW + timedelta(milliseconds=1)) <= later
