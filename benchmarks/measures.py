"""What is measured, each in a fresh folder with a real worker process."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles

from longtake import JobQueue

QUEUE = Path(__file__).with_name("queue_under_test.py")

Figures = dict[str, float]
Measure = Callable[[Path], Awaitable[Figures]]


def new_queue(folder: Path) -> JobQueue:
    """The front door of a folder; others run its jobs."""
    return JobQueue(folder, mode="external")


@asynccontextmanager
async def worker(folder: Path) -> AsyncIterator[subprocess.Popen[bytes]]:
    """A worker process that owns the folder; stopped afterwards."""
    process = _start(folder)
    await _owned(folder)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


async def submits(folder: Path) -> Figures:
    """Jobs a second that are on the disk when `submit` returns."""
    queue = new_queue(folder)
    figures: Figures = {}
    for clients, jobs in ((1, 1000), (16, 2000)):
        begun = time.perf_counter()
        await asyncio.gather(*(_submit_many(queue, jobs // clients) for _ in range(clients)))
        figures[f"submit, {clients} at once (jobs/s)"] = jobs / (time.perf_counter() - begun)
    return figures


async def starts(folder: Path) -> Figures:
    """From the call of `submit` to the first line of the handler, idle worker."""
    queue = new_queue(folder)
    delays: list[float] = []
    async with worker(folder):
        for _ in range(100):
            begun = time.time()
            job = await queue.submit("nothing")
            delays.append(1000 * (await queue.result(job.id) - begun))
    return {"submit to start, p50 (ms)": median(delays), "submit to start, p95 (ms)": quantiles(delays, n=20)[-1]}


async def drain(folder: Path) -> Figures:
    """Jobs a second that do nothing, all waiting when the worker starts; start and end are recorded."""
    queue = new_queue(folder)
    jobs = 2000
    await _submit_many(queue, jobs)
    begun = time.perf_counter()
    async with worker(folder):
        while (await queue.find(status=["pending", "running"], limit=1)).jobs:
            await asyncio.sleep(0.02)
        return {"drain (jobs/s)": jobs / (time.perf_counter() - begun)}


async def progress(folder: Path) -> Figures:
    """Progress calls a second inside a handler."""
    queue = new_queue(folder)
    async with worker(folder):
        job = await queue.submit("reports", times=200_000)
        return {"progress reports (calls/s)": await queue.result(job.id)}


async def resume(folder: Path) -> Figures:
    """Kill -9 of the worker in step 4 of 8, next worker started at once: until a step runs, and what ran again."""
    queue = new_queue(folder)
    async with worker(folder) as process:
        job = await queue.submit("steps", number=8, seconds=0.2)
        while len(await queue.steps(job.id)) < 3:
            await asyncio.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        killed = time.time()
        recorded = {step.name: step.value for step in await queue.steps(job.id)}
    async with worker(folder):
        began = await queue.result(job.id)
    again = [n for n, value in enumerate(began) if f"step {n}" in recorded and recorded[f"step {n}"] != value]
    return {
        "resume after kill -9 (s)": min(t for t in began if t > killed) - killed,
        "recorded steps run again": len(again),
    }


async def cancel(folder: Path) -> Figures:
    """From the call of `cancel` until a running handler has stopped."""
    queue = new_queue(folder)
    delays: list[float] = []
    async with worker(folder):
        for _ in range(20):
            job = await queue.submit("steps", number=1, seconds=60)
            async for seen in queue.watch(job.id):
                if seen.status == "running":
                    break
            begun = time.perf_counter()
            await queue.cancel(job.id)
            while (await queue.get(job.id)).status != "cancelled":
                await asyncio.sleep(0.001)
            delays.append(1000 * (time.perf_counter() - begun))
    return {"cancel of a running job, p50 (ms)": median(delays), "cancel of a running job, worst (ms)": max(delays)}


async def stored(folder: Path) -> Figures:
    """10,000 jobs on the disk: lists, filters, and a new index."""
    queue = new_queue(folder)
    await asyncio.gather(*(_submit_many(queue, 625) for _ in range(16)))
    figures = {
        "10,000 jobs: latest 50 (ms)": await _milliseconds(lambda: queue.find(limit=50)),
        "10,000 jobs: filter by status (ms)": await _milliseconds(lambda: queue.find(status="failed", limit=50)),
    }
    queue.store.close()
    for file in (folder / "run").glob("index.sqlite*"):
        file.unlink()
    begun = time.perf_counter()
    await new_queue(folder).counts()
    return figures | {"10,000 jobs: index made anew (s)": time.perf_counter() - begun}


async def idle(folder: Path) -> Figures:
    """Ten seconds of a worker that has nothing to do."""
    async with worker(folder) as process:
        await asyncio.sleep(1)
        before = _processor_seconds(process.pid)
        await asyncio.sleep(10)
        used = _processor_seconds(process.pid) - before
        return {"idle worker: processor (%)": 100 * used / 10, "idle worker: memory (MB)": _memory(process.pid)}


MEASURES: tuple[Measure, ...] = (submits, starts, drain, progress, resume, cancel, stored, idle)


def _start(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "longtake", "work", f"{QUEUE}:job_queue"]
    environment = dict(os.environ, LONGTAKE_BENCH_DIR=str(folder))
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)


async def _owned(folder: Path) -> None:
    queue = new_queue(folder)
    while queue.worker() is None:
        await asyncio.sleep(0.002)


async def _submit_many(queue: JobQueue, jobs: int) -> None:
    for _ in range(jobs):
        await queue.submit("nothing")


async def _milliseconds(call: Callable[[], Awaitable[object]]) -> float:
    times: list[float] = []
    for _ in range(50):
        begun = time.perf_counter()
        await call()
        times.append(1000 * (time.perf_counter() - begun))
    return median(times)


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6
