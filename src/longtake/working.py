"""`longtake work`: a worker as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import importlib.util
import logging
import os
import signal
import sys
import time
from pathlib import Path

from longtake.errors import LongtakeError
from longtake.queue import JobQueue
from longtake.worker import Worker, WorkerOptions

IDLE_BEFORE_END = 5.0
"""Seconds without work or anybody who needs it, after which a worker with --until-idle ends."""


def work_command(options: argparse.Namespace) -> int:
    """Run a worker until SIGTERM or Ctrl-C; a second one stops it at once."""
    _log_to_stderr(options.target)
    queue = load_queue(options.target)
    if not len(queue.kinds):
        raise LongtakeError(f"{options.target} has no handlers: register one with @queue.job(...).")
    asyncio.run(_work(queue, options))
    return 0


def _log_to_stderr(target: str) -> None:
    """Say what this library and the program of the queue do; others only when something is wrong."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    for name in ("longtake", target.partition(":")[0].partition(".")[0]):
        logging.getLogger(name).setLevel(logging.INFO)


def load_queue(target: str) -> JobQueue:
    """The queue at `module:name` or `path/file.py:name`."""
    place, colon, name = target.rpartition(":")
    if not colon or not place:
        raise LongtakeError(f"{target!r} is not module:name, for example app.jobs:job_queue.")
    sys.path.insert(0, os.getcwd())
    module = _load_file(Path(place)) if place.endswith(".py") else importlib.import_module(place)
    queue = getattr(module, name, None)
    if not isinstance(queue, JobQueue):
        raise LongtakeError(f"{place} has no JobQueue named {name!r}.")
    return queue


def _load_file(path: Path) -> object:
    sys.path.insert(0, str(path.parent.absolute()))
    return importlib.import_module(path.stem)


async def _work(queue: JobQueue, options: argparse.Namespace) -> None:
    worker_options = WorkerOptions(
        concurrency=options.concurrency, grace=options.grace, stand_by=not options.until_idle
    )
    worker = Worker(queue.store, queue.kinds, clock=queue.clock, options=worker_options)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _stop, worker, number)
    until = _IdleLongEnough(queue) if options.until_idle else None
    await worker.work(until=until or (lambda _: False))


def _stop(worker: Worker, number: signal.Signals) -> None:
    worker.stop()
    signal.signal(number, signal.SIG_DFL)


class _IdleLongEnough:
    """Whether a worker has had nothing to do, and nobody who needs it, for some time."""

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue
        self._since: float | None = None

    def __call__(self, worker: Worker) -> bool:
        if not worker.is_idle or self._queue.store.is_attended():
            self._since = None
            return False
        self._since = self._since or time.monotonic()
        return time.monotonic() - self._since > IDLE_BEFORE_END
