"""A server as small as can be, to be killed: the job API and a way to submit."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

from fastapi import FastAPI

from benchmarks.torture import protections
from benchmarks.torture.handlers import marks, queue
from longtake.fastapi import job_router

INSIDE = "a worker of its own"
"""The protection that a control takes out: the server runs the jobs itself."""
is_inside = os.environ.get(protections.WITHOUT) == INSIDE
if is_inside:
    queue.mode = "inline"


@asynccontextmanager
async def while_it_runs(_: FastAPI) -> AsyncIterator[None]:
    """Work inside the server, where a control wants that."""
    async with queue.working() if is_inside else nullcontext():
        yield


app = FastAPI(lifespan=while_it_runs)
app.include_router(job_router(queue))


@app.post("/api/marks")
async def submit(count: int, seconds: float) -> dict[str, str]:
    """Submit a job."""
    job = await marks.submit(count=count, seconds=seconds)
    return {"job_id": job.id}
