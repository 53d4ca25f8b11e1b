"""`python -m benchmarks.one PEER MEASURE [--quick]`: one measure of one peer, in its own environment; prints JSON."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import sys

from benchmarks.measures import FULL, MEASURES, QUICK, START_UP, WITH_A_WORKER, Figures, Scale
from benchmarks.peers.peer import Cannot, Peer
from benchmarks.processes import program
from benchmarks.stored import warm


def main(name: str, measure: str, *scale: str) -> int:
    """Measure, and print the figures as the last line."""
    peer: Peer = importlib.import_module(f"benchmarks.peers.{name}").Measured()
    print(json.dumps(asyncio.run(_measured(peer, measure, QUICK if scale else FULL))))
    return 0


async def _measured(peer: Peer, measure: str, scale: Scale) -> Figures:
    with contextlib.ExitStack() as stack:
        if peer.submits_to_worker and measure == "submits":
            stack.enter_context(program(peer.worker))
        await peer.open()
        try:
            if measure in WITH_A_WORKER:
                stack.enter_context(program(peer.worker))
                await warm(peer, START_UP)
            return await MEASURES[measure](peer, scale)
        except Cannot as reason:
            return {measure: str(reason)}
        finally:
            await peer.close()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
