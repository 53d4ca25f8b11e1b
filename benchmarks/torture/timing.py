"""Times against their bounds."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

ROUNDS = 3
"""A round in which the machine was busy with something else says nothing; a broken promise shows in every round."""
CALM = 2.0
"""Processes that want to run, for each processor: where more do, for a minute, times are shown and not judged."""


@dataclass(frozen=True)
class Bound:
    """What is promised of a time, in seconds."""

    what: str
    half: float
    """p50."""
    most: float
    """p99."""
    always: bool = False
    """Judge on a busy machine too, as a control must."""

    def broken_by(self, seconds: Sequence[float]) -> list[str]:
        """Sentences about what was not kept."""
        if not seconds or not (self.always or is_calm()):
            return []
        found = {"p50": (median(seconds), self.half), "p99": (p99(seconds), self.most)}
        return [
            f"{self.what}: {name} is {1000 * took:,.1f} ms, promised {1000 * bound:g} ms."
            for name, (took, bound) in found.items()
            if took > bound
        ]

    async def in_one_round(self, measure: Callable[[], Awaitable[list[float]]]) -> tuple[list[float], list[str]]:
        """Measure, again if it was broken; returns the best round, and what is wrong even in that."""
        rounds: list[tuple[int, list[float], list[str]]] = []
        for _ in range(ROUNDS):
            seconds = await measure()
            wrong = self.broken_by(seconds)
            rounds.append((len(wrong), seconds, wrong))
            if not wrong:
                break
        _, seconds, wrong = min(rounds, key=lambda round_: round_[0])
        return seconds, wrong


def is_calm() -> bool:
    """Whether times say something about us, and not about what else the machine does."""
    return os.getloadavg()[0] <= CALM * (os.cpu_count() or 1)


def p99(seconds: Sequence[float]) -> float:
    """So long at most in 99 of 100 cases; the longest of a few."""
    return quantiles(seconds, n=100, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]


def microseconds(what: str, seconds: Sequence[float]) -> dict[str, int]:
    """For the counts of a run."""
    if not seconds:
        return {}
    judged = {} if is_calm() else {"times not judged, load": int(os.getloadavg()[0])}
    return {f"{what}, p50, µs": int(1e6 * median(seconds)), f"{what}, p99, µs": int(1e6 * p99(seconds))} | judged
