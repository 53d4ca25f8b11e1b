"""Private servers for the peers that need one: every measure gets an empty one, synced before each answer."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.contenders import Service
from benchmarks.environments import NotHere

PATIENCE = 60.0


@contextmanager
def running(service: Service | None, folder: Path) -> Iterator[str]:
    """The address of an empty server that keeps its data under the folder; nothing where none is needed.

    Raises:
        NotHere: its program is not on this machine, or does not start.
    """
    if service is None:
        yield ""
    elif service == "redis":
        with _redis(folder / "redis") as address:
            yield address
    else:
        with _postgres(folder / "postgres") as address:
            yield address


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    if shutil.which("redis-server") is None:
        raise NotHere("redis-server is not on this machine")
    folder.mkdir()
    port = _free_port()
    options = ["--port", str(port), "--dir", str(folder), "--appendonly", "yes", "--appendfsync", "always"]
    server = subprocess.Popen(
        ["redis-server", *options, "--bind", "127.0.0.1"], stdout=subprocess.DEVNULL, process_group=0
    )
    try:
        _wait(lambda: _listens(port), "redis-server")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.wait()


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    if shutil.which("initdb") is None or shutil.which("postgres") is None:
        raise NotHere("initdb and postgres are not on the path of this machine")
    folder.mkdir()
    user = _unprivileged()
    if user is not None:
        shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
    port = _free_port()
    data = str(folder / "data")
    if _start(user, folder, "initdb", "--pgdata", data, "--auth=trust", "--username=bench", "--no-sync").wait():
        raise NotHere("initdb failed: see its message above")
    server = _start(user, folder, "postgres", "-D", data, "-p", str(port), "-k", str(folder), "-h", "127.0.0.1")
    try:
        _wait(lambda: _listens(port), "postgres")
        yield f"postgresql://bench@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: the user to run it as instead."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _start(user: str | None, folder: Path, *command: str) -> subprocess.Popen[bytes]:
    group = None if user is None else pwd.getpwnam(user).pw_gid
    with open(folder.parent / "postgres.log", "ab") as log:
        return subprocess.Popen(command, cwd=folder, user=user, group=group, stdout=log, stderr=log, process_group=0)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _wait(ready: Callable[[], bool], name: str) -> None:
    until = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > until:
            raise NotHere(f"{name} does not start")
        time.sleep(0.01)
