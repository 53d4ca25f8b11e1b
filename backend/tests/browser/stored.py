"""Many jobs on the disk, written in a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from longtake import Job, lifecycle
from longtake.codec import encode_job
from longtake.ids import new_id


def store_jobs(folder: Path, number: int, *, failed_every: int) -> None:
    """Write jobs that finished over the last days, one a minute, as the library writes them but unsynced."""
    folder.mkdir(parents=True, mode=0o700)
    now = datetime.now(UTC)
    for index in range(number):
        at = now - timedelta(minutes=number - index)
        job = Job(id=new_id(at), kind="nightly", title=f"Night {index:05}", args={"night": index}, created_at=at)
        running = lifecycle.start(job, "1-worker", at)
        if index % failed_every:
            job = lifecycle.complete(running, 1, at + timedelta(seconds=30), {"rows": index})
        else:
            job = lifecycle.fail(running, 1, at + timedelta(seconds=5), "The disk was full.")
        (folder / f"{job.id}.json").write_bytes(encode_job(job))
