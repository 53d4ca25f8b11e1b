"""The server killed with -9 while jobs run: no job notices."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
from contextlib import suppress
from http.client import HTTPConnection
from urllib.parse import urlencode

from benchmarks.torture import app, ledger
from benchmarks.torture.place import Place, Stuck, soon
from benchmarks.torture.trial import Harness, Outcome, Trial
from longtake import JobStatus

STEPS = 60
STEP = 0.01
LONGEST_WAIT = 0.3
"""Seconds from an acknowledged job to the server's end."""


def run(trial: Trial) -> Outcome:
    """Kill the server so often, each time with a new job under way; then let the jobs finish, and look."""
    violations: list[str] = []
    place = Place(trial.folder, trial.without)
    acknowledged: list[str] = []
    kills = 0
    moments = random.Random(trial.seed)
    try:
        while kills < trial.number:
            server = _Server(place)
            try:
                acknowledged.append(asyncio.run(server.submit()))
                server.wait(moments.uniform(0.0, LONGEST_WAIT))
            finally:
                server.kill()
            kills += 1
        asyncio.run(_finished(place, acknowledged))
    except Stuck as error:
        violations.append(str(error))
    finally:
        _end_worker(place)
    calls = ledger.read(place.ledger)
    violations += _disturbed(place, acknowledged, calls)
    counts = {"kills of the server": kills, "jobs acknowledged": len(acknowledged), "calls": len(calls)}
    return Outcome(counts=counts | {"workers": len({call.worker for call in calls})}, violations=violations)


class _Server:
    def __init__(self, place: Place) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        options = ["--port", str(self._port), "--log-level", "warning"]
        self._process = place.start("-m", "uvicorn", f"{app.__name__}:app", *options)

    async def submit(self) -> str:
        """Submit a job as soon as the server answers; returns its id when it is acknowledged. Raises Stuck."""
        query = urlencode({"count": STEPS, "seconds": STEP})
        return await soon(lambda: self._post(f"/api/marks?{query}"), "The server did not answer")

    def wait(self, seconds: float) -> None:
        """Let it live a while longer."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def kill(self) -> None:
        """Kill -9."""
        self._process.kill()
        self._process.wait()

    def _post(self, path: str) -> str:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            connection.request("POST", path)
            return str(json.load(connection.getresponse())["job_id"])
        except ConnectionRefusedError:
            return ""
        finally:
            connection.close()


async def _finished(place: Place, acknowledged: list[str]) -> None:
    def all_are_final() -> bool:
        return all(place.queue.store.read(job_id).status.is_final for job_id in acknowledged)

    server = _Server(place)
    try:
        await soon(all_are_final, "Some jobs did not finish")
    finally:
        server.kill()


def _end_worker(place: Place) -> None:
    """Stop the worker that the servers left: it is ours, but not our child."""
    if worker := place.queue.worker():
        with suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGKILL)


def _disturbed(place: Place, acknowledged: list[str], calls: list[ledger.Call]) -> list[str]:
    """Sentences about jobs that noticed anything."""
    wrong = [f"Step {call.name} of job {call.job_id} ran twice." for call in ledger.repeated(calls)]
    for job_id in acknowledged:
        job = place.read(job_id, wrong)
        if job is not None and (job.status is not JobStatus.COMPLETED or len(job.attempts) != 1):
            wrong.append(f"Job {job_id} is {job.status} after {len(job.attempts)} attempts.")
    return wrong


HARNESS = Harness(
    promise="the server killed with -9 while jobs run: no job disturbed",
    unit="kills",
    run=run,
    long=100,
    short=5,
    control=2,
    protections=(app.INSIDE,),
)
