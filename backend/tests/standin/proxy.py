"""A way to the stand-in that can be cut: refused, or swallowed without a word, as a network that is gone does."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from standin.running import StandIn

_PIECE = 65536


class Proxy:
    """Forwards bytes both ways; a context manager."""

    def __init__(self, standin: StandIn) -> None:
        self._behind = ("127.0.0.1", urlsplit(standin.address).port or 0)
        self._flows = threading.Event()
        self._flows.set()
        self._connections: list[socket.socket] = []
        self.connections = 0
        """How many have come so far."""
        self._listener = _listen(0)
        self._port = self._listener.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        self._accepting = self._accept_from(self._listener)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._flows.set()
        self.refuse()

    def refuse(self) -> None:
        """Break every connection and refuse new ones, as when nobody is there."""
        _close(self._listener)
        self._accepting.join()
        self._break_all()

    def swallow(self) -> None:
        """Take in every byte and every new connection, and let nothing through: nobody is told that it is over."""
        self._flows.clear()

    def forward(self) -> None:
        """Let everything through, for new connections; what was swallowed stays lost."""
        self._break_all()
        self._flows.set()
        if self._listener.fileno() < 0:
            self._listener = _listen(self._port)
            self._accepting = self._accept_from(self._listener)

    def _accept_from(self, listener: socket.socket) -> threading.Thread:
        thread = threading.Thread(target=self._accept, args=(listener,), daemon=True)
        thread.start()
        return thread

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
                self.connections += 1
                far = socket.create_connection(self._behind)
            except OSError:
                return
            self._connections += [near, far]
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                if not self._flows.is_set():
                    continue
                target.sendall(piece)
        if self._flows.is_set():
            _close(target)

    def _break_all(self) -> None:
        for connection in self._connections:
            _close(connection)
        self._connections.clear()


def _listen(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port))


def _close(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
