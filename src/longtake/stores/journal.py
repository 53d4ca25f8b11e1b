"""The journal of one job: `<id>.steps.jsonl`, one line a recorded step, only ever appended to."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from longtake.codec import decode_step, encode_step
from longtake.job import Step
from longtake.stores import atomic
from longtake.stores.quarantine import Quarantine
from longtake.stores.reading import NotAPlainFile, read_plain_file

log = logging.getLogger("longtake")


@dataclass(frozen=True)
class Reading:
    """What a journal holds."""

    steps: list[Step]
    good: bytes
    """The bytes of those steps."""
    rest: bytes
    """What follows them: an unfinished last line, as a crash during an append leaves it, or damage."""
    damage: str | None = None


def read(path: Path) -> Reading:
    """Read the steps up to the first line that is not whole, or out of sequence."""
    try:
        data = read_plain_file(path)
    except FileNotFoundError:
        data = b""
    except NotAPlainFile as error:
        return Reading([], b"", b"", str(error))
    steps: list[Step] = []
    position = 0
    while (end := data.find(b"\n", position)) >= 0:
        try:
            step = decode_step(data[position:end], job_of(path))
        except ValueError as error:
            return Reading(steps, data[:position], data[position:], f"line {len(steps) + 1}: {error}")
        if step.number != len(steps) + 1:
            damage = f"line {len(steps) + 1} is numbered {step.number}"
            return Reading(steps, data[:position], data[position:], damage)
        steps.append(step)
        position = end + 1
    return Reading(steps, data[:position], data[position:])


def job_of(path: Path) -> str:
    """The id of the job whose journal has this name."""
    return path.name.partition(".")[0]


def append(path: Path, step: Step) -> None:
    """Add a line and bring it to the disk; on an error the journal is as it was."""
    fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        size = os.fstat(fd).st_size
        if size and os.pread(fd, 1, size - 1) != b"\n":
            size = read_plain_file(path).rfind(b"\n") + 1
            os.ftruncate(fd, size)
        try:
            atomic.write_all(fd, encode_step(step, job_of(path)))
            atomic.sync_data(fd)
            if size == 0:
                atomic.sync_folder(path.parent)
        except OSError:
            os.ftruncate(fd, size)
            raise
    finally:
        os.close(fd)


def repair(path: Path, expected: int, quarantine: Quarantine, now: datetime) -> list[Step]:
    """Keep only the good lines; returns them. Damage is kept in quarantine, an unfinished last line is nothing.

    Fewer than the `expected` steps are noted there, too: somebody shortened the journal.
    """
    reading = read(path)
    if reading.damage is not None:
        log.error("The journal %s is damaged and was kept in quarantine/: %s", path.name, reading.damage)
        quarantine.keep(path, f"damaged: {reading.damage}", now)
        atomic.replace(path, reading.good, durable=True)
    elif reading.rest:
        _cut(path, reading)
    if len(reading.steps) < expected and reading.damage is None:
        lost = f"{expected} steps were recorded, {len(reading.steps)} are here: the others run again"
        log.error("The journal %s was shortened: %s", path.name, lost)
        quarantine.explain(path.name, lost, now)
    return reading.steps


def _cut(path: Path, reading: Reading) -> None:
    """Cut off what follows the good lines."""
    fd = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.ftruncate(fd, len(reading.good))
        atomic.sync_data(fd)
    finally:
        os.close(fd)
