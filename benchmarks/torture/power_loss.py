"""Power cuts on real file systems: what was acknowledged is there, and every file can be read."""

from __future__ import annotations

import os
import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from unittest import mock

from benchmarks.torture import mounts, protections
from benchmarks.torture.block_log import after_power_loss, read_log
from benchmarks.torture.mounts import BTRFS, EXT4, XFS, FileSystem
from benchmarks.torture.trial import Harness, Outcome, Trial
from benchmarks.torture.workload import Promise, Workload
from longtake import JobDamaged, JobNotFound
from longtake.recovery import recover
from longtake.stores.files import FilesStore

CHANGES = 150
"""Acknowledged changes in the recorded workload."""
LATER = datetime(2026, 2, 1, tzinfo=UTC)


def run(system: FileSystem, trial: Trial) -> Outcome:
    """Record a workload once; then cut the power at so many random moments, mount, and look."""
    mounts.require_mounts(system)
    rng = random.Random(trial.seed)
    image, log = trial.folder / "empty.img", trial.folder / "log"
    mounts.make(image, system)
    with (
        mounts.recorded(image, log, trial.folder / "fuse") as disk,
        mounts.mounted(disk, trial.folder / "work", system.options) as folder,
        protections.taken_out(trial.without),
    ):
        os.sync()
        workload = Workload(folder / "jobs", lambda: log.stat().st_size, rng)
        begin = log.stat().st_size
        workload.go_on(CHANGES)
        end = log.stat().st_size
    operations = [operation for operation in read_log(log) if operation.position <= end]
    first = sum(operation.position <= begin for operation in operations)
    positions = [operation.position for operation in operations]
    empty = image.read_bytes()
    crashed = trial.folder / "crashed.img"
    violations: list[str] = []
    checked = images = 0
    for number in range(trial.number):
        if trial.without and violations:
            break  # a control has shown what it has to
        images += 1
        cut = rng.randint(first, len(operations))
        if number % 2:  # the moment after an acknowledgement
            cut = bisect_right(positions, rng.choice(workload.promises).acknowledged)
        crashed.write_bytes(after_power_loss(empty, operations, cut, rng))
        position = operations[cut - 1].position
        with mounts.mounted(crashed, trial.folder / "after", system.options) as folder:
            promises = workload.promised(position)
            checked += len(promises)
            with _another_start(number), protections.taken_out(trial.without):
                violations += [f"Image {number}, cut at {cut}: {text}" for text in _broken(folder / "jobs", promises)]
    writes = sum(operation.data is not None for operation in operations)
    return Outcome(
        counts={
            "images": images,
            "acknowledged changes": len(workload.promises),
            "recorded writes": writes,
            "recorded flushes": len(operations) - writes,
            "jobs looked for": checked,
        },
        violations=violations,
    )


def _another_start(number: int) -> AbstractContextManager[object]:
    """As after a power cut the system tells it: the computer was started anew."""
    start: AbstractContextManager[object] = mock.patch(
        "longtake.stores.boot.boot_id", return_value=f"{number:08} starts later"
    )
    return start


def _broken(folder: Path, promises: Sequence[Promise]) -> Iterator[str]:
    """Let a new owner take over what the power cut left; sentences about promises that are not kept."""
    store = FilesStore(folder)
    try:
        recover(store, LATER)
        for job_ids in store.differences():
            store.inspect(job_ids)
        for path in (folder / "quarantine").glob("*.reason.txt"):
            yield "set aside: " + path.read_text().replace("\n", ", ")
        for promise in promises:
            yield from _broken_promise(store, promise)
    finally:
        store.close()


def _broken_promise(store: FilesStore, promise: Promise) -> Iterator[str]:
    job_id = promise.job_id
    try:
        job = store.read(job_id)
    except JobNotFound:
        if promise.revision:
            yield f"job {job_id} is lost"
        return
    except JobDamaged as error:
        yield str(error)
        return
    if not promise.revision:
        yield f"the deleted job {job_id} is back"
    elif job.revision < promise.revision:
        yield f"job {job_id} has revision {job.revision}, not {promise.revision}"
    elif (recorded := len(store.steps(job_id))) < promise.steps:
        yield f"job {job_id} has {recorded} recorded steps, not {promise.steps}"


def _harness(system: FileSystem, *, long: int, short: int, control: int, protections: Sequence[str]) -> Harness:
    return Harness(
        promise=f"the power cut at a random moment, on {system.name}: nothing acknowledged lost, every file readable",
        unit="crash images",
        run=partial(run, system),
        long=long,
        short=short,
        control=control,
        protections=protections,
    )


SYNCS = ("sync of folders", "sync of files")
HARNESS = _harness(
    EXT4,
    long=500,
    short=20,
    control=200,
    protections=(*SYNCS, "sync of new files", "moving what was on its way"),
)
ON_BTRFS = _harness(BTRFS, long=200, short=6, control=60, protections=SYNCS)
ON_XFS = _harness(XFS, long=100, short=4, control=40, protections=SYNCS)
