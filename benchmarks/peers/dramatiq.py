"""Dramatiq on Redis with its defaults, and dramatiq-abort for cancelling."""

from __future__ import annotations

import dramatiq  # type: ignore[import-not-found] # lives in the peer's own environment
from dramatiq.brokers.redis import RedisBroker  # type: ignore[import-not-found] # the same
from dramatiq_abort import Abortable, abort  # type: ignore[import-not-found] # the same
from dramatiq_abort.backends import RedisBackend  # type: ignore[import-not-found] # the same

from benchmarks.peers import work
from benchmarks.peers.peer import BlockingPeer, script

broker = RedisBroker(url=work.ADDRESS or "redis://localhost")
broker.add_middleware(Abortable(backend=RedisBackend.from_url(work.ADDRESS or "redis://localhost")))
dramatiq.set_broker(broker)


def nothing(token: str, number: int, seconds: float) -> None:
    """Say that it began."""
    work.nothing(token)


def steps(token: str, number: int, seconds: float) -> None:
    """So many steps, of which Dramatiq knows nothing."""
    for n in range(number):
        work.one_step(token, n, seconds)


def beats(token: str, number: int, seconds: float) -> None:
    """Show life until aborted."""
    work.beats(token)


JOBS = {job.__name__: dramatiq.actor(job) for job in (nothing, steps, beats)}


class Measured(BlockingPeer):
    """A queue with the default worker processes."""

    kinds = frozenset(JOBS)
    poll_seconds = 0.5
    worker = (script("dramatiq"), __name__)

    def put(self, kind: str, token: str, number: int, seconds: float) -> str:
        """In Redis when it returns."""
        return str(JOBS[kind].send(token, number, seconds).message_id)

    async def cancel(self, job_id: str) -> None:
        """An exception in the thread that runs the job."""
        abort(job_id)
