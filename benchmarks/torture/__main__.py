"""`python3 dev torture [NAME…] [--short]`: the long reliability runs, each with its negative controls."""

from __future__ import annotations

import argparse
import logging
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.torture import (
    api,
    cancels,
    damage,
    disk,
    kills,
    model,
    power_loss,
    races,
    resumes,
    sleeps,
    starts,
    syscalls,
)
from benchmarks.torture.trial import Harness, NotRun, Outcome, Trial

HARNESSES = {
    "kills": kills.HARNESS,
    "syscalls": syscalls.HARNESS,
    "power": power_loss.HARNESS,
    "power-btrfs": power_loss.ON_BTRFS,
    "power-xfs": power_loss.ON_XFS,
    "disk": disk.HARNESS,
    "damage": damage.HARNESS,
    "model": model.HARNESS,
    "resumes": resumes.HARNESS,
    "cancels": cancels.HARNESS,
    "starts": starts.HARNESS,
    "sleeps": sleeps.HARNESS,
    "races": races.HARNESS,
    "api": api.HARNESS,
}
SHOWN = 10
"""Violations printed of each run."""


def main(words: Sequence[str]) -> int:
    """Run the harnesses of these names, or all; returns 1 when a promise is broken or a control stays green."""
    parser = _parser()
    options = parser.parse_args(words)
    if unknown := sorted(set(options.names) - HARNESSES.keys()):
        parser.error(f"There is no run {unknown[0]!r}. Known: {', '.join(HARNESSES)}.")
    print(
        f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.release()}, {os.cpu_count()} processors, {_memory()}"
    )
    logging.disable(logging.CRITICAL)  # the library says what it finds; here that is thousands of damaged files
    good = True
    for name in options.names or HARNESSES:
        harness = HARNESSES[name]
        number = options.number or (harness.short if options.short else harness.long)
        seed = random.randrange(1_000_000) if options.seed is None else options.seed
        print(f"\n{name}: {harness.promise}\n  {number:,} {harness.unit}, seed {seed}", flush=True)
        try:
            good = _keeps_its_promise(harness, number, seed) and good
            for protection in harness.protections:
                good = _turns_red(harness, protection, seed) and good
        except NotRun as reason:
            print(f"  not run: {reason}", flush=True)
    return 0 if good else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev torture", description="Long reliability runs of the job library.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which of {', '.join(HARNESSES)}; all if none")
    parser.add_argument("--short", action="store_true", help="seconds, not hours")
    parser.add_argument("--number", type=int, help="so many, whatever is counted: kills, images, mutated files …")
    parser.add_argument("--seed", type=int, help="as an earlier run printed it")
    return parser


def _keeps_its_promise(harness: Harness, number: int, seed: int) -> bool:
    outcome, seconds = _timed(harness, number, seed, without=None)
    for what, count in outcome.counts.items():
        print(f"  {what}: {count:,}")
    print(f"  violations: {len(outcome.violations):,}  ({seconds:,.1f} s)", flush=True)
    for violation in outcome.violations[:SHOWN]:
        print(f"    {violation}", flush=True)
    return not outcome.violations


def _turns_red(harness: Harness, protection: str, seed: int) -> bool:
    outcome, seconds = _timed(harness, harness.control, seed, without=protection)
    found = len(outcome.violations)
    verdict = "red, as it must be" if found else "GREEN: this harness proves nothing"
    print(f"  control, {harness.control:,} {harness.unit} without {protection}:")
    print(f"    {found:,} violations: {verdict}  ({seconds:,.1f} s)", flush=True)
    if found:
        print(f"    such as: {outcome.violations[0]}", flush=True)
    return found > 0


def _timed(harness: Harness, number: int, seed: int, *, without: str | None) -> tuple[Outcome, float]:
    begun = time.perf_counter()
    with _folder() as folder:
        outcome = harness.run(Trial(folder=folder, number=number, seed=seed, without=without))
    return outcome, time.perf_counter() - begun


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder for one run."""
    with tempfile.TemporaryDirectory(prefix="longtake-torture-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
