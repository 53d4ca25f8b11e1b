"""Bells between processes: Unix datagrams that say "look at this job". Only hints; nothing depends on them."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

_LONGEST_PATH = 100
"""Socket paths are limited to 108 bytes on Linux and 104 on macOS."""
_LONGEST_MESSAGE = 65536


def bell_folder(run: Path) -> Path:
    """Where the bells of a store hang: its own `run/`, or a short path where that is too long for a socket."""
    if len(os.fsencode(run)) + len("/owner-0123456789abcdef.sock") <= _LONGEST_PATH:
        return run
    import tempfile  # noqa: PLC0415 (rarely needed)

    name = sha256(os.fsencode(run)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"longtake-{os.getuid()}-{name}"


def ring(folder: Path, message: bytes, is_for: Callable[[str], bool]) -> None:
    """Send the message to the bells in the folder whose name it is for; who hears nothing looks within a second."""
    with contextlib.suppress(OSError):
        bells = [name for name in os.listdir(folder) if name.endswith(".sock") and is_for(name)]
        if not bells:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.settimeout(0)
            for bell in bells:
                _ring_one(sender, str(folder / bell), message)


class Bell:
    """A bell of this process; `heard(message)` is called in a thread of its own."""

    def __init__(self, folder: Path, beginning: str, heard: Callable[[bytes], None]) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = str(folder / f"{beginning}{secrets.token_hex(8)}.sock")
        self._heard = heard
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            self._socket.bind(self.path)
        except OSError:
            self._socket.close()
            raise
        self._stopped = False
        self._thread = threading.Thread(target=self._listen, name="longtake-bell", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take the bell down."""
        self._stopped = True
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            try:
                sender.sendto(b"", self.path)
            except OSError:
                self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=2)
        self._socket.close()
        Path(self.path).unlink(missing_ok=True)

    def _listen(self) -> None:
        while not self._stopped:
            try:
                message = self._socket.recv(_LONGEST_MESSAGE)
            except OSError:
                return
            if message:
                self._heard(message)


def _ring_one(sender: socket.socket, path: str, message: bytes) -> None:
    try:
        sender.sendto(message, path)
    except ConnectionRefusedError:
        Path(path).unlink(missing_ok=True)  # its process is dead
    except OSError:
        return  # a full queue, or a bell just taken down
