"""What many finished jobs cost."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from statistics import median

from benchmarks.peers.peer import Cannot, Peer
from benchmarks.processes import program, until_logged

LONGEST = 2.0
"""Seconds that one kind of question is asked again and again."""


async def warm(peer: Peer, patience: float) -> None:
    """Wait until a worker has begun a job. Raises Cannot when it does not."""
    token = secrets.token_hex(8)
    await peer.submit("nothing", token)
    if await asyncio.to_thread(until_logged, "start", token, patience) is None:
        raise Cannot("the worker did not begin a job")


async def stored(peer: Peer, jobs: int, *, add: int, patience: float) -> dict[str, float | str]:
    """The figures with so many finished jobs, after adding the last `add` of them."""
    figures: dict[str, float | str] = {}
    try:
        if add:
            await peer.keep(add)
    except Cannot as reason:
        return {f"{jobs:,} stored: {what}": str(reason) for what in ("latest 50 (ms)", "one status (ms)")}
    for what, question in (("first list", peer.latest), ("latest 50", peer.latest), ("one status", peer.with_status)):
        try:
            once = what == "first list"
            figures[f"{jobs:,} stored: {what} (ms)"] = await _milliseconds(question, longest=0 if once else LONGEST)
        except Cannot as reason:
            figures[f"{jobs:,} stored: {what} (ms)"] = str(reason)
    begun = time.perf_counter()
    with program(peer.worker) as worker:
        await warm(peer, patience)
        figures[f"{jobs:,} stored: worker's start to first job (ms)"] = 1000 * (time.perf_counter() - begun)
        await asyncio.sleep(0.5)  # what was started for that job alone is gone then
        figures[f"{jobs:,} stored: worker's memory (MB)"] = worker.megabytes()
    return figures


async def _milliseconds(question: Callable[[], Awaitable[int]], *, longest: float) -> float:
    """The median of some answers; of one if `longest` is 0."""
    times: list[float] = []
    until = time.monotonic() + longest
    while len(times) < 50:
        begun = time.perf_counter()
        await question()
        times.append(1000 * (time.perf_counter() - begun))
        if time.monotonic() > until:
            break
    return median(times)
