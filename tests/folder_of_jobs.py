"""A folder with a job of each sort, and the command line for it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from support import QUICK

from longtake import JobContext, JobQueue
from longtake.cli import main


class Folder:
    """A folder with some jobs, and the command line for it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.jobs = folder / "jobs"
        self.capsys = capsys
        self.ids = asyncio.run(self._fill())

    async def _fill(self) -> dict[str, str]:
        queue = JobQueue(self.jobs, mode="inline")

        @queue.job("hello", about="name")
        async def hello(job: JobContext, name: str) -> str:
            return await job.step("greet", greet, name)

        @queue.job("failing")
        async def failing(job: JobContext) -> None:
            await job.report(40, "half way")
            raise ValueError("no luck")

        async with queue.working(QUICK):
            done = await queue.submit("hello", name="you", title="A greeting")
            failed = await queue.submit("failing")
            await queue.result(done.id, timeout=10)
            async for _ in queue.watch(failed.id):
                pass
        waiting = await queue.submit("hello", name="later")
        return {"done": done.id, "failed": failed.id, "waiting": waiting.id}

    def run(self, *words: str) -> tuple[int, str, str]:
        """Exit code, output and errors of a command."""
        self.capsys.readouterr()
        code = main([*words, "--dir", str(self.jobs)])
        out, err = self.capsys.readouterr()
        return code, out, err

    def json(self, *words: str) -> Any:
        """What a command prints as JSON."""
        code, out, _ = self.run(*words, "--json")
        assert code == 0
        return json.loads(out)


async def greet(name: str) -> str:
    """Greet."""
    return f"hello {name}"
