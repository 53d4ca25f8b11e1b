"""`longtake work`: a worker as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import time

from longtake.errors import LongtakeError
from longtake.log_file import keep_it_small
from longtake.queue import JobQueue
from longtake.redaction import KeylessFormatter
from longtake.targets import load
from longtake.worker import Worker, WorkerOptions

log = logging.getLogger("longtake")


def work_command(options: argparse.Namespace) -> int:
    """Run a worker until SIGTERM or Ctrl-C; a second one stops it at once."""
    _log_to_stderr(options.target)
    queue = load(options.target)
    if not isinstance(queue, JobQueue):
        raise LongtakeError(f"{options.target} is no JobQueue.")
    if not len(queue.kinds):
        raise LongtakeError(f"{options.target} has no handlers: register one with @queue.job(...).")
    asyncio.run(_work(queue, options))
    return 0


def _log_to_stderr(target: str) -> None:
    """Say what this library and the program of the queue do; others only when something is wrong."""
    handler = logging.StreamHandler()
    handler.setFormatter(KeylessFormatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for name in ("longtake", target.partition(":")[0].partition(".")[0]):
        logging.getLogger(name).setLevel(logging.INFO)


async def _work(queue: JobQueue, options: argparse.Namespace) -> None:
    worker_options = WorkerOptions(
        concurrency=options.concurrency,
        grace=options.grace,
        stand_by=not options.until_idle,
        keep_awake=queue.keep_awake,
    )
    worker = queue.make_worker(worker_options)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _stop, worker, number)
    until = _IdleLongEnough(queue, options.idle) if options.until_idle else None
    keeping = asyncio.ensure_future(keep_it_small(queue.storage_dir / "run" / "worker.log"))
    try:
        await worker.work(until=until or (lambda _: False))
    finally:
        keeping.cancel()


def _stop(worker: Worker, number: signal.Signals) -> None:
    signal.signal(number, signal.SIG_DFL)  # before it says so: whoever reads it may do it at once
    log.info("%s: stopping when the running steps have ended; once more stops at once", number.name)
    worker.stop()


class _IdleLongEnough:
    """Whether a worker has had nothing to do, and nobody who needs it, for some time."""

    def __init__(self, queue: JobQueue, seconds: float) -> None:
        self._queue = queue
        self._seconds = seconds
        self._since: float | None = None

    def __call__(self, worker: Worker) -> bool:
        if not worker.is_idle or self._queue.store.is_attended():
            self._since = None
            return False
        self._since = self._since or time.monotonic()
        return time.monotonic() - self._since > self._seconds
