"""The waiting line: which pending job starts next. Pure: time comes in as an argument."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from longtake.job import Job, JobSummary

SECONDS_A_POINT = 600.0
"""One point of priority weighs as much as ten minutes of waiting, so that nothing waits for ever."""


@dataclass(frozen=True, order=True)
class Place:
    """Where a job stands in the line; lower ranks go first."""

    rank: float
    job_id: str
    kind: str = field(compare=False)


class WaitingLine:
    """Pending jobs in the order in which they start: higher priority first, then the longest waiting."""

    def __init__(self) -> None:
        self._later: list[tuple[float, Place]] = []
        self._ready: dict[str, list[Place]] = {}
        self._places: dict[str, Place] = {}

    def __len__(self) -> int:
        """How many jobs wait."""
        return len(self._places)

    def __contains__(self, job_id: str) -> bool:
        """Whether this job waits."""
        return job_id in self._places

    def has(self, may_start: Callable[[str], bool]) -> bool:
        """Whether a job of such a kind waits."""
        return any(may_start(place.kind) for place in self._places.values())

    def add(self, job: Job | JobSummary) -> None:
        """Put a pending job in the line, or move it to its new place."""
        since = (job.run_at or job.created_at).timestamp()
        place = Place(since - job.priority * SECONDS_A_POINT, job.id, job.kind)
        self._places[job.id] = place
        due = since if job.run_at else -math.inf  # a clock turned back since it was made does not hold it up
        heapq.heappush(self._later, (due, place))

    def put_back(self, place: Place) -> None:
        """Put a job that was taken out and could not start at its place again."""
        self._places[place.job_id] = place
        heapq.heappush(self._ready.setdefault(place.kind, []), place)

    def remove(self, job_id: str) -> None:
        """Take a job out of the line."""
        self._places.pop(job_id, None)

    def next(self, now: datetime, may_start: Callable[[str], bool]) -> Place | None:
        """Take out the job that starts now: the first that is due and whose kind may start; None if there is none."""
        self._ripen(now)
        heads = [heap[0] for kind, heap in self._ready.items() if self._prune(heap) and may_start(kind)]
        if not heads:
            return None
        place = min(heads)
        heapq.heappop(self._ready[place.kind])
        del self._places[place.job_id]
        return place

    def next_due(self, now: datetime) -> float | None:
        """Time (seconds since 1970) when the next job becomes due that is not yet; None when none waits for a time."""
        self._ripen(now)
        while self._later and self._places.get(self._later[0][1].job_id) is not self._later[0][1]:
            heapq.heappop(self._later)
        return self._later[0][0] if self._later else None

    def _ripen(self, now: datetime) -> None:
        limit = now.timestamp()
        while self._later and self._later[0][0] <= limit:
            place = heapq.heappop(self._later)[1]
            if self._places.get(place.job_id) is place:
                heapq.heappush(self._ready.setdefault(place.kind, []), place)

    def _prune(self, heap: list[Place]) -> bool:
        """Drop places given up; whether any is left."""
        while heap and self._places.get(heap[0].job_id) is not heap[0]:
            heapq.heappop(heap)
        return bool(heap)
