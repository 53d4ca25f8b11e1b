"""The example app of the dashboard as a process of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parents[2] / "examples"


@dataclass(frozen=True)
class Shop:
    """The running app, as seen from outside the proxy."""

    address: str
    http: httpx2.Client

    @property
    def dashboard(self) -> str:
        """Where its jobs are shown."""
        return f"{self.address}/admin/jobs"

    def submit(self, path: str, **query: str | int) -> str:
        """Have it submit a job."""
        answer = self.http.post(f"{self.address}{path}", params=query)
        assert answer.is_success, answer.text
        return str(answer.json()["job_id"])

    def status(self, job_id: str) -> str:
        """How a job stands."""
        return str(self.http.get(f"{self.dashboard}/api/jobs/{job_id}").json()["status"])


@contextmanager
def running_shop(jobs: Path, python: str | Path = sys.executable) -> Iterator[Shop]:
    """The app with its jobs in a folder; gone afterwards, its worker too."""
    environment = {**os.environ, "SHOP_JOBS": str(jobs), "PYTHONPATH": os.pathsep.join(map(str, (HERE, EXAMPLES)))}
    command = [str(python), "-m", "uvicorn", "--port", "0", "shop_behind_proxy:app"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stderr is not None
        said = iter(process.stderr.readline, "")
        address = next(found[1] for line in said if (found := re.search(r"running on (\S+)", line)))
        with httpx2.Client(timeout=20) as http:
            yield Shop(f"{address}/tools", http)
    finally:
        process.terminate()
        process.communicate(timeout=20)
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(json.loads((jobs / "run" / "worker.json").read_bytes())["pid"], signal.SIGKILL)
