"""Handlers for real workers: their steps note what they do in a ledger and wait at gates that a test opens."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

from longtake import JobContext, JobQueue, RetryPolicy

queue = JobQueue(os.environ["LONGTAKE_TEST_JOBS"], mode="external")
gates = Path(os.environ["LONGTAKE_TEST_GATES"])
ledger = os.environ["LONGTAKE_TEST_LEDGER"]


def note(line: str) -> None:
    """Append a line; one short write with O_APPEND is never torn or mixed."""
    fd = os.open(ledger, os.O_WRONLY | os.O_APPEND)
    os.write(fd, f"{line}\n".encode())
    os.close(fd)


async def mark(name: str) -> str:
    """Note the begin and the end."""
    note(f"begin {name}")
    await asyncio.sleep(0.001)
    note(f"end {name}")
    return name


async def gated(gate: str) -> str:
    """Note the begin, wait for the gate, note the end."""
    note(f"begin {gate}")
    while not (gates / gate).exists():
        await asyncio.sleep(0.005)
    note(f"end {gate}")
    return gate


def blocking(gate: str) -> int:
    """The same in a child process."""
    note(f"child {gate} {os.getpid()}")
    while not (gates / gate).exists():
        time.sleep(0.005)
    return os.getpid()


def stubborn(gate: str) -> int:
    """The same, deaf to SIGTERM."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return blocking(gate)


@queue.job("marks")
async def marks(job: JobContext, name: str, count: int) -> int:
    """Many short steps."""
    for number in range(count):
        await job.step(f"{number}", mark, f"{name}.{number}")
        await job.report(100 * number / count)
    return count


@queue.job("gates")
async def gates_(job: JobContext, names: list[str]) -> list[str]:
    """Wait at one gate after another."""
    return [await job.step(name, gated, name) for name in names]


@queue.job("child")
async def child(job: JobContext, gate: str) -> int:
    """Wait in a child process."""
    return await job.step("wait", blocking, gate)


@queue.job("stubborn child")
async def stubborn_child(job: JobContext, gate: str) -> int:
    """Wait in a child process that does not want to end."""
    return await job.step("wait", stubborn, gate)


@queue.job("poison")
async def poison(job: JobContext) -> None:
    """Take the worker down."""
    note(f"poison {job.attempt}")
    os._exit(9)


@queue.job("retried", retries=RetryPolicy(attempts=2, first_delay=3600, max_delay=3600))
async def retried(job: JobContext) -> None:
    """Fail, and wait long for the next try."""
    note("tried")
    raise ValueError("not yet")


async def own(name: str) -> str:
    """Note this process and the one that owns the jobs."""
    owner = queue.worker()
    note(f"own {os.getpid()} {owner.pid if owner else 0}")
    await asyncio.sleep(0.02)
    return name


@queue.job("owned")
async def owned(job: JobContext, name: str) -> int:
    """Note again and again who owns the jobs."""
    for number in range(20):
        await job.step(f"{number}", own, name)
    return 20
