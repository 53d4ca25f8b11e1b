"""Run the stand-in until Ctrl-C: `python -m standin --port 8900`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib

from standin.server import Server


async def serve(port: int) -> None:
    """Serve until the process is told to end."""
    server = Server()
    address = await server.start(port)
    print(f"ready: {address}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Stand-in for the Gemini and OpenAI APIs, on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 lets the system choose")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args().port))
