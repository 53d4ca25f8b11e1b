"""The command line, called with a data folder of its own."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from pathlib import Path
from typing import Any

from servers import COMPARE

from longtake import JobQueue


class Shell:
    """Calls the command line with one data folder."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.data = data
        self.environment = {
            **os.environ,
            "LONGTAKE_COMPARE_DATA": str(data),
            "LONGTAKE_COMPARE_DEMO_STREAM_SECONDS": "1",
            **environment,
        }

    def __call__(self, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        said = subprocess.run(
            [str(COMPARE), *words], capture_output=True, text=True, timeout=60, check=False, env=self.environment
        )
        assert said.returncode == code, f"{words}: {said.returncode}\n{said.stdout}{said.stderr}"
        return said

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "--json").stdout)

    def start(self, *words: str, stderr: int = subprocess.PIPE) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(COMPARE), *words], stdout=subprocess.PIPE, stderr=stderr, text=True, env=self.environment
        )

    def submit(self, **args: Any) -> str:
        """Submit a batch without any check: its video may be missing."""
        queue = JobQueue(self.data / "jobs", mode="external")
        asked = {"video_ids": ["a" * 20], "prompts": ["?"], "models": ["local/scenes"]} | args
        return asyncio.run(queue.submit("batch_compare", **asked)).id

    def has(self, job_id: str) -> bool:
        return (self.data / "jobs" / f"{job_id}.json").exists()

    def job(self, job_id: str) -> Any:
        return json.loads((self.data / "jobs" / f"{job_id}.json").read_bytes())
