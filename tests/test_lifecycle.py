"""The transition table and its rules: every event on every status, fencing, counting of failures and deaths."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from longtake import lifecycle
from longtake.errors import AttemptOver, InvalidTransition, NotPossibleNow
from longtake.ids import new_id
from longtake.job import Job, JobStatus, Sleep, summarise
from longtake.lifecycle import CANCELLED, COMPLETED, FAILED, PENDING, RUNNING, TRANSITIONS

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def job_that_is(status: JobStatus) -> Job:
    pending = Job(id=new_id(NOW), kind="compare", created_at=NOW)
    running = lifecycle.start(pending, "worker", NOW)
    return {
        PENDING: lambda: pending,
        RUNNING: lambda: running,
        COMPLETED: lambda: lifecycle.complete(running, 1, NOW, {"answer": 42}),
        FAILED: lambda: lifecycle.fail(running, 1, NOW, "it broke"),
        CANCELLED: lambda: lifecycle.stop(running, 1, NOW),
    }[status]()


HAPPEN: dict[str, Callable[[Job], Job]] = {
    "started": lambda job: lifecycle.start(job, "worker", LATER),
    "completed": lambda job: lifecycle.complete(job, 1, LATER, None),
    "failed": lambda job: lifecycle.fail(job, 1, LATER, "it broke"),
    "retried": lambda job: lifecycle.retry(job, 1, LATER, "it broke", LATER),
    "interrupted": lambda job: lifecycle.interrupt(job, 1, LATER, "worker stopped", 0),
    "cancelled": lambda job: lifecycle.cancel(job, LATER),
    "requeued": lambda job: lifecycle.requeue(job, LATER, steps=0),
}


def test_the_table_names_every_event_and_reaches_every_status() -> None:
    assert HAPPEN.keys() == TRANSITIONS.keys()
    assert {leads_to for _, leads_to in TRANSITIONS.values()} == set(JobStatus)


@pytest.mark.parametrize("status", JobStatus)
@pytest.mark.parametrize("event", TRANSITIONS)
def test_an_event_leads_where_the_table_says_or_nowhere(event: str, status: JobStatus) -> None:
    job = job_that_is(status)
    may_follow, leads_to = TRANSITIONS[event]
    assert lifecycle.may(job, event) is (status in may_follow)
    if status not in may_follow:
        with pytest.raises(NotPossibleNow):
            HAPPEN[event](job)
        return
    after = HAPPEN[event](job)
    asked_to_stop = (event, status) == ("cancelled", RUNNING)
    assert after.status is (RUNNING if asked_to_stop else leads_to)
    assert after.cancel_requested is asked_to_stop
    assert after.revision == job.revision + 1


@pytest.mark.parametrize(
    "write",
    [
        lambda job: lifecycle.report(job, 1, 50, None),
        lambda job: lifecycle.count_steps(job, 1, 3),
        lambda job: lifecycle.note_sleeps(job, 1, [Sleep(woke_at=LATER, seconds=60)]),
        lambda job: lifecycle.complete(job, 1, LATER, None),
        lambda job: lifecycle.fail(job, 1, LATER, "late"),
        lambda job: lifecycle.retry(job, 1, LATER, "late", LATER),
        lambda job: lifecycle.interrupt(job, 1, LATER, "worker died", 0),
        lambda job: lifecycle.stop(job, 1, LATER),
    ],
)
@pytest.mark.parametrize("status", JobStatus)
def test_an_attempt_that_is_over_writes_nothing(write: Callable[[Job], Job], status: JobStatus) -> None:
    over = job_that_is(status)
    if status is RUNNING:
        over = lifecycle.start(lifecycle.interrupt(over, 1, NOW, "worker stopped", 0), "another", NOW)
    with pytest.raises(AttemptOver, match="Attempt 1 of job"):
        write(over)


def test_attempt_numbers_go_on_when_old_attempts_are_dropped() -> None:
    job = job_that_is(PENDING)
    for number in range(1, lifecycle.KEPT_ATTEMPTS + 6):
        job = lifecycle.start(job, "worker", NOW)
        assert job.attempts[-1].number == number
        job = lifecycle.interrupt(job, number, NOW, "worker stopped", 0)
    assert len(job.attempts) == lifecycle.KEPT_ATTEMPTS
    assert job.attempts[-1].number == lifecycle.KEPT_ATTEMPTS + 5


def test_the_latest_sleeps_are_kept_with_the_attempt_they_were_in() -> None:
    slept = Sleep(woke_at=NOW, seconds=2520)
    first = lifecycle.note_sleeps(job_that_is(RUNNING), 1, [slept])
    assert lifecycle.note_sleeps(first, 1, [slept]) is first, "noted already"
    assert first.revision == job_that_is(RUNNING).revision + 1
    job = lifecycle.start(lifecycle.interrupt(first, 1, NOW, "worker died", 0), "worker", LATER)
    assert [(sleep.woke_at, sleep.seconds) for sleep in job.attempts[0].sleeps] == [(NOW, 2520)]
    sleeps = [Sleep(woke_at=LATER, seconds=seconds) for seconds in range(lifecycle.KEPT_SLEEPS + 5)]
    for so_far in range(len(sleeps)):
        job = lifecycle.note_sleeps(job, 2, sleeps[: so_far + 1])
    assert [sleep.seconds for sleep in job.attempts[1].sleeps] == list(range(5, lifecycle.KEPT_SLEEPS + 5))
    assert lifecycle.complete(job, 2, LATER, None).attempts == (
        job.attempts[0],
        replace(job.attempts[1], ended_at=LATER, outcome="completed"),
    )


@given(st.lists(st.floats(allow_nan=False)))
def test_progress_stays_within_0_and_100_and_never_goes_back(reports: list[float]) -> None:
    job = job_that_is(RUNNING)
    for percent in reports:
        after = lifecycle.report(job, 1, percent, None)
        assert job.progress <= after.progress <= 100
        assert after.revision == job.revision + (after.progress > job.progress), "what says nothing new is no change"
        job = after


def test_a_report_that_is_no_number_leaves_the_progress_alone() -> None:
    job = lifecycle.report(job_that_is(RUNNING), 1, 40, "asking")
    after = lifecycle.report(job, 1, float("nan"), "still asking")
    assert (after.progress, after.progress_message) == (40, "still asking")


@pytest.mark.parametrize(
    "write",
    [
        lambda text: lifecycle.report(job_that_is(RUNNING), 1, 0, text).progress_message,
        lambda text: lifecycle.fail(job_that_is(RUNNING), 1, NOW, text).error,
        lambda text: lifecycle.retry(job_that_is(RUNNING), 1, NOW, text, LATER).error,
    ],
)
def test_half_a_surrogate_pair_in_a_text_never_keeps_a_job_from_being_written(write: Callable[[str], str]) -> None:
    assert write("bad \ud83d letter") == "bad \ufffd letter"


def test_a_report_without_words_keeps_the_last_words() -> None:
    job = lifecycle.report(job_that_is(RUNNING), 1, 40, "asking")
    assert lifecycle.report(job, 1, 50, None).progress_message == "asking"


def test_completing_sets_progress_to_100_and_clears_the_error_of_an_earlier_attempt() -> None:
    job = lifecycle.retry(job_that_is(RUNNING), 1, NOW, "busy", LATER)
    assert (job.error, job.run_at, job.progress) == ("busy", LATER, 0)
    job = lifecycle.complete(lifecycle.start(job, "worker", LATER), 2, LATER, "done")
    assert (job.status, job.progress, job.result, job.error) == (COMPLETED, 100, "done", None)
    assert (job.started_at, job.finished_at, job.run_at) == (NOW, LATER, None)
    assert [(a.outcome, a.error, a.ended_at) for a in job.attempts] == [
        ("retried", "busy", NOW),
        ("completed", None, LATER),
    ]


def test_failures_count_and_interruptions_do_not() -> None:
    job = job_that_is(RUNNING)
    job = lifecycle.interrupt(job, 1, NOW, "computer slept", 0)
    assert job.failures == 0
    job = lifecycle.retry(lifecycle.start(job, "w", NOW), 2, NOW, "busy", LATER)
    job = lifecycle.interrupt(lifecycle.start(job, "w", NOW), 3, NOW, "worker stopped", 0)
    job = lifecycle.fail(lifecycle.start(job, "w", NOW), 4, NOW, "broken")
    assert (job.failures, job.status, job.finished_at) == (2, FAILED, NOW)


def test_an_interruption_keeps_progress_and_steps() -> None:
    job = lifecycle.report(job_that_is(RUNNING), 1, 60, "half way")
    job = lifecycle.interrupt(job, 1, NOW, "worker died", 4)
    assert (job.status, job.progress, job.steps) == (PENDING, 60, 4)
    ended = job.attempts[-1]
    assert (ended.outcome, ended.error, ended.steps) == ("interrupted", "worker died", 4)


def test_a_job_asked_to_stop_is_cancelled_when_its_worker_is_gone() -> None:
    job = lifecycle.interrupt(lifecycle.cancel(job_that_is(RUNNING), NOW), 1, LATER, "worker died", 2)
    assert (job.status, job.cancel_requested, job.steps, job.finished_at) == (CANCELLED, False, 2, LATER)
    assert job.attempts[-1].outcome == "cancelled"


def test_a_finished_job_is_no_longer_asked_to_stop() -> None:
    job = lifecycle.complete(lifecycle.cancel(job_that_is(RUNNING), NOW), 1, NOW, None)
    assert (job.status, job.cancel_requested) == (COMPLETED, False)


def die(job: Job, steps: int, reason: lifecycle.Interruption = "worker died") -> Job:
    job = lifecycle.start(job, "worker", NOW)
    return lifecycle.interrupt(job, job.attempts[-1].number, LATER, reason, steps)


def test_three_deaths_in_a_row_without_a_step_fail_the_job() -> None:
    job = job_that_is(PENDING)
    for _ in range(lifecycle.DEATHS_IN_A_ROW - 1):
        job = die(job, 0)
        assert job.status is PENDING
    job = die(job, 0)
    assert (job.status, job.failures) == (FAILED, 1)
    assert job.error == "Its worker died 3 times in a row while this job ran."


@pytest.mark.parametrize(
    "between",
    [
        lambda job: die(job, 1),
        lambda job: die(job, 0, "worker stopped"),
        lambda job: lifecycle.retry(lifecycle.start(job, "w", NOW), 3, NOW, "busy", NOW),
    ],
    ids=["a recorded step", "a worker that stopped in order", "a failure of its own"],
)
def test_deaths_count_anew_after(between: Callable[[Job], Job]) -> None:
    job = between(die(die(job_that_is(PENDING), 0), 0))
    assert job.status is PENDING
    job = die(die(job, job.steps), job.steps)
    assert job.status is PENDING
    assert die(job, job.steps).status is FAILED


def test_a_step_recorded_after_a_fresh_start_counts_as_progress() -> None:
    job = die(die(die(job_that_is(PENDING), 5), 5), 5)
    job = lifecycle.requeue(die(job, 5), NOW, steps=0)
    job = die(die(die(job, 3), 3), 3)
    assert job.status is PENDING
    assert die(job, 3).status is FAILED


def test_deaths_count_anew_when_a_person_asks_for_another_go() -> None:
    job = lifecycle.cancel(die(die(job_that_is(PENDING), 0), 0), NOW)
    job = die(die(lifecycle.requeue(job, NOW, steps=0), 0), 0)
    assert job.status is PENDING
    assert die(job, 0).status is FAILED


def test_deaths_count_also_when_old_attempts_are_dropped() -> None:
    job = job_that_is(PENDING)
    for steps in range(lifecycle.KEPT_ATTEMPTS + 5):
        job = die(job, steps + 1)
    assert die(die(job, job.steps), job.steps).status is PENDING
    assert die(die(die(job, job.steps), job.steps), job.steps).status is FAILED


@pytest.mark.parametrize("status", [COMPLETED, FAILED, CANCELLED])
def test_another_go_starts_clean_and_keeps_what_was_recorded(status: JobStatus) -> None:
    job = lifecycle.requeue(replace(job_that_is(status), failures=2, progress_message="old"), LATER, steps=7)
    assert (job.status, job.steps, job.failures, job.run_at) == (PENDING, 7, 0, LATER)
    assert (job.result, job.error, job.progress, job.progress_message, job.finished_at) == (None, None, 0, "", None)
    assert lifecycle.start(job, "w", LATER).attempts[-1].number == 2


@pytest.mark.parametrize("status", JobStatus)
@pytest.mark.parametrize("name", sorted(lifecycle.EDITABLE))
def test_an_edit_changes_what_has_a_use_in_this_status(name: str, status: JobStatus) -> None:
    new: dict[str, Any] = {"title": "t", "tags": ("a",), "keep": True, "priority": 3, "run_at": LATER}
    job = job_that_is(status)
    if name in {"priority", "run_at"} and status is not PENDING:
        with pytest.raises(InvalidTransition, match=f"cannot be given another {name}"):
            lifecycle.edit(job, {name: new[name]})
        return
    assert lifecycle.edit(job, {name: new[name]}) == replace(job, **{name: new[name]}, revision=job.revision + 1)


def test_an_edit_never_touches_what_the_rules_own() -> None:
    job = job_that_is(PENDING)
    assert lifecycle.edit(job, {"status": COMPLETED, "result": 1}) == replace(job, revision=job.revision + 1)


def test_the_job_knows_how_long_its_journal_is() -> None:
    job = job_that_is(RUNNING)
    assert lifecycle.count_steps(job, 1, 3) == replace(job, steps=3, revision=job.revision + 1)


def test_what_came_of_the_notifications_is_noted() -> None:
    job = job_that_is(COMPLETED)
    assert lifecycle.note_notified(job, {"mail": "sent"}) == replace(
        job, notified={"mail": "sent"}, revision=job.revision + 1
    )


def test_the_rules_leave_the_job_they_were_given_as_it_was() -> None:
    job = job_that_is(RUNNING)
    before = replace(job)
    lifecycle.complete(job, 1, LATER, "done")
    assert job == before


def test_only_three_statuses_are_final() -> None:
    assert {status for status in JobStatus if status.is_final} == {COMPLETED, FAILED, CANCELLED}


def test_a_summary_holds_what_lists_show_and_nothing_large() -> None:
    summary = summarise(job_that_is(COMPLETED))
    assert (summary.status, summary.progress) == (COMPLETED, 100)
    assert not {"args", "result", "attempts"} & set(summary.__struct_fields__)
