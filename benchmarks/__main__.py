"""`python3 dev bench`: measure Longtake and its peers side by side, and print tables."""

from __future__ import annotations

import argparse
import math
import os
import shlex
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path

from benchmarks import compare
from benchmarks.contenders import ANCHORS, CONTENDERS
from benchmarks.measures import MEASURES
from benchmarks.report import report
from benchmarks.rounds import gather

RESULTS = Path(__file__).with_name("RESULTS.md")


def main(words: list[str]) -> int:
    """Measure what is asked for."""
    if words[:1] == ["compare"]:
        return compare.main(words[1:])
    options = _parser().parse_args(words)
    contenders = [CONTENDERS[name] for name in options.peers]
    before = os.getloadavg()[0]
    rounds = options.rounds or (1 if options.quick else 1000 if options.minutes else 3)
    until = time.monotonic() + 60 * options.minutes if options.minutes else math.inf
    gathered = gather(contenders, options.measures, rounds, until, quick=options.quick)
    command = shlex.join(["python3", "dev", "bench", *words])
    text = report(gathered, contenders, command, (before, os.getloadavg()[0]))
    print(text)
    output = options.output or (None if options.quick else RESULTS)
    if output is not None:
        output.write_text(text, encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 dev bench",
        description="Measure Longtake and other job systems in turn, on this machine. Each is installed, pinned, in "
        "an environment of its own under .bench/; those that need Redis or PostgreSQL run where redis-server, or "
        "initdb and postgres, are on the path.",
    )
    peers = f"anchors ({', '.join(ANCHORS)}), or some of {', '.join(CONTENDERS)}; default: all"
    parser.add_argument("--peers", type=_peers, default=list(CONTENDERS), help=peers)
    parser.add_argument("--measures", type=_some_of(MEASURES), default=list(MEASURES), help=", ".join(MEASURES))
    parser.add_argument("--rounds", type=int, default=None, help="default: 3, or 1 if quick")
    parser.add_argument("--minutes", type=float, default=None, help="one round, and more for as long as there is time")
    parser.add_argument("--quick", action="store_true", help="small amounts: rough figures; nothing is written")
    parser.add_argument("--output", type=Path, help=f"default: benchmarks/{RESULTS.name}, unless quick")
    return parser


def _peers(text: str) -> list[str]:
    return list(ANCHORS) if text == "anchors" else _some_of(CONTENDERS)(text)


def _some_of(known: Collection[str]) -> Callable[[str], list[str]]:
    def names(text: str) -> list[str]:
        wanted = [name for name in text.split(",") if name]
        if unknown := [name for name in wanted if name not in known]:
            raise argparse.ArgumentTypeError(f"there is no {unknown[0]!r}; known: {', '.join(known)}")
        return wanted

    return names


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
