"""How acknowledged jobs must be in the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from benchmarks.torture import ledger
from benchmarks.torture.place import Place
from longtake import JobStatus


def left_undone(place: Place, lengths: Mapping[str, int]) -> list[str]:
    """Sentences about jobs of so many steps that are not completed."""
    wrong: list[str] = []
    for job_id, length in lengths.items():
        job = place.read(job_id, wrong)
        if job is None:
            continue
        if job.status is not JobStatus.COMPLETED:
            wrong.append(f"Job {job_id} is {job.status} in the end: {job.error}")
        steps = place.queue.store.steps(job_id)
        if len({step.name for step in steps}) != length:
            wrong.append(f"Job {job_id} has {len(steps)} recorded steps, not {length}.")
    return wrong


def run_again(place: Place, calls: Sequence[ledger.Call], jobs: Iterable[str]) -> list[str]:
    """Sentences about steps of these jobs that were recorded and began again; it takes a clock that nobody turns."""
    by_job: dict[str, list[ledger.Call]] = {}
    for call in calls:
        by_job.setdefault(call.job_id, []).append(call)
    steps = place.queue.store.steps
    return [text for job_id in jobs for text in ledger.run_again(by_job.get(job_id, ()), job_id, steps(job_id))]
