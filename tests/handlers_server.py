"""A web server with the job API, as a program of its own: `python handlers_server.py PORT_FILE`."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from longtake import JobQueue, feed
from longtake.fastapi import job_router
from longtake.http import streams

streams.HEARTBEAT = 0.3
feed.MOST = 40
queue = JobQueue(os.environ["LONGTAKE_TEST_JOBS"], mode="external")
app = FastAPI()
app.include_router(job_router(queue))


@app.get("/subscriptions")
async def subscriptions() -> int:
    """How many listen now."""
    return len(queue.feed._subscriptions)


@app.get("/waiting")
async def waiting() -> list[int]:
    """How many changed jobs wait for each who listens."""
    return [len(subscription._changed) for subscription in queue.feed._subscriptions]


async def serve(port_file: Path) -> None:
    """Serve on a free port and write it to the file."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        port_file.with_suffix(".new").write_text(str(listening.getsockname()[1]))
        port_file.with_suffix(".new").rename(port_file)
        await server.serve([listening])


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(Path(sys.argv[1])))
