"""Providers and their callers in a time of their own: minutes pass in milliseconds, and always in the same way."""

from __future__ import annotations

import heapq
import itertools
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from app.models.limits.limit import Limit
from app.models.limits.pace import Pace, Sent

USUAL = Limit(at_once=8)
_START = 7.0
"""Seconds: not the beginning of anybody's minute."""
_TICK = 1e-6


class Provider(Protocol):
    """Takes calls in, or says how long to wait."""

    def too_often(self, now: float) -> float | None:
        """None when the call is taken in, else the seconds until another is welcome."""
        ...


@dataclass
class SlidingWindow:
    """At most so many in any minute, as the stand-in counts."""

    rpm: int
    _taken: deque[float] = field(default_factory=deque)

    def too_often(self, now: float) -> float | None:
        while self._taken and now - self._taken[0] >= 60:
            self._taken.popleft()
        if len(self._taken) >= self.rpm:
            return 60 - (now - self._taken[0])
        self._taken.append(now)
        return None


@dataclass
class FixedWindow:
    """At most so many in each minute of its clock."""

    rpm: int
    _minute: int = -1
    _taken: int = 0

    def too_often(self, now: float) -> float | None:
        if int(now // 60) != self._minute:
            self._minute, self._taken = int(now // 60), 0
        if self._taken >= self.rpm:
            return 60 - now % 60
        self._taken += 1
        return None


@dataclass
class TokenBucket:
    """An even flow, with a few at once."""

    rpm: int
    size: float = 3.0
    _level: float = 3.0
    _at: float = 0.0

    def too_often(self, now: float) -> float | None:
        self._level = min(self.size, self._level + (now - self._at) * self.rpm / 60)
        self._at = now
        if self._level < 1:
            return (1 - self._level) * 60 / self.rpm
        self._level -= 1
        return None


@dataclass
class Silent:
    """Refuses without saying for how long."""

    inner: Provider

    def too_often(self, now: float) -> float | None:
        return None if self.inner.too_often(now) is None else -1.0


@dataclass
class Outcome:
    """What came of a batch."""

    seconds: float
    answered: int
    refused: list[float]
    """When."""

    def refused_after(self, moment: float) -> float:
        """The share of refusals among all calls after a moment."""
        late = sum(at > moment for at in self.refused)
        return late / (self.answered + late)


class Batch:
    """Cells that ask a provider, as many at once as the limit says, over a network that takes its time."""

    def __init__(self, provider: Provider, cells: int, *, limit: Limit = USUAL, latency: float = 2.0) -> None:
        self._provider = provider
        self._ready = cells
        self._free = limit.at_once or 1
        self._latency = latency
        self._pace = Pace(limit)
        self._chance = random.Random(5)
        self._numbers = itertools.count()
        self._events: list[tuple[float, int, Callable[[float], None]]] = []
        self._due = float("inf")
        self._outcome = Outcome(0.0, 0, [])

    def run(self) -> Outcome:
        """Ask until all are answered."""
        self._at(_START, self._look)
        while self._events:
            now, _, act = heapq.heappop(self._events)
            act(now)
        return self._outcome

    def _at(self, moment: float, act: Callable[[float], None]) -> None:
        heapq.heappush(self._events, (moment, next(self._numbers), act))

    def _look(self, now: float) -> None:
        if now >= self._due:
            self._due = float("inf")
        while self._ready and self._free:
            wait = self._pace.wait(now)
            if wait is not None:
                self._look_again(now + wait.seconds + _TICK)
                return
            self._ready -= 1
            self._free -= 1
            self._at(now + self._travel(), partial(self._arrive, self._pace.send(now)))

    def _look_again(self, moment: float) -> None:
        if moment < self._due:
            self._due = moment
            self._at(moment, self._look)

    def _arrive(self, sent: Sent, now: float) -> None:
        delay = self._provider.too_often(now)
        back = now + self._travel()
        if delay is not None:
            self._at(back, partial(self._refused, sent, None if delay < 0 else delay))
            return
        self._at(back, partial(self._accepted, sent))
        self._at(back + self._latency, self._finished)

    def _accepted(self, sent: Sent, now: float) -> None:
        self._pace.accepted(sent)
        self._look(now)

    def _refused(self, sent: Sent, delay: float | None, now: float) -> None:
        self._outcome.refused.append(now - _START)
        self._pace.refused(now, sent, delay)
        self._ready += 1
        self._free += 1
        self._look(now)

    def _finished(self, now: float) -> None:
        self._free += 1
        self._outcome.answered += 1
        self._outcome.seconds = now - _START
        self._look(now)

    def _travel(self) -> float:
        return self._chance.uniform(0.01, 0.08)
