"""A run split over the processors."""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

from benchmarks.torture.trial import Outcome, Trial

WORTH_SPLITTING = 10_000
SEEDS_EACH = 1_000_000
"""So far apart are the seeds of the shares; a share may use several."""


def shared(run: Callable[[Trial], Outcome], trial: Trial) -> Outcome:
    """Run it in a process for each processor, each with its share of the number; a small one runs here."""
    processes = os.cpu_count() or 1
    if trial.number < WORTH_SPLITTING or processes == 1:
        return run(trial)
    shares = [_share(trial, n, processes) for n in range(processes)]
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawning, initializer=_be_silent) as pool:
        outcomes = list(pool.map(run, shares))
    counts: Counter[str] = Counter()
    for outcome in outcomes:
        counts.update(outcome.counts)
    return Outcome(counts=counts, violations=[text for outcome in outcomes for text in outcome.violations])


def _share(trial: Trial, n: int, processes: int) -> Trial:
    number = trial.number // processes + (n < trial.number % processes)
    folder = trial.folder / str(n)
    folder.mkdir()
    return replace(trial, folder=folder, number=number, seed=trial.seed + n * SEEDS_EACH)


def _be_silent() -> None:
    logging.disable(logging.CRITICAL)
