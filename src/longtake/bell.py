"""Bells between processes: Unix datagrams that say "look at this job". Only hints; nothing depends on them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
import threading
import time
import weakref
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

_LONGEST_PATH = 100
"""Socket paths are limited to 108 bytes on Linux and 104 on macOS."""
_LONGEST_MESSAGE = 65536
_SETTLED = 100_000_000
"""Nanoseconds since a folder's last change after which another one cannot have the same time."""


def bell_folder(run: Path) -> Path:
    """Where the bells of a store hang: its own `run/`, or a short path where that is too long for a socket."""
    if len(os.fsencode(run)) + len("/owner-0123456789abcdef.sock") <= _LONGEST_PATH:
        return run
    import tempfile  # noqa: PLC0415 (rarely needed)

    name = sha256(os.fsencode(run)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"longtake-{os.getuid()}-{name}"


class Ringer:
    """Rings the bells of a folder; who hears nothing looks within a second."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: tuple[int, list[str]] = (0, [])
        """When the folder had changed last, and the bells in it then."""
        self._opening = threading.Lock()
        self._sender: socket.socket | None = None

    def ring(self, message: bytes, is_for: Callable[[str], bool]) -> None:
        """Send the message to the bells whose name it is for."""
        with contextlib.suppress(OSError):
            for bell in self._hung():
                if is_for(bell):
                    self._ring_one(f"{self._folder}/{bell}", message)

    def close(self) -> None:
        """Let go of the socket."""
        with self._opening:
            if self._sender is not None:
                self._sender.close()
                self._sender = None

    def _hung(self) -> list[str]:
        """The bells in the folder, listed only when it has changed since."""
        changed, bells = self._seen
        now_changed = os.stat(self._folder).st_mtime_ns
        if now_changed != changed:
            bells = [name for name in os.listdir(self._folder) if name.endswith(".sock")]
            is_settled = time.time_ns() - now_changed > _SETTLED
            self._seen = (now_changed if is_settled else 0, bells)
        return bells

    def _ring_one(self, path: str, message: bytes) -> None:
        try:
            self._socket().sendto(message, path)
        except ConnectionRefusedError:
            Path(path).unlink(missing_ok=True)  # its process is dead
        except OSError:
            return  # a full queue, or a bell just taken down

    def _socket(self) -> socket.socket:
        with self._opening:
            if self._sender is None:
                self._sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                self._sender.settimeout(0)
                weakref.finalize(self, self._sender.close)
            return self._sender


class Bell:
    """A bell of this process; `heard(message)` is called in the event loop that runs when it is hung up."""

    def __init__(self, folder: Path, beginning: str, heard: Callable[[bytes], None]) -> None:
        self._loop = asyncio.get_running_loop()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = str(folder / f"{beginning}{secrets.token_hex(8)}.sock")
        self._heard = heard
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(0)
        try:
            self._socket.bind(self.path)
        except OSError:
            self._socket.close()
            raise
        self._loop.add_reader(self._socket, self._hear_all)

    def stop(self) -> None:
        """Take the bell down."""
        if not self._loop.is_closed():
            self._loop.remove_reader(self._socket)
        self._socket.close()
        Path(self.path).unlink(missing_ok=True)

    def _hear_all(self) -> None:
        while True:
            try:
                message = self._socket.recv(_LONGEST_MESSAGE)
            except OSError:
                return  # there are no more
            self._heard(message)
