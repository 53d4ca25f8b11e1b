"""A queue that works in the process of the test, with the handlers that tests of the front door need."""

from __future__ import annotations

import asyncio
from pathlib import Path

from longtake import (
    JobContext,
    JobQueue,
)


class Jobs(JobQueue):
    """A queue that works in this process, with handlers that most tests here need."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "jobs", mode="inline")
        self.order: list[str] = []
        self.gate = asyncio.Event()
        self.calls = 0

        @self.job("echo")
        async def echo(job: JobContext, value: str = "") -> str:
            self.order.append(value)
            return value

        @self.job("gated")
        async def gated(job: JobContext, value: str = "") -> str:
            self.order.append(value)
            await self.gate.wait()
            return value

        @self.job("failing")
        async def failing(job: JobContext, value: str = "") -> None:
            await job.step("count", self.count)
            raise ValueError("no luck")

    async def count(self) -> int:
        """Count the calls."""
        self.calls += 1
        return self.calls
