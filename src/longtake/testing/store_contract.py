"""What every store promises, as tests."""

# ruff: noqa: S101 (a contract asserts)

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from longtake import lifecycle
from longtake.errors import JobExists, JobNotFound, LongtakeError
from longtake.ids import new_id
from longtake.job import Job, JobStatus, Step, summarise
from longtake.store import Changes, Filter, Request, Store, WorkerInfo
from longtake.testing.clock import START


class StoreContract:
    """What every `Store` promises, as tests: pytest collects a subclass named `Test…` that has `make_store`."""

    def make_store(self, tmp_path: Path) -> Store:
        """A new, empty store; `tmp_path` is an empty folder."""
        raise NotImplementedError

    def test_a_job_reads_back_as_it_was_created(self, tmp_path: Path) -> None:
        """Every field, any JSON value."""
        values = {"text": 'é "\u2028\U0001f600', "deep": [[{"n": None}]], "big": 10**25, "small": 1e-300, "on": True}
        job = replace(
            _job(), title="Ünï", tags=("a", "b c"), about=("x", "é"), args=values, priority=-3, key="k", run_at=START
        )
        store = self.make_store(tmp_path)
        store.create(job)
        assert store.read(job.id) == job

    def test_a_job_is_created_once(self, tmp_path: Path) -> None:
        """A second create of an id is refused and changes nothing."""
        store, (job,) = self._with_jobs(tmp_path, 1)
        _raises(JobExists, lambda: store.create(replace(job, title="another")))
        assert store.read(job.id) == job

    def test_there_is_no_job_under_an_unknown_id(self, tmp_path: Path) -> None:
        """Nor under what is no id at all."""
        store = self.make_store(tmp_path)
        for job_id in (new_id(START), "", "../../etc/passwd", "x" * 5000, "\0"):
            _raises(JobNotFound, functools.partial(store.read, job_id))
        assert store.find(Filter(), limit=10).jobs == []
        assert not any(store.counts().values())

    def test_a_commit_replaces_the_job(self, tmp_path: Path) -> None:
        """Durable or not."""
        store, (job,) = self._with_jobs(tmp_path, 1)
        started = lifecycle.start(job, "worker", START)
        for durable, after in ((True, started), (False, lifecycle.report(started, 1, 50, "half"))):
            store.commit(after, durable=durable)
            assert store.read(job.id) == after
            assert store.find(Filter(), limit=10).jobs == [summarise(after)]

    def test_a_removed_job_leaves_nothing(self, tmp_path: Path) -> None:
        """Not its journal, not its live values; and once more is no error."""
        store, (job, other) = self._with_jobs(tmp_path, 2)
        store.append(job.id, _step(1))
        store.publish(job.id, {"text": "so far"})
        for _ in range(2):
            store.remove(job.id)
        _raises(JobNotFound, lambda: store.read(job.id))
        assert (store.steps(job.id), store.published(job.id)) == ([], {})
        assert [found.id for found in store.find(Filter(), limit=10).jobs] == [other.id]

    def test_pages_go_from_new_to_old_and_hold_each_job_once(self, tmp_path: Path) -> None:
        """With a cursor that is None on the last page."""
        store, jobs = self._with_jobs(tmp_path, 6)
        seen: list[str] = []
        cursor = None
        for size in (2, 2, 2):
            page = store.find(Filter(), limit=2, after=cursor)
            assert len(page.jobs) == size
            seen += [job.id for job in page.jobs]
            cursor = page.next
        assert cursor is None
        assert seen == [job.id for job in reversed(jobs)]

    def test_each_filter_finds_what_it_names(self, tmp_path: Path) -> None:
        """Alone and together."""
        store = self.make_store(tmp_path)
        plain = _job()
        named = replace(
            _job(), kind="batch", title="Straße bei NACHT", tags=("night shift", "a"), about=("film 1", "film 2")
        )
        named = replace(named, keep=True)
        failed = lifecycle.fail(lifecycle.start(_job(), "w", START), 1, START, "100% of it broke_")
        for job in (plain, named, failed):
            store.create(job)
        late = START + timedelta(seconds=1)
        expected: dict[str, tuple[Filter, set[str]]] = {
            "status": (Filter(status=(JobStatus.FAILED,)), {failed.id}),
            "two statuses": (Filter(status=tuple(JobStatus)[:2]), {plain.id, named.id}),
            "kind": (Filter(kind="batch"), {named.id}),
            "unknown kind": (Filter(kind="bat"), set()),
            "tag": (Filter(tag="night shift"), {named.id}),
            "part of a tag": (Filter(tag="night"), set()),
            "two tags": (Filter(tag="shift a"), set()),
            "about": (Filter(about="film 2"), {named.id}),
            "part of what it is about": (Filter(about="film"), set()),
            "about, and a tag": (Filter(about="film 1", tag="b"), set()),
            "text in what it is about": (Filter(text="FILM 1"), {named.id}),
            "text, case ignored": (Filter(text="STRASSE BEI"), {named.id}),
            "text in the error, taken literally": (Filter(text="100% OF IT BROKE_"), {failed.id}),
            "text in the kind": (Filter(text="COMP"), {plain.id, failed.id}),
            "text is the id": (Filter(text=plain.id), {plain.id}),
            "created since": (Filter(created_since=START), {plain.id, named.id, failed.id}),
            "created since later": (Filter(created_since=late), set()),
            "created since ever": (
                Filter(created_since=START - timedelta(days=99999)),
                {plain.id, named.id, failed.id},
            ),
            "finished before": (Filter(finished_before=late), {failed.id}),
            "finished not before": (Filter(finished_before=START), set()),
            "kept": (Filter(keep=True), {named.id}),
            "not kept, together": (Filter(keep=False, status=(JobStatus.PENDING,)), {plain.id}),
        }
        for name, (where, ids) in expected.items():
            assert {job.id for job in store.find(where, limit=10).jobs} == ids, name

    def test_counts_follow_the_jobs(self, tmp_path: Path) -> None:
        """Through create, commit and remove; every status has its count."""
        store, (first, second, _) = self._with_jobs(tmp_path, 3)
        store.commit(lifecycle.cancel(first, START))
        store.remove(second.id)
        assert store.counts() == dict.fromkeys(JobStatus, 0) | {JobStatus.PENDING: 1, JobStatus.CANCELLED: 1}

    def test_changes_tell_what_came_after_a_position(self, tmp_path: Path) -> None:
        """A job that changed, was deleted, or was made again, each as it is now."""
        store, (job, other, again) = self._with_jobs(tmp_path, 3)
        position = store.changes(-1).position
        assert store.changes(position) == Changes(position, [], [])
        cancelled = lifecycle.cancel(job, START)
        store.commit(cancelled)
        store.remove(other.id)
        store.remove(again.id)
        store.create(again)
        changes = store.changes(position)
        assert changes.position > position
        assert {changed.id: changed for changed in changes.changed} == {
            cancelled.id: summarise(cancelled),
            again.id: summarise(again),
        }
        assert list(changes.deleted) == [other.id]

    def test_arrivals_are_the_pending_jobs_after_a_position(self, tmp_path: Path) -> None:
        """Each job that is created is among them, or in a request."""
        store, (old, started) = self._with_jobs(tmp_path, 2)
        assert store.arrivals(0).changed == [summarise(old), summarise(started)]
        position = store.changes(-1).position
        assert store.arrivals(position) == Changes(position, [], [])
        new = replace(_job(), id=new_id(START + timedelta(seconds=9)))
        store.create(new)
        store.commit(lifecycle.start(started, "w", START))
        arrivals = store.arrivals(position)
        assert arrivals.position == store.changes(-1).position
        assert arrivals.changed == [summarise(new)]

    def test_steps_come_back_in_order_until_they_are_forgotten(self, tmp_path: Path) -> None:
        """With their values; there are none before the first."""
        store, (job,) = self._with_jobs(tmp_path, 1)
        assert store.steps(job.id) == []
        steps = [_step(number) for number in (1, 2, 3)]
        for step in steps:
            store.append(job.id, step)
        assert store.steps(job.id) == steps
        assert store.repair(job) == steps
        store.forget_steps(job.id)
        assert store.steps(job.id) == []

    def test_live_values_are_those_published_last(self, tmp_path: Path) -> None:
        """And an empty mapping takes them away."""
        store, (job,) = self._with_jobs(tmp_path, 1)
        for values in ({"text": "so"}, {"text": "so far", "n": 1}, {}):
            store.publish(job.id, values)
            assert store.published(job.id) == values

    def test_requests_wait_until_they_are_settled(self, tmp_path: Path) -> None:
        """The same one twice is one; settling twice is no error."""
        store, (job,) = self._with_jobs(tmp_path, 1)
        cancel, retry = Request(job.id, "cancel"), Request(job.id, "retry", {"fresh": True})
        for request in (cancel, retry, cancel):
            store.ask(request)
        assert {request.verb: dict(request.details) for request in store.requests()} == {
            "cancel": {},
            "retry": {"fresh": True},
        }
        for _ in range(2):
            store.settle(cancel)
        assert (store.is_open(cancel), store.is_open(retry)) == (False, True)
        assert [request.verb for request in store.requests()] == ["retry"]

    def test_a_key_stays_with_the_job_that_had_it_first(self, tmp_path: Path) -> None:
        """Until it is released."""
        store = self.make_store(tmp_path)
        first, second = new_id(START), new_id(START)
        assert [store.reserve("key/../\udcff", job_id) for job_id in (first, second)] == [first, first]
        assert store.reserve("another", second) == second
        assert [store.holder(key) for key in ("key/../\udcff", "another", "free")] == [first, second, None]
        for _ in range(2):
            store.release("key/../\udcff")
        assert store.holder("key/../\udcff") is None
        assert store.reserve("key/../\udcff", second) == second

    def test_it_has_an_owner_until_it_is_let_go(self, tmp_path: Path) -> None:
        """Who is shown to all."""
        store = self.make_store(tmp_path)
        worker = WorkerInfo(id="w1", pid=1, started_at=START)
        assert store.owner() is None
        assert store.own(worker)
        assert (store.owner(), store.still_owns()) == (worker, True)
        store.disown()
        assert (store.owner(), store.still_owns()) == (None, False)

    def test_active_jobs_are_those_that_are_not_finished(self, tmp_path: Path) -> None:
        """Oldest first; an index that is right has nothing to add."""
        store, (pending, running, finished) = self._with_jobs(tmp_path, 3)
        running = lifecycle.start(running, "w", START)
        store.commit(running)
        store.commit(lifecycle.cancel(finished, START))
        assert store.active() == [pending, running]
        assert not any(store.differences())
        assert store.inspect([running.id]) == [running]

    def test_a_begun_job_is_a_started_one_for_the_next_owner(self, tmp_path: Path) -> None:
        """Also when it was not committed since."""
        store, (job, other) = self._with_jobs(tmp_path, 2)
        assert store.own(WorkerInfo(id="w1", pid=1, started_at=START))
        started = lifecycle.start(job, "w1", START)
        store.begin(started)
        assert store.active() == [started, other]
        ended = lifecycle.interrupt(started, 1, START, "worker stopped", 0)
        store.commit(ended)
        assert store.active() == [ended, other]

    def test_a_job_set_aside_is_out_of_the_way(self, tmp_path: Path) -> None:
        """And the others stay."""
        store, (job, other) = self._with_jobs(tmp_path, 2)
        store.set_aside(job.id, "damaged")
        _raises(JobNotFound, lambda: store.read(job.id))
        assert store.find(Filter(), limit=10).jobs == [summarise(other)]

    def _with_jobs(self, tmp_path: Path, count: int) -> tuple[Store, list[Job]]:
        store = self.make_store(tmp_path)
        jobs = [replace(_job(), id=new_id(START + timedelta(seconds=n))) for n in range(count)]
        for job in jobs:
            store.create(job)
        return store, jobs


def _job() -> Job:
    return Job(id=new_id(START), kind="compare", created_at=START)


def _step(number: int) -> Step:
    value: Any = {"answer": [number, "ä\n"]}
    return Step(number=number, name=f"step {number}", args="0" * 16, value=value, finished_at=START)


def _raises(error: type[LongtakeError], call: Callable[[], object]) -> None:
    try:
        call()
    except error:
        return
    raise AssertionError(f"{error.__name__} was not raised")
