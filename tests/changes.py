"""Every way in which a store on disk changes, each as a state before, an act, and the state that must follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from making import LATER, NOW, inspected, job_id, make_job, make_running, make_step

from longtake import lifecycle, recovery, requests
from longtake.codec import encode_job
from longtake.errors import JobNotFound
from longtake.job import Job
from longtake.store import Filter, Request, WorkerInfo
from longtake.stores.files import FilesStore

ID = job_id()
FAILED = lifecycle.fail(make_running(steps=2), 1, NOW, "no")
RETRY = Request(ID, "retry")
FRESH = Request(ID, "retry", {"fresh": True})


@dataclass(frozen=True)
class Change:
    """One kind of change."""

    before: Callable[[FilesStore], object]
    act: Callable[[FilesStore], object]
    tells: bool = True
    """Whether it tells of an error; if not, it is done again by itself."""


@dataclass(frozen=True)
class State:
    """What is left after a new owner has taken over."""

    job: Any
    listed: Any
    steps: list[str]
    requests: int
    keys: int
    note: Any


def with_steps(count: int, job: Any) -> Callable[[FilesStore], None]:
    def before(store: FilesStore) -> None:
        store.create(job)
        for number in range(1, count + 1):
            store.append(ID, make_step(number))

    return before


def asked(request: Request) -> Callable[[FilesStore], None]:
    def before(store: FilesStore) -> None:
        with_steps(2, FAILED if request.verb == "retry" else make_job(steps=2))(store)
        store.ask(request)

    return before


def obey(request: Request) -> Callable[[FilesStore], None]:
    def act(store: FilesStore) -> None:
        requests.apply(store, request, LATER)
        store.settle(request)

    return act


def noted(store: FilesStore) -> None:
    store.create(make_job())
    store.remember("note", [1])


def journal_of(store: FilesStore) -> Path:
    return store.folder / f"{ID}.steps.jsonl"


def torn(store: FilesStore) -> None:
    with_steps(2, make_job(steps=2))(store)
    with journal_of(store).open("ab") as journal:
        journal.write(b'{"crc":"0000')


def damaged(store: FilesStore) -> None:
    with_steps(3, make_job(steps=3))(store)
    lines = journal_of(store).read_bytes().splitlines(keepends=True)
    journal_of(store).write_bytes(lines[0] + b"garbage\n" + lines[2])


def damaged_job(store: FilesStore) -> None:
    with_steps(1, make_job())(store)
    (store.folder / f"{ID}.json").write_bytes(b"{")


def left_on_the_way(store: FilesStore, job: Job, stamp: str = "earlier") -> Path:
    """A file that a power cut of an earlier start left on the way to its place."""
    folder = store.folder / "placing"
    folder.mkdir(exist_ok=True)
    path = folder / f"{job.id}.{stamp}.0123456789ab"
    path.write_bytes(encode_job(job))
    return path


def interrupted(store: FilesStore) -> None:
    with_steps(2, make_job())(store)
    left_on_the_way(store, make_job(revision=2))


def look_for_the_first_time(store: FilesStore) -> None:
    FilesStore(store.folder).read(ID)
    inspected(store)


def take_over_all(store: FilesStore) -> None:
    recovery.recover(store, LATER)
    for found in inspected(store):
        recovery.take_over(store, found, LATER)


CHANGES = {
    "create": Change(lambda store: store.create(make_job(2)), lambda store: store.create(make_job())),
    "commit": Change(
        with_steps(0, make_job()), lambda store: store.commit(make_job(revision=2, title="a longer file " * 99))
    ),
    "commit of progress": Change(
        with_steps(0, make_job()), lambda store: store.commit(make_job(revision=2), durable=False)
    ),
    "first step": Change(with_steps(0, make_job()), lambda store: store.append(ID, make_step(1))),
    "later step": Change(with_steps(2, make_job()), lambda store: store.append(ID, make_step(3))),
    "step after a torn one": Change(torn, lambda store: store.append(ID, make_step(3))),
    "repair of a torn journal": Change(torn, lambda store: store.repair(make_job(steps=2))),
    "repair of a damaged journal": Change(damaged, lambda store: store.repair(make_job(steps=3))),
    "remove": Change(with_steps(2, FAILED), lambda store: store.remove(ID)),
    "set aside": Change(damaged_job, lambda store: store.set_aside(ID, "damaged")),
    "reserve a key": Change(lambda store: store.create(make_job(2)), lambda store: store.reserve("key", ID)),
    "release a key": Change(
        lambda store: store.create(make_job(2, key=store.reserve("key", ID))), lambda store: store.release("key")
    ),
    "remember": Change(noted, lambda store: store.remember("note", [1, 2])),
    "ask": Change(with_steps(0, FAILED), lambda store: store.ask(RETRY)),
    "take over": Change(with_steps(2, make_running()), take_over_all, tells=False),
    "first look after a power cut": Change(interrupted, look_for_the_first_time, tells=False),
    "cancel": Change(asked(Request(ID, "cancel")), obey(Request(ID, "cancel"))),
    "retry": Change(asked(RETRY), obey(RETRY)),
    "retry, fresh": Change(asked(FRESH), obey(FRESH)),
    "delete": Change(asked(Request(ID, "delete")), obey(Request(ID, "delete"))),
}


def take_over(folder: Path) -> State:
    """Do what a new owner does first; returns what is there then."""
    store = FilesStore(folder)
    try:
        assert store.own(WorkerInfo(id="new", pid=0, started_at=LATER))
        take_over_all(store)
        for request in store.requests():
            requests.apply(store, request, LATER)
            store.settle(request)
        return state_of(store)
    finally:
        store.close()


def state_of(store: FilesStore) -> State:
    """The job and its steps as a program sees them."""
    listed = [(job.id, job.status, job.revision) for job in store.find(Filter(), limit=10).jobs if job.id == ID]
    try:
        job = store.read(ID)
    except JobNotFound:
        job = None
    steps = [step.name for step in store.steps(ID)] if job else []
    keys = len([path for path in store.folder.glob("keys/*") if not path.name.startswith(".")])
    return State(job, listed, steps, len(store.requests()), keys, store.recall("note"))
