"""Mutated job files and journals: nothing crashes, nothing is lost in silence, the other jobs go on."""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.torture import mutations, protections
from benchmarks.torture.place import quick_folder
from benchmarks.torture.shares import shared
from benchmarks.torture.trial import Harness, Outcome, Trial
from longtake import Job, JobDamaged, JobNotFound, Step, lifecycle
from longtake.codec import encode_job, encode_step
from longtake.errors import JobIsNewer
from longtake.ids import new_id
from longtake.recovery import recover
from longtake.stores.files import FilesStore

BATCH = 100
"""Mutated files in one folder; every third job there is left as it is."""
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
STEPS = 5


def run(trial: Trial) -> Outcome:
    """Make folders of jobs, mutate files in them, let a new owner take over, and look where everything went."""
    return shared(_run, trial)


def _run(trial: Trial) -> Outcome:
    rng = random.Random(trial.seed)
    seen: Counter[str] = Counter()
    violations: list[str] = []
    done = 0
    with quick_folder() as folder, protections.taken_out(trial.without):
        while done < trial.number:
            number = min(BATCH, trial.number - done)
            batch = _Batch(folder / f"jobs{done}", rng, number, seen)
            violations += [f"Of the {number} mutated files from {done}: {text}" for text in batch.violations()]
            shutil.rmtree(folder / f"jobs{done}")
            done += number
    return Outcome(counts={"mutated files": done, **dict(sorted(seen.items()))}, violations=violations)


class _Batch:
    def __init__(self, folder: Path, rng: random.Random, number: int, seen: Counter[str]) -> None:
        self._folder = folder
        self._rng = rng
        self._seen = seen
        self._jobs: dict[str, Job] = {}
        self._steps: dict[str, list[Step]] = {}
        self._mutated: dict[str, bytes] = {}
        folder.mkdir()
        for n in range(number + number // 2):
            self._make(n, is_mutated=n % 3 < 2)
        self._put_damage()

    def violations(self) -> Iterator[str]:
        """Let a new owner take over; sentences about what it did not do right."""
        store = FilesStore(self._folder)
        try:
            recover(store, BEGIN + timedelta(days=1))
            for job_ids in store.differences():
                store.inspect(job_ids)
            for job_id, job in self._jobs.items():
                yield from self._of_job(store, job_id, job)
        except Exception as error:  # noqa: BLE001 (this is what is looked for)
            yield f"an exception that nobody caught: {error!r}"
        finally:
            store.close()

    # Before ----------------------------------------------------------------------------------------------------

    def _make(self, n: int, *, is_mutated: bool) -> None:
        now = BEGIN + timedelta(seconds=n)
        job_id = new_id(now)
        job = Job(
            id=job_id,
            kind="marks",
            title=f"Job {n} with ünusual “words”",
            tags=("a", "b"),
            args={"count": n, "nested": {"list": [1, 2.5, None, True, "text"]}},
            created_at=now,
        )
        steps = [
            Step(number=k, name=f"step {k}", args=f"{k:032x}", value={"answer": "x" * (20 * k)}, finished_at=now)
            for k in range(1, STEPS + 1)
        ]
        job = lifecycle.count_steps(lifecycle.start(job, "worker", now), 1, STEPS)
        if n % 2:
            job = lifecycle.complete(job, 1, now, {"result": n})
        (self._folder / f"{job_id}.json").write_bytes(encode_job(job))
        (self._folder / f"{job_id}.steps.jsonl").write_bytes(b"".join(encode_step(step, job_id) for step in steps))
        self._jobs[job_id], self._steps[job_id] = job, steps
        if is_mutated:
            self._mutated[job_id + (".json" if self._rng.random() < 0.5 else ".steps.jsonl")] = b""

    def _put_damage(self) -> None:
        files = {name: (self._folder / name).read_bytes() for name in self._mutated}
        others = list(files.values())
        for name, data in files.items():
            mutated = mutations.mutated(data, self._rng.choice(others), self._rng)
            self._mutated[name] = mutated
            (self._folder / name).write_bytes(mutated)

    # Afterwards ------------------------------------------------------------------------------------------------

    def _of_job(self, store: FilesStore, job_id: str, job: Job) -> Iterator[str]:
        if (data := self._mutated.get(f"{job_id}.json")) is not None:
            yield from self._of_job_file(store, job_id, data)
            return
        try:
            found = store.read(job_id)
        except (JobNotFound, JobDamaged, JobIsNewer) as error:
            yield f"a job file that nobody touched is gone: {error}"
            return
        if (found.title, found.args, found.result) != (job.title, job.args, job.result):
            yield f"job {job_id}, which nobody touched, has changed"
        steps = store.repair(found)  # as before each attempt
        if (data := self._mutated.get(f"{job_id}.steps.jsonl")) is not None:
            yield from self._of_journal(job_id, data, steps)
        elif steps != self._steps[job_id]:
            yield f"the journal of job {job_id}, which nobody touched, has changed"

    def _of_job_file(self, store: FilesStore, job_id: str, data: bytes) -> Iterator[str]:
        if self._is_kept(f"{job_id}.json", data):
            self._seen["job files set aside"] += 1
            return
        try:
            found = store.read(job_id)
        except (JobDamaged, JobIsNewer):
            self._seen["job files shown as unreadable, left as they are"] += 1
            if (self._folder / f"{job_id}.json").read_bytes() != data:
                yield f"the unreadable file of job {job_id} has changed"
            return
        except JobNotFound:
            yield f"job {job_id} is gone, and not in quarantine"
            return
        self._seen["job files still sound"] += 1
        yield from _forgotten(json.loads(data), json.loads(encode_job(found)), self._jobs[job_id])

    def _of_journal(self, job_id: str, data: bytes, steps: list[Step]) -> Iterator[str]:
        if steps != self._steps[job_id][: len(steps)]:
            if all(step in self._every_step() for step in steps):
                self._seen["journals with sound lines of another job"] += 1
            else:
                yield f"the journal of job {job_id} gives steps that were never recorded"
            return
        name = f"{job_id}.steps.jsonl"
        good, _, rest = data.rpartition(b"\n")
        if self._is_kept(name, data):
            self._seen["journals set aside, good steps kept"] += 1
        elif len(steps) == STEPS:
            self._seen["journals whole up to an unfinished line"] += 1
            if len(good.splitlines()) != STEPS:
                yield f"the journal of job {job_id} was damaged behind its last step, and is not in quarantine"
        elif any(path.name.startswith(name) for path in self._quarantined()):
            self._seen["journals shortened, and noted"] += 1
            if len(good.splitlines()) > len(steps) or len(rest) > len(data):
                yield f"the journal of job {job_id} was damaged in the middle, and is not in quarantine"
        else:
            yield f"{STEPS - len(steps)} steps of job {job_id} are lost, and nothing says so"

    def _every_step(self) -> list[Step]:
        return [step for steps in self._steps.values() for step in steps]

    def _quarantined(self) -> list[Path]:
        folder = self._folder / "quarantine"
        return list(folder.iterdir()) if folder.exists() else []

    def _is_kept(self, name: str, data: bytes) -> bool:
        """Whether the file is in quarantine as it was, with a reason beside it."""
        kept = [path for path in self._quarantined() if path.name.startswith(name) and path.suffix != ".txt"]
        return any(path.read_bytes() == data and path.with_name(f"{path.name}.reason.txt").exists() for path in kept)


def _forgotten(file: dict[str, object], read: dict[str, object], before: Job) -> Iterator[str]:
    """Sentences about members of a file that the job read from it does not hold; taking over changes some."""
    ends = {"finished_at", "cancel_requested", "error", "failures", "deaths"}
    for name in file.keys() - ends - {"status", "attempts", "revision", "steps"}:
        if name not in read or (read[name] != file[name] and not _is_time(file[name])):
            yield f"of job {before.id} the member {name!r} is lost: {file[name]!r}, read as {read.get(name)!r}"


def _is_time(value: object) -> bool:
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        return False
    return True


HARNESS = Harness(
    promise="mutated job files and journals: no exception, no silent loss, set aside byte for byte, others go on",
    unit="mutated files",
    run=run,
    long=100_000,
    short=2_000,
    control=300,
    protections=("checksums of steps", "quarantine"),
)
