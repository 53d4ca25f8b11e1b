"""Run a program with the stand-in in the providers' place: `python -m standin.beside longtake-compare up …`.

For people who work on the page: models that stream, cost (as an estimate) and fail, without a key or money.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from standin.server import Server

KEY = "stand-in-key-that-opens-nothing"
DATA = Path(__file__).resolve().parents[3] / ".standin"
"""Apart from the real jobs and videos: they would take the stand-in's answers for real ones."""
_SLOW_ENOUGH_TO_WATCH = {"labelled": True, "latency": 0.25, "thinking": 1.0, "pieces": 12, "key": KEY}


async def beside(command: Sequence[str]) -> int:
    """Run the program to its end, then stop its worker and the stand-in; returns the program's exit code."""
    server = Server()
    address = await server.start()
    server.state.control(_SLOW_ENOUGH_TO_WATCH)
    print(f"STAND-IN at {address} for Gemini and stand-in/*: made-up answers, no real key is used.", flush=True)
    environ = environment(address, os.environ)
    loop = asyncio.get_running_loop()
    # Ctrl-C reaches the program by itself; it decides how to stop.
    loop.add_signal_handler(signal.SIGINT, lambda: None)
    try:
        program = await asyncio.create_subprocess_exec(*command, env=environ)
        loop.add_signal_handler(signal.SIGTERM, program.terminate)
        code = await program.wait()
        stopping = await asyncio.create_subprocess_exec(command[0], "stop", *_data_in(command), env=environ)
        await stopping.wait()
    finally:
        await server.stop()
    return code


def environment(address: str, environ: Mapping[str, str]) -> dict[str, str]:
    """What makes the app ask the stand-in, and nobody else."""
    endpoint = {"name": "stand-in", "base_url": f"{address}/v1", "key_variable": "STANDIN_API_KEY"}
    real = {"GOOGLE_API_KEY", "OPENAI_API_KEY", "PYTHONPATH"}
    return {
        "LONGTAKE_COMPARE_DATA": str(DATA),
        **{name: value for name, value in environ.items() if name not in real},
        "GEMINI_API_KEY": KEY,
        "STANDIN_API_KEY": KEY,
        "LONGTAKE_COMPARE_STANDIN": "yes",
        "GOOGLE_GEMINI_BASE_URL": address,
        "LONGTAKE_COMPARE_ENDPOINTS": json.dumps([endpoint]),
    }


def _data_in(command: Sequence[str]) -> Sequence[str]:
    words = list(command)
    at = next((number for number, word in enumerate(words) if word.partition("=")[0] == "--data"), None)
    return [] if at is None else words[at : at + 1] if "=" in words[at] else words[at : at + 2]


if __name__ == "__main__":
    sys.exit(asyncio.run(beside(sys.argv[1:])))
