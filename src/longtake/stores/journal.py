"""The journal of one job: `<id>.steps.jsonl`, one line a recorded step, only ever appended to."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from longtake.codec import decode_step, encode_step
from longtake.job import Step
from longtake.stores import atomic


@dataclass(frozen=True)
class Reading:
    """What a journal holds."""

    steps: list[Step]
    good: bytes
    """The bytes of those steps."""
    rest: bytes
    """What follows them: a torn last line, or damage."""
    trouble: str | None = None

    @property
    def is_torn(self) -> bool:
        """Whether the rest is one unfinished line, as a crash during an append leaves it."""
        return bool(self.rest) and b"\n" not in self.rest


def read(path: Path) -> Reading:
    """Read the steps up to the first line that is not whole, or out of sequence."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        data = b""
    steps: list[Step] = []
    position = 0
    while (end := data.find(b"\n", position)) >= 0:
        try:
            step = decode_step(data[position:end])
        except ValueError as error:
            return Reading(steps, data[:position], data[position:], f"line {len(steps) + 1}: {error}")
        if step.number != len(steps) + 1:
            trouble = f"line {len(steps) + 1} is numbered {step.number}"
            return Reading(steps, data[:position], data[position:], trouble)
        steps.append(step)
        position = end + 1
    return Reading(steps, data[:position], data[position:])


def append(path: Path, step: Step) -> None:
    """Add a line and bring it to the disk; on an error the journal is as it was."""
    fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        size = os.fstat(fd).st_size
        if size and os.pread(fd, 1, size - 1) != b"\n":
            size = len(read(path).good)
            os.ftruncate(fd, size)
        try:
            atomic.write_all(fd, encode_step(step))
            atomic.sync_data(fd)
        except OSError:
            os.ftruncate(fd, size)
            raise
    finally:
        os.close(fd)
    if size == 0:
        atomic.sync_folder(path.parent)


def cut(path: Path, reading: Reading) -> None:
    """Cut off what follows the good lines."""
    fd = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.ftruncate(fd, len(reading.good))
        atomic.sync_data(fd)
    finally:
        os.close(fd)
