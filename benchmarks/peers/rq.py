"""RQ on Redis: the default worker, which forks for each job."""

from __future__ import annotations

from redis import Redis  # type: ignore[import-not-found] # lives in the peer's own environment
from rq import Queue, get_current_job  # type: ignore[import-not-found] # the same
from rq.command import send_stop_job_command  # type: ignore[import-not-found] # the same
from rq.job import Job, JobStatus  # type: ignore[import-not-found] # the same
from rq.registry import FinishedJobRegistry  # type: ignore[import-not-found] # the same

from benchmarks.peers import work
from benchmarks.peers.peer import BlockingPeer, script


def nothing(token: str, number: int, seconds: float) -> None:
    """Say that it began."""
    work.nothing(token)


def steps(token: str, number: int, seconds: float) -> None:
    """So many steps, of which RQ knows nothing."""
    for n in range(number):
        work.one_step(token, n, seconds)


def beats(token: str, number: int, seconds: float) -> None:
    """Show life until stopped."""
    work.beats(token)


def reports(token: str, number: int, seconds: float) -> None:
    """Save the job's meta data as fast as possible."""
    work.reports(token, number, _report)


def ticks(token: str, number: int, seconds: float) -> None:
    """Save the job's meta data now and then."""
    work.ticks(token, number, seconds, _report)


class Measured(BlockingPeer):
    """A queue with one worker."""

    worker = (script("rq"), "worker", f"--url={work.ADDRESS}", "--quiet")

    async def open(self) -> None:
        """Connect."""
        self._redis = Redis.from_url(work.ADDRESS)
        self._queue = Queue(connection=self._redis)
        self._finished = FinishedJobRegistry(queue=self._queue)

    def put(self, kind: str, token: str, number: int, seconds: float) -> str:
        """In Redis when it returns."""
        return str(self._queue.enqueue(f"{__name__}.{kind}", token, number, seconds, result_ttl=-1).id)

    async def progress(self, job_id: str) -> float:
        """From the job's meta data."""
        job = Job.fetch(job_id, connection=self._redis)
        return float(job.meta.get("progress", 0))

    async def cancel(self, job_id: str) -> None:
        """Kills the forked child."""
        send_stop_job_command(self._redis, job_id)

    async def keep(self, jobs: int) -> None:
        """Saved as a finished job each."""
        pipe = self._redis.pipeline()
        for number in range(jobs):
            job = Job.create(f"{__name__}.nothing", args=("kept", 0, 0.0), connection=self._redis)
            job._status = JobStatus.FINISHED
            job.save(pipeline=pipe, include_meta=False)
            pipe.zadd(self._finished.key, {job.id: 2_000_000_000 + number})
            if number % 1000 == 0:
                pipe.execute()
        pipe.execute()

    async def latest(self) -> int:
        """A page of the registry, and its jobs."""
        ids = self._finished.get_job_ids(0, 49, desc=True)
        return len(Job.fetch_many(ids, connection=self._redis))

    async def with_status(self) -> int:
        """The registry is the filter."""
        return await self.latest()


def _report(number: int) -> None:
    job = get_current_job()
    job.meta["progress"] = number
    job.save_meta()
