"""What a measure asks of a peer. What a peer has no such thing for, it cannot."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

POLL = 0.001
"""Seconds between two reads where a peer must be polled."""


class Cannot(Exception):
    """The peer has no such thing; the text says what it lacks."""


class Peer:
    """One job system in its default settings.

    Every job is `(token, number, seconds)`; `work` says what each kind does.
    """

    worker: ClassVar[tuple[str, ...]]
    """Words after `python` that start the worker."""
    kinds: ClassVar[frozenset[str]] = frozenset({"nothing", "steps", "beats", "reports", "ticks"})
    poll_seconds: ClassVar[float] = 0.0
    """How often its worker looks for jobs by default, if it is not told: jobs then come at random times within that."""
    submits_to_worker: ClassVar[bool] = False
    """Whether the worker must live for a job to be taken."""

    async def open(self) -> None:
        """Make tables, connect."""

    async def close(self) -> None:
        """Let go of connections."""

    async def submit(self, kind: str, token: str, number: int = 0, seconds: float = 0.0) -> str:
        """Submit a job as durably as the peer does by default; returns its id."""
        raise NotImplementedError

    async def submit_many(self, jobs: int, clients: int) -> None:
        """Submit so many jobs that do nothing, from so many clients at once in this process."""
        await asyncio.gather(*(self._submit_some(jobs // clients) for _ in range(clients)))

    async def unfinished(self) -> int:
        """How many jobs are not recorded as finished."""
        raise Cannot("no count of unfinished jobs")

    async def follow(self, job_id: str) -> AsyncIterator[float]:
        """Each progress that a reader sees."""
        while True:
            yield await self.progress(job_id)
            await asyncio.sleep(POLL)

    def events(self, port: int, job_id: str) -> AsyncIterator[float]:
        """Each progress that a client of the web server on this port is told."""
        raise Cannot("no event stream of its own")

    async def progress(self, job_id: str) -> float:
        """The progress now; 0 if there is none yet."""
        raise Cannot("no stored progress")

    async def cancel(self, job_id: str) -> None:
        """Stop a running job."""
        raise Cannot("does not stop a running job")

    async def keep(self, jobs: int) -> None:
        """Store so many finished jobs."""
        raise Cannot("no list of finished jobs")

    async def rebuilt(self, jobs: int) -> dict[str, float | str]:
        """What making its index anew costs with so many stored jobs, for a peer that has one beside its jobs."""
        return {}

    async def latest(self) -> int:
        """List the latest 50 jobs; returns how many rows were read for it."""
        raise Cannot("no list of jobs")

    async def with_status(self) -> int:
        """List 50 jobs of one status; returns how many rows were read for it."""
        raise Cannot("no filter by status")

    def server(self, port: int) -> list[str]:
        """Words after `python` that start a web server whose `POST /jobs` submits a job that does nothing."""
        raise Cannot("no web framework of its own")

    async def _submit_some(self, jobs: int) -> None:
        for _ in range(jobs):
            await self.submit("nothing", "many")


class BlockingPeer(Peer):
    """A peer whose client blocks: clients at once are threads."""

    def put(self, kind: str, token: str, number: int, seconds: float) -> str:
        """Submit a job; returns its id."""
        raise NotImplementedError

    async def submit(self, kind: str, token: str, number: int = 0, seconds: float = 0.0) -> str:
        """Submit a job; returns its id."""
        return self.put(kind, token, number, seconds)

    async def submit_many(self, jobs: int, clients: int) -> None:
        """Submit from threads."""
        if clients == 1:
            self._put_some(jobs)
            return
        with ThreadPoolExecutor(clients) as threads:
            for done in [threads.submit(self._put_some, jobs // clients) for _ in range(clients)]:
                done.result()

    def _put_some(self, jobs: int) -> None:
        for _ in range(jobs):
            self.put("nothing", "many", 0, 0.0)


def script(name: str) -> str:
    """A console script of the environment that runs this."""
    return f"{sys.prefix}/bin/{name}"
