"""The waiting line against the plainest possible one: a list that is sorted each time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from making import NOW, job_id, make_job

from longtake.job import Job
from longtake.waiting import SECONDS_A_POINT, WaitingLine


def any_kind(_: str) -> bool:
    return True


def order(line: WaitingLine, now: datetime, may_start: Callable[[str], bool] = any_kind) -> list[str]:
    """Take out everything that may start."""
    taken: list[str] = []
    while (place := line.next(now, may_start)) is not None:
        taken.append(place.job_id)
    return taken


def line_of(*jobs: Job) -> WaitingLine:
    line = WaitingLine()
    for job in jobs:
        line.add(job)
    return line


def test_the_higher_priority_starts_first_and_then_the_longest_waiting() -> None:
    line = line_of(
        make_job(1, created_at=NOW - timedelta(seconds=1)),
        make_job(2, priority=1),
        make_job(3, created_at=NOW - timedelta(seconds=2)),
    )
    assert order(line, NOW) == [job_id(2), job_id(3), job_id(1)]


def test_no_job_waits_for_ever_behind_more_important_ones() -> None:
    old = make_job(1, created_at=NOW - timedelta(seconds=5 * SECONDS_A_POINT + 1))
    assert order(line_of(old, make_job(2, priority=5)), NOW) == [job_id(1), job_id(2)]


def test_a_job_for_later_starts_when_it_is_due() -> None:
    due = NOW + timedelta(minutes=5)
    line = line_of(make_job(1, run_at=due, priority=100), make_job(2))
    assert order(line, NOW) == [job_id(2)]
    assert line.next_due(NOW) == due.timestamp()
    assert order(line, due - timedelta(microseconds=1)) == []
    assert order(line, due) == [job_id(1)]
    assert line.next_due(due) is None


def test_a_clock_turned_back_holds_up_no_job_that_may_start_at_once() -> None:
    line = line_of(make_job(1), make_job(2, run_at=NOW))
    assert order(line, NOW - timedelta(hours=3)) == [job_id(1)]


def test_a_kind_that_may_not_start_lets_others_pass() -> None:
    line = line_of(make_job(1, kind="busy"), make_job(2, kind="free"))
    assert order(line, NOW, lambda kind: kind == "free") == [job_id(2)]
    assert (job_id(1) in line, job_id(2) in line, len(line)) == (True, False, 1)


def test_a_job_added_again_has_its_new_place_only() -> None:
    line = line_of(make_job(1), make_job(2, created_at=NOW - timedelta(seconds=1)))
    line.add(make_job(1, priority=3))
    assert len(line) == 2
    assert order(line, NOW) == [job_id(1), job_id(2)]


def test_a_job_moved_to_later_does_not_start_at_its_old_time() -> None:
    line = line_of(make_job(1))
    later = NOW + timedelta(hours=1)
    line.add(make_job(1, run_at=later))
    assert order(line, NOW) == []
    assert line.next_due(NOW) == later.timestamp()
    line.remove(job_id(1))
    line.remove(job_id(1))
    assert line.next_due(NOW) is None
    assert order(line, later) == []


def test_a_ripe_job_that_was_removed_does_not_start() -> None:
    line = line_of(make_job(1), make_job(2))
    assert order(line, NOW, lambda _: False) == []
    line.remove(job_id(1))
    assert order(line, NOW) == [job_id(2)]


def test_a_clock_turned_back_starts_nothing_twice() -> None:
    line = line_of(make_job(1), make_job(2, run_at=NOW + timedelta(hours=1)))
    assert order(line, NOW) == [job_id(1)]
    assert order(line, NOW - timedelta(days=1)) == []
    assert order(line, NOW + timedelta(hours=1)) == [job_id(2)]


JOBS = st.builds(
    lambda number, kind, priority, late: make_job(
        number, kind=kind, priority=priority, run_at=NOW + timedelta(seconds=late) if late else None
    ),
    st.integers(1, 8),
    st.sampled_from("abc"),
    st.integers(-3, 3),
    st.sampled_from((0, 0, 10, 700)),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), JOBS),
        st.tuples(st.just("remove"), st.integers(1, 8)),
        st.tuples(st.just("wait"), st.integers(0, 400)),
        st.tuples(st.just("next"), st.sets(st.sampled_from("abc"))),
    ),
    max_size=40,
)


@given(STEPS)
def test_the_line_does_what_a_sorted_list_does(steps: list[tuple[str, object]]) -> None:
    line, plain, now = WaitingLine(), dict[str, Job](), NOW
    for step, what in steps:
        if isinstance(what, Job):
            line.add(what)
            plain[what.id] = what
        elif step == "remove" and isinstance(what, int):
            line.remove(job_id(what))
            plain.pop(job_id(what), None)
        elif step == "wait" and isinstance(what, int):
            now += timedelta(seconds=what)
        elif isinstance(what, set):
            place = line.next(now, what.__contains__)
            due = [job for job in plain.values() if (job.run_at or job.created_at) <= now and job.kind in what]
            expected = min(due, key=lambda job: (rank(job), job.id), default=None)
            assert (place and place.job_id) == (expected and expected.id)
            if expected is not None:
                del plain[expected.id]
        assert len(line) == len(plain)


def rank(job: Job) -> float:
    return (job.run_at or job.created_at).timestamp() - job.priority * SECONDS_A_POINT
