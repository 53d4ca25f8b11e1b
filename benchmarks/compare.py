"""`python3 dev bench compare`: the app itself, with its server, its worker and a stand-in for Gemini as processes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TESTS = Path(__file__).resolve().parents[1] / "backend" / "tests"
_MODEL = "gemini-3.8-flash"
_LARGE = 1_990_000_000
"""Bytes; 2 GB is the most that the app takes unless told otherwise."""
_WAIT = 3600.0


def main(words: list[str]) -> int:
    """Measure what is asked for, or all of it: `pace`, `latency`, `memory`."""
    sys.path[:0] = [str(_TESTS)]
    measures: dict[str, Callable[[Path], str]] = {"pace": _pace, "latency": _latency, "memory": _memory}
    for name in words or measures:
        with tempfile.TemporaryDirectory() as folder:
            before = os.getloadavg()[0]
            print(
                f"{measures[name](Path(folder))} Load before {before:.1f}, after {os.getloadavg()[0]:.1f}.", flush=True
            )
    return 0


def _pace(folder: Path) -> str:
    """300 cells, 60 calls a minute allowed, which nobody told the app."""
    with _running(folder, '{"gemini": {"at_once": 8}}', rpm=60, latency=0.05) as (server, standin):
        job = _batch(server, _upload(server), 300)
        log = standin.log()
    begun = min(seen["at"] for seen in log["requests"] if seen["api"] == "interactions.create")
    refused = [call["at"] - begun for call in log["refused"]]
    answered, seconds = _answered(job), _seconds(log, begun)
    return (
        f"pace: {answered} of 300 cells answered; last call after {seconds:.0f} s (60 a minute: 300 s); "
        f"refused: {len(refused)}, of these after the first minute {sum(at > 60 for at in refused)}."
    )


def _latency(folder: Path) -> str:
    """100 cells of 2 seconds, eight at once."""
    with _running(folder, '{"gemini": {"at_once": 8}}', thinking=2.0) as (server, standin):
        video = _upload(server)
        _batch(server, video, 1)  # loads the SDK and uploads the film
        standin.control(thinking=2.0)
        begun = time.monotonic()
        _batch(server, video, 100, first=1000)
        seconds = time.monotonic() - begun
    return f"latency: 100 cells in {seconds:.2f} s; ideal 26 s (13 rounds of 2 s); {seconds / 26:.3f} times the ideal."


def _memory(folder: Path) -> str:
    """500 cells about a video of 2 GB."""
    with _running(folder, '{"gemini": {"at_once": 8}}') as (server, _):
        film = folder / "large.mp4"
        _make_large(film)
        pid = server.worker_pid()
        video = str(server.upload(film)["video_id"])
        job = _batch(server, video, 500)
        peak = _peak(server.worker_pid())
        replaced = " (it was replaced)" if pid != server.worker_pid() else ""
    return f"memory: {_answered(job)} of 500 cells answered; worker {peak} MB at most{replaced}."


@contextmanager
def _running(folder: Path, limits: str, **behaviour: Any) -> Iterator[tuple[Any, Any]]:
    from paying import paying_server  # noqa: PLC0415 (the tests are on the path only now)
    from standin import StandIn  # noqa: PLC0415

    with StandIn() as standin, paying_server(folder / "data", standin, LIMITS=limits) as server:
        standin.control(**{"pieces": 3, **behaviour})
        server.http.timeout = _WAIT
        yield server, standin


def _upload(server: Any) -> str:
    from paying import upload  # noqa: PLC0415

    return str(upload(server))


def _batch(server: Any, video: str, cells: int, first: int = 1) -> Any:
    prompts = [f"Question {number}" for number in range(first, first + cells)]
    body = {"video_ids": [video], "prompts": prompts, "models": [_MODEL]}
    job_id = server.post("/api/batch-compare-async", body)["job_id"]
    return server.finished(job_id, _WAIT)


def _seconds(log: Any, begun: float) -> float:
    return float(max(seen["at"] for seen in log["requests"] if seen["api"] == "interactions.create") - begun)


def _answered(job: Any) -> int:
    return sum(cell["state"] == "completed" for cell in job["result"]["cells"])


def _make_large(path: Path) -> None:
    """A film with a hole behind it, which takes no room on the disk."""
    from films import tiny_film  # noqa: PLC0415

    film = tiny_film()
    rest = _LARGE - len(film)
    path.write_bytes(film + rest.to_bytes(4, "big") + b"free")
    os.truncate(path, _LARGE)


def _peak(pid: int) -> int:
    """The most memory that a process ever had, in MB."""
    if sys.platform != "linux":
        return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(pid)])) // 1024
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) // 1024
