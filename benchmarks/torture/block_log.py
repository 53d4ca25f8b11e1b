"""What a disk was told, in order: writes and flushes."""

from __future__ import annotations

import os
import random
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_HEAD = struct.Struct("<cQQ")
_WRITE, _FLUSH = b"W", b"F"


@dataclass(frozen=True)
class Operation:
    """One write or flush."""

    position: int
    """Size of the log with it: what is acknowledged later has at least this position."""
    offset: int
    data: bytes | None
    """None for a flush."""


class LogWriter:
    """Writes the log unbuffered, so that its size is the moment of an acknowledgement."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, offset: int, data: bytes) -> None:
        """Note a write."""
        os.write(self._fd, _HEAD.pack(_WRITE, offset, len(data)) + data)

    def flush(self) -> None:
        """Note a flush: all before it is on the disk."""
        os.write(self._fd, _HEAD.pack(_FLUSH, 0, 0))


def read_log(path: Path) -> Iterator[Operation]:
    """All operations."""
    log = path.read_bytes()
    position = 0
    while position < len(log):
        kind, offset, length = _HEAD.unpack_from(log, position)
        position += _HEAD.size + length
        yield Operation(position, offset, log[position - length : position] if kind == _WRITE else None)


def after_power_loss(image: bytes, operations: Sequence[Operation], cut: int, rng: random.Random) -> bytearray:
    """The disk when the power went after `cut` operations: of the unflushed writes each one is there or is not."""
    flushed = max((n for n in range(cut) if operations[n].data is None), default=0)
    disk = bytearray(image)
    for n, operation in enumerate(operations[:cut]):
        if operation.data is not None and (n < flushed or rng.random() < 0.5):
            disk[operation.offset : operation.offset + len(operation.data)] = operation.data
    return disk
