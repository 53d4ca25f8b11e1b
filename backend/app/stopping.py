"""`longtake-compare stop`: the worker is asked to put its jobs away."""

from __future__ import annotations

import os
import signal
import time

from rich.console import Console

from app.jobs import job_queue, settings

PATIENCE = 30.0


def stop_worker(console: Console) -> int:
    """Stop the worker of the data folder; returns the exit code."""
    worker = job_queue.worker()
    if worker is None or not worker.pid:
        console.print(f"No worker runs for {settings.data_dir}.")
        return 0
    os.kill(worker.pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while (now := job_queue.worker()) is not None and now.id == worker.id:
        if time.monotonic() > deadline:
            console.print(
                f"The worker (process {worker.pid}) does not stop. Its log: {job_queue.storage_dir}/run/worker.log"
            )
            return 1
        time.sleep(0.05)
    console.print("The worker has stopped. Its jobs continue at the next start.")
    if now is not None:
        console.print("A server is running and has started a new one: stop the server first (Ctrl-C).")
    return 0
