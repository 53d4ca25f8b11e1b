"""The real server as a process of its own, the way a person starts it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
from waiting import eventually

SHARED_VIDEOS = Path(__file__).resolve().parents[2].parent / "shared" / "videos"
COMPARE = Path(sys.executable).with_name("longtake-compare")


class Server:
    """A running `longtake-compare up`, and a client for it."""

    program = COMPARE

    def __init__(self, data: Path, **environment: str) -> None:
        self.data = data
        self.jobs = data / "jobs"
        self._environment = {**os.environ, **{f"LONGTAKE_COMPARE_{k}": v for k, v in environment.items()}}
        self.process = self._start("0")
        self.address = self._ready()
        self.http = httpx2.Client(base_url=self.address, timeout=30)

    def _start(self, port: str) -> subprocess.Popen[str]:
        command = [str(self.program), "up", "--no-browser", "--port", port, "--data", str(self.data)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=self._environment)

    def _ready(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"ready: (\S+)", line)
        assert found, f"the server said {line!r}"
        return found[1]

    def restart(self, **environment: str) -> None:
        """Start it again, at the same address, maybe with other settings."""
        self.http.close()
        self._environment |= {f"LONGTAKE_COMPARE_{k}": v for k, v in environment.items()}
        self.process = self._start(self.address.strip("/").rsplit(":", 1)[1])
        self.address = self._ready()
        self.http = httpx2.Client(base_url=self.address, timeout=30)

    def kill(self) -> None:
        """End the server, and only the server, at once."""
        self.process.kill()
        self._reap()

    def interrupt(self) -> str:
        """Ctrl-C; returns what it says then."""
        self.process.send_signal(signal.SIGINT)
        said, _ = self.process.communicate(timeout=20)
        return said

    def worker_pid(self) -> int:
        """The process that runs the jobs, once there is one."""
        return eventually(lambda: self.get("/api/health")["worker"]["pid"])  # type: ignore[no-any-return]

    def get(self, path: str) -> Any:
        """GET a JSON answer."""
        answer = self.http.get(path)
        assert answer.is_success, answer.text
        return answer.json()

    def post(self, path: str, body: object = None) -> Any:
        """POST a JSON body, get a JSON answer."""
        answer = self.http.post(path, json=body) if body is not None else self.http.post(path)
        assert answer.is_success, answer.text
        return answer.json()

    def upload(self, path: Path) -> Any:
        """Upload a file as curl does."""
        with path.open("rb") as file:
            answer = self.http.post("/api/videos", files={"file": (path.name, file)})
        assert answer.is_success, answer.text
        return answer.json()

    def sample(self) -> str:
        """The id of the sample video."""
        return str(self.post("/api/videos/sample")["video_id"])

    def job(self, job_id: str) -> Any:
        """A job over HTTP."""
        return self.get(f"/api/jobs/{job_id}")

    def finished(self, job_id: str, seconds: float = 60.0) -> Any:
        """A job when it is finished."""
        done = {"completed", "failed", "cancelled"}
        return eventually(lambda: job if (job := self.job(job_id))["status"] in done else None, seconds)

    def file(self, job_id: str) -> Any:
        """A job as its file says, without any server."""
        return json.loads((self.jobs / f"{job_id}.json").read_bytes())

    def journal(self, job_id: str) -> list[Any]:
        """The recorded steps as the journal says; a line that is just being written is none yet."""
        path = self.jobs / f"{job_id}.steps.jsonl"
        whole = path.read_text().rpartition("\n")[0] if path.exists() else ""
        return [json.loads(line) for line in whole.splitlines()]

    def worker_log(self) -> str:
        """What the workers have said."""
        return (self.jobs / "run" / "worker.log").read_text()

    def close(self) -> None:
        """End the server, then its worker."""
        self.http.close()
        if self.process.poll() is None:
            self.process.terminate()
        self._reap()
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(json.loads((self.jobs / "run" / "worker.json").read_bytes())["pid"], signal.SIGKILL)

    def _reap(self) -> None:
        if self.process.stdout is not None and not self.process.stdout.closed:
            self.process.communicate(timeout=20)


@contextmanager
def running_server(data: Path, **environment: str) -> Iterator[Server]:
    """A server with its data in a folder; gone afterwards, its worker too."""
    server = Server(data, **environment)
    try:
        yield server
    finally:
        server.close()
