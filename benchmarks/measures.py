"""What is measured of a peer: each measure in an empty folder, on an empty server, in the peer's own environment."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from statistics import median, quantiles

from benchmarks import http_client
from benchmarks.peers import work
from benchmarks.peers.peer import Cannot, Peer
from benchmarks.processes import program, until_logged
from benchmarks.stored import stored, warm

Figures = dict[str, float | str]
"""Name with unit -> the figure, or in words why there is none."""

START_UP = 20.0
"""Seconds that a worker gets to start its first job."""


_FEWEST = 3
"""Samples of a start, however long they take."""


_PORTION = 20
"""Jobs that each client submits between two looks at the time."""


@dataclass(frozen=True)
class Scale:
    """How much of each."""

    submits: int = 1600
    starts: int = 60
    seconds: float = 4.0
    """After so long a measure that is not through counts what it has; filling up for a drain gets twice that."""
    drain: int = 5000
    cancels: int = 6
    patience: float = 10.0
    """How long a resume may take."""
    stored: tuple[int, ...] = (10_000, 100_000)
    idle: float = 12.0


FULL = Scale()
QUICK = Scale(submits=320, starts=20, seconds=1.0, drain=640, cancels=3, patience=3.0, stored=(1000,), idle=1.0)


async def submits(peer: Peer, scale: Scale) -> Figures:
    """Jobs a second for which `submit` has returned, as durable as the peer makes them."""
    await peer.submit("nothing", "first")
    figures: Figures = {}
    for clients in (1, 16):
        begun = time.perf_counter()
        jobs = await _submitted(peer, scale.submits, clients, scale.seconds)
        figures[f"submit, {clients} at once (jobs/s)"] = jobs / (time.perf_counter() - begun)
    return figures


async def starts(peer: Peer, scale: Scale) -> Figures:
    """From the call of submit to the first line of the handler, idle worker."""
    delays: list[float] = []
    give_up = time.monotonic() + scale.seconds
    while len(delays) < scale.starts and (time.monotonic() < give_up or len(delays) < _FEWEST):
        await asyncio.sleep(random.uniform(0.005, 0.05 + peer.poll_seconds))
        token = secrets.token_hex(8)
        begun = time.time()
        await peer.submit("nothing", token)
        started = await asyncio.to_thread(until_logged, "start", token, START_UP)
        if started is None:
            raise Cannot("a job did not start")
        delays.append(1000 * (started - begun))
    return {"submit to start, p50 (ms)": median(delays), "submit to start, p95 (ms)": _p95(delays)}


async def drain(peer: Peer, scale: Scale) -> Figures:
    """Jobs a second that do nothing, all waiting when the worker starts; from the first start to the last end.

    Where the peer does not tell how many are unfinished, the last start counts as the end.
    """
    if peer.submits_to_worker:
        raise Cannot("jobs begin as they come")
    jobs = await _submitted(peer, scale.drain, 16, 2 * scale.seconds)
    with program(peer.worker) as worker:
        if await asyncio.to_thread(until_logged, "start", "many", START_UP) is None:
            raise Cannot("no job started")
        before = worker.processor_seconds()
        give_up = time.monotonic() + scale.seconds
        while time.monotonic() < give_up and not await _is_drained(peer, jobs):
            await asyncio.sleep(0.02)
        ended = time.time()
        used = worker.processor_seconds() - before
    begun = [line.at for line in work.lines() if line.event == "start" and line.at <= ended]
    seconds = (ended if len(begun) < jobs else max(await _end(peer, ended), begun[-1])) - begun[0]
    return {"drain (jobs/s)": len(begun) / seconds, "drain: processor (ms/job)": 1000 * used / len(begun)}


async def progress(peer: Peer, scale: Scale) -> Figures:
    """Progress calls a second in a job; and at 20 a second, the time until a reader has seen each, or a newer one."""
    _require(peer, "ticks", "no stored progress")
    few = await _reported(peer, 300)
    many = await _reported(peer, int(min(few * scale.seconds / 4, 500_000)))
    delays = await _until_seen(peer, peer.follow, scale)
    return {
        "progress (calls/s)": many,
        "progress until seen, p50 (ms)": median(delays),
        "progress until seen, p95 (ms)": _p95(delays),
    }


async def live(peer: Peer, scale: Scale) -> Figures:
    """The same for a browser that listens to the event stream of the job over HTTP."""
    _require(peer, "ticks", "no stored progress")
    port = 18_463
    with program(peer.server(port)):
        async with http_client.connected(port):  # it listens
            delays = await _until_seen(peer, lambda job_id: peer.events(port, job_id), scale)
    return {"event stream until seen, p50 (ms)": median(delays), "event stream until seen, p95 (ms)": _p95(delays)}


async def resume(peer: Peer, scale: Scale) -> Figures:
    """Kill -9 of the worker in step 4 of 8, next worker started at once: until a step runs, and what ran again."""
    _require(peer, "steps", "no job of several steps")
    token = secrets.token_hex(8)
    with program(peer.worker) as worker:
        if peer.submits_to_worker:
            await warm(peer, START_UP)
        await peer.submit("steps", token, 8, 0.2)
        if await asyncio.to_thread(until_logged, "step", token, START_UP, 3) is None:
            raise Cannot("the job did not start")
        worker.kill()
    killed = time.time()
    with program(peer.worker):
        give_up = killed + scale.patience
        while not (after := [line for line in _steps(token) if line.at > killed]):
            if time.time() > give_up:
                return {"resume after kill -9 (s)": f"not within {scale.patience:g} s"}
            await asyncio.sleep(0.005)
        await asyncio.to_thread(until_logged, "done", token, START_UP, 7)
    done = {line.number for line in work.lines() if line.event == "done" and line.at < killed}
    again = {line.number for line in _steps(token) if line.at > killed} & done
    return {"resume after kill -9 (s)": after[0].at - killed, "finished steps run again (of 3)": len(again)}


async def cancel(peer: Peer, scale: Scale) -> Figures:
    """From the call of cancel until a running handler shows no more life; blocking code where a peer tells it apart."""
    _require(peer, "beats", "does not stop a running job")
    figures = await _cancels(peer, "beats", "cancel of a running job", scale)
    if "blocks" in peer.kinds:
        figures |= await _cancels(peer, "blocks", "cancel of blocking code", scale)
    return figures


async def _cancels(peer: Peer, kind: str, what: str, scale: Scale) -> Figures:
    delays: list[float] = []
    for _ in range(scale.cancels):
        token = secrets.token_hex(8)
        job_id = await peer.submit(kind, token)
        if await asyncio.to_thread(until_logged, "beat", token, START_UP) is None:
            raise Cannot("the job did not start")
        await asyncio.sleep(0.05)
        begun = time.time()
        asking = asyncio.ensure_future(peer.cancel(job_id))
        last = await _last_beat(token, begun + 3)
        await asking
        if last is None:
            return {f"{what}, p50 (ms)": "not within 3 s"}
        delays.append(max(0.0, 1000 * (last - begun)))
    return {f"{what}, p50 (ms)": median(delays), f"{what}, worst (ms)": max(delays)}


async def http(peer: Peer, scale: Scale) -> Figures:
    """`POST /jobs` from 16 clients at once: jobs a second that are answered."""
    port = 18_462
    with program(peer.server(port)):
        await http_client.many(port, "/jobs?token=http", 16, 16)
        begun = time.perf_counter()
        times = await http_client.many(port, "/jobs?token=http", scale.submits, 16)
        rate = scale.submits / (time.perf_counter() - begun)
    return {"POST /jobs, 16 at once (jobs/s)": rate, "POST /jobs, p95 (ms)": 1000 * _p95(times)}


async def idle(peer: Peer, scale: Scale) -> Figures:
    """A worker that has nothing to do, all its processes; servers beside it are not counted."""
    with program(peer.worker) as worker:
        await warm(peer, START_UP)
        await asyncio.sleep(1)
        before = worker.processor_seconds()
        await asyncio.sleep(scale.idle)
        used = worker.processor_seconds() - before
        return {"idle worker: processor (%)": 100 * used / scale.idle, "idle worker: memory (MB)": worker.megabytes()}


async def kept(peer: Peer, scale: Scale) -> Figures:
    """Finished jobs on the disk: lists, filters, start of a worker, its memory."""
    with program(peer.worker):
        await warm(peer, START_UP)
        await asyncio.sleep(0.2)
    figures: Figures = {}
    have = 0
    for jobs in (0, *scale.stored):
        figures |= await stored(peer, jobs, add=jobs - have, patience=START_UP)
        have = jobs
    return figures | await peer.rebuilt(have)


Measure = Callable[[Peer, Scale], Awaitable[Figures]]
MEASURES: dict[str, Measure] = {
    measure.__name__: measure for measure in (submits, starts, progress, live, resume, cancel, http, idle, kept, drain)
}
WITH_A_WORKER = {"starts", "progress", "live", "cancel"}
"""Measures that find a worker running that has done a job."""


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def _require(peer: Peer, kind: str, otherwise: str) -> None:
    if kind not in peer.kinds:
        raise Cannot(otherwise)


async def _submitted(peer: Peer, jobs: int, clients: int, seconds: float) -> int:
    """Submit at least so many jobs, or as many as go into so many seconds; returns how many those were."""
    give_up = time.monotonic() + seconds
    done = 0
    while done < jobs and time.monotonic() < give_up:
        await peer.submit_many(_PORTION * clients, clients)
        done += _PORTION * clients
    return done


async def _is_drained(peer: Peer, jobs: int) -> bool:
    try:
        return not await peer.unfinished()
    except Cannot:
        return sum(line.event == "start" for line in work.lines()) >= jobs


async def _end(peer: Peer, seen: float) -> float:
    """When the last job was recorded as finished, as far as the peer tells."""
    try:
        await peer.unfinished()
    except Cannot:
        return 0.0
    return seen


async def _until_seen(peer: Peer, follow: Callable[[str], AsyncIterator[float]], scale: Scale) -> list[float]:
    """Milliseconds from each report until the reader has seen it, or a newer one."""
    number = 20 if scale is QUICK else 60
    token = secrets.token_hex(8)
    job_id = await peer.submit("ticks", token, number, 0.05)
    seen: list[tuple[float, float]] = []
    async with asyncio.timeout(START_UP):
        async for value in follow(job_id):
            seen.append((time.time(), value))
            if value >= number:
                break
    made = [line for line in work.lines() if line.event == "tick" and line.token == token]
    return [1000 * (next(at for at, value in seen if value >= tick.number) - tick.at) for tick in made]


async def _reported(peer: Peer, times: int) -> float:
    token = secrets.token_hex(8)
    await peer.submit("reports", token, times)
    give_up = time.monotonic() + START_UP
    while time.monotonic() < give_up:
        for line in work.lines():
            if line.event == "reports" and line.token == token:
                return line.number
        await asyncio.sleep(0.02)
    raise Cannot("the reporting job did not end")


async def _last_beat(token: str, give_up: float) -> float | None:
    """The time of the beat after which none came for a while; None if they still come at `give_up`."""
    while True:
        last = max((line.at for line in work.lines() if line.event == "beat" and line.token == token), default=0.0)
        if time.time() - last > 0.2:
            return last
        if time.time() > give_up:
            return None
        await asyncio.sleep(0.02)


def _steps(token: str) -> list[work.Line]:
    return [line for line in work.lines() if line.event == "step" and line.token == token]
