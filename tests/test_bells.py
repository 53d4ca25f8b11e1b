"""Bells: a ring is heard by every store of the folder, and no dead or deaf listener holds anybody up."""

from __future__ import annotations

import asyncio
import errno
import os
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from making import job_id, make_job

from longtake.bell import bell_folder
from longtake.stores.files import FilesStore
from longtake.stores.memory import MemoryStore

T = TypeVar("T")


@pytest.fixture
def store(tmp_path: Path) -> FilesStore:
    return FilesStore(tmp_path / "jobs")


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop that runs in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


Hang = Callable[[FilesStore | MemoryStore], tuple["queue.Queue[str]", Callable[[], None]]]


@pytest.fixture
def heard_by(loop: asyncio.AbstractEventLoop) -> Hang:
    """Has a store listen; gives what it hears, and how to stop."""

    def run(call: Callable[[], T]) -> T:
        async def called() -> T:
            return call()

        return asyncio.run_coroutine_threadsafe(called(), loop).result(10)

    def hang(store: FilesStore | MemoryStore) -> tuple[queue.Queue[str], Callable[[], None]]:
        heard: queue.Queue[str] = queue.Queue()
        stop = run(lambda: store.listen(lambda job_id, _report: heard.put(job_id)))
        return heard, lambda: run(stop)

    return hang


@pytest.mark.parametrize("name", ["jobs", "j" * 120])
def test_a_ring_is_heard_by_every_store_of_the_folder(name: str, tmp_path: Path, heard_by: Hang) -> None:
    one, other = FilesStore(tmp_path / name), FilesStore(tmp_path / name)
    (first, stop), (second, stop_other) = heard_by(one), heard_by(other)
    one.ring(job_id(7))
    assert (first.get(timeout=10), second.get(timeout=10)) == (job_id(7), job_id(7))
    stop_other()
    other.ring(job_id(8))
    assert first.get(timeout=10) == job_id(8)
    stop()
    assert second.empty()
    assert not list(bell_folder(tmp_path / name / "run").glob("*.sock"))


def test_a_bell_of_a_dead_process_is_taken_down(store: FilesStore, heard_by: Hang) -> None:
    heard, stop = heard_by(store)
    dead = store.folder / "run" / "dead.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as unheard:
        unheard.bind(str(dead))
    store.ring(job_id())
    assert heard.get(timeout=10) == job_id()
    assert not dead.exists()
    stop()


def test_a_bell_that_nobody_empties_holds_nobody_up(store: FilesStore) -> None:
    store.create(make_job())
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as full:
        full.bind(str(store.folder / "run" / "full.sock"))
        for _ in range(1000):
            store.ring(job_id())
        assert full.recv(4096) == job_id().encode()


def test_a_bell_stops_even_when_its_socket_was_deleted(store: FilesStore, heard_by: Hang) -> None:
    _, stop = heard_by(store)
    for path in (store.folder / "run").glob("*.sock"):
        path.unlink()
    stop()


def test_a_ring_without_a_folder_or_a_socket_is_no_error(
    store: FilesStore, monkeypatch: pytest.MonkeyPatch, heard_by: Hang
) -> None:
    store.ring(job_id())
    store.create(make_job())

    def none_left(*_: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(socket, "socket", none_left)
    store.ring(job_id())
    _, stop = heard_by(store)
    stop()


def test_a_folder_in_which_no_socket_can_be_made_has_no_bell(
    store: FilesStore, monkeypatch: pytest.MonkeyPatch, heard_by: Hang
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(socket.socket, "bind", refuse)
    _, stop = heard_by(store)
    stop()


def test_memory_tells_its_own_listeners(heard_by: Hang) -> None:
    store = MemoryStore()
    heard, stop = heard_by(store)
    store.ring(job_id())
    assert heard.get_nowait() == job_id()
    stop()
    store.ring(job_id())
    assert heard.empty()


def test_a_bell_hung_up_in_the_moment_of_the_last_look_is_heard(store: FilesStore, heard_by: Hang) -> None:
    store.create(make_job())
    now = time.time_ns()
    os.utime(store.folder / "run", ns=(now, now))
    store.ring(job_id())
    heard, stop = heard_by(store)
    os.utime(store.folder / "run", ns=(now, now))  # as on a system whose times have grains of milliseconds
    store.ring(job_id(7))
    assert heard.get(timeout=10) == job_id(7)
    stop()


def test_bells_are_listed_anew_only_when_the_folder_has_changed(
    store: FilesStore, monkeypatch: pytest.MonkeyPatch, heard_by: Hang
) -> None:
    heard, stop = heard_by(store)
    listed: list[Path] = []
    listdir = os.listdir

    def counted(folder: Path) -> list[str]:
        listed.append(folder)
        return listdir(folder)

    monkeypatch.setattr(os, "listdir", counted)
    for changed, expected in ((1, 1), (1, 1), (2, 2)):
        os.utime(store.folder / "run", ns=(changed, changed))
        store.ring(job_id())
        assert heard.get(timeout=10) == job_id()
        assert len(listed) == expected
    stop()
