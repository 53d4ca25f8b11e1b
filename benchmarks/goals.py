"""What we want to reach, each goal a ratio to a peer of the same run: must, and stretch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.contenders import US
from benchmarks.rounds import Gathered

Medians = Mapping[str, Mapping[str, float]]
Bound = Callable[[Medians], float]


@dataclass(frozen=True)
class Goal:
    """One figure of ours against two bounds."""

    name: str
    figure: str
    must: Bound
    stretch: Bound
    says: str
    """Both bounds in words."""
    more_is_better: bool = False

    def verdict(self, medians: Medians) -> tuple[str, str, str]:
        """Our figure, must and stretch, each with its bound and how far we are from it."""
        ours = medians.get(US, {}).get(self.figure)
        if ours is None:
            return "not measured", "", ""
        return f"{ours:,.3g}", self._held(ours, self.must, medians), self._held(ours, self.stretch, medians)

    def _held(self, ours: float, bound: Bound, medians: Medians) -> str:
        try:
            value = bound(medians)
        except KeyError as missing:
            return f"{missing.args[0]} is not measured"
        held = ours >= value if self.more_is_better else ours <= value
        better, worse = (ours, value) if self.more_is_better else (value, ours)
        ratio = f", {better / worse:.2g} x" if better and worse else ""
        return f"{'**met**' if held else 'missed'}{ratio} ({'≥' if self.more_is_better else '≤'} {value:,.3g})"


def _times(factor: float, peer: str, figure: str) -> Bound:
    return lambda medians: factor * medians[peer][figure]


def _highest(*bounds: Bound) -> Bound:
    return lambda medians: max(_known(bounds, medians))


def _lowest(*bounds: Bound) -> Bound:
    return lambda medians: min(_known(bounds, medians))


def _known(bounds: Sequence[Bound], medians: Medians) -> list[float]:
    """The bounds that were measured, or KeyError when none was."""
    values: list[float] = []
    missing: KeyError | None = None
    for bound in bounds:
        try:
            values.append(bound(medians))
        except KeyError as error:
            missing = error
    if missing is not None and not values:
        raise missing
    return values


def _fixed(value: float) -> Bound:
    return lambda _: value


def _ours(factor: float, figure: str, plus: float = 0.0) -> Bound:
    return lambda medians: factor * medians[US][figure] + plus


ONE, MANY = "submit, 1 at once (jobs/s)", "submit, 16 at once (jobs/s)"
POST, POST_P95 = "POST /jobs, 16 at once (jobs/s)", "POST /jobs, p95 (ms)"
START, START_P95 = "submit to start, p50 (ms)", "submit to start, p95 (ms)"
DRAIN, DRAIN_CPU = "drain (jobs/s)", "drain: processor (ms/job)"
REPORTS, SEEN = "progress (calls/s)", "progress until seen, p95 (ms)"
STREAM, BLOCKING = "event stream until seen, p95 (ms)", "cancel of blocking code, worst (ms)"
READ, ANEW = "100,000 stored: files read and parsed (s)", "100,000 stored: index made anew (s)"
RESUME, AGAIN = "resume after kill -9 (s)", "finished steps run again (of 3)"
CANCEL, CANCEL_P50 = "cancel of a running job, worst (ms)", "cancel of a running job, p50 (ms)"
LIST, FILTER = "100,000 stored: latest 50 (ms)", "100,000 stored: one status (ms)"
BEGIN, MEMORY = "{} stored: worker's start to first job (ms)", "{} stored: worker's memory (MB)"
IDLE, WEIGHT = "idle worker: processor (%)", "idle worker: memory (MB)"

GOALS = (
    Goal(
        "G1",
        ONE,
        _highest(_times(1, "saq", ONE), _times(1, "dramatiq", ONE), _times(0.35, "huey", ONE)),
        _times(0.7, "huey", ONE),
        "saq, dramatiq (where measured) and 0.35 of huey; 0.7 of huey",
        more_is_better=True,
    ),
    Goal("G2", MANY, _times(0.5, "huey", MANY), _times(1, "saq", MANY), "0.5 of huey; saq", more_is_better=True),
    Goal(
        "G3",
        POST,
        _times(0.3, "bgtasks", POST),
        _times(0.6, "bgtasks", POST),
        "0.3 of bgtasks; 0.6 of bgtasks",
        more_is_better=True,
    ),
    Goal("G3", POST_P95, _times(3, "bgtasks", POST_P95), _times(3, "bgtasks", POST_P95), "3 times bgtasks"),
    Goal(
        "G4",
        START,
        _lowest(_times(1, "pgqueuer", START), _times(0.05, "dbos", START)),
        _fixed(0.8 * 2.7),
        "pgqueuer and 0.05 of dbos; 2.2 ms (0.8 of taskiq, measured elsewhere)",
    ),
    Goal("G4", START_P95, _times(1, "pgqueuer", START_P95), _times(1, "pgqueuer", START_P95), "pgqueuer"),
    Goal("G5", DRAIN, _times(3, "dbos", DRAIN), _times(1, "saq", DRAIN), "3 times dbos; saq", more_is_better=True),
    Goal("G5", DRAIN_CPU, _times(0.5, "dbos", DRAIN_CPU), _times(0.5, "dbos", DRAIN_CPU), "0.5 of dbos"),
    Goal("G6", REPORTS, _times(1, "rq", REPORTS), _times(10, "rq", REPORTS), "rq; 10 times rq", more_is_better=True),
    Goal("G6", SEEN, _times(2, "rq", SEEN), _times(2, "rq", SEEN), "twice rq"),
    Goal("G6", STREAM, _fixed(10), _fixed(10), "10 ms"),
    Goal("G7", RESUME, _times(1, "dbos", RESUME), _fixed(0.49), "dbos; 0.49 s (dbos tuned, measured elsewhere)"),
    Goal("G7", AGAIN, _fixed(0), _fixed(0), "none"),
    Goal(
        "G8",
        CANCEL,
        _times(4, "procrastinate", CANCEL_P50),
        _times(2, "procrastinate", CANCEL_P50),
        "4 times procrastinate's p50; twice it",
    ),
    Goal("G8", BLOCKING, _fixed(45), _fixed(45), "45 ms (5 times celery, measured elsewhere)"),
    Goal("G9", LIST, _times(1, "rq", LIST), _times(1, "dbos", LIST), "rq; dbos"),
    Goal("G9", FILTER, _times(1, "rq", FILTER), _times(1, "dbos", FILTER), "rq; dbos"),
    Goal(
        "G9",
        BEGIN.format("100,000"),
        _ours(1.5, BEGIN.format(0)),
        _ours(1.5, BEGIN.format(0)),
        "1.5 times our start without jobs",
    ),
    Goal(
        "G9",
        MEMORY.format("100,000"),
        _ours(1, MEMORY.format(0), plus=20),
        _ours(1, MEMORY.format(0), plus=20),
        "20 MB more than without jobs",
    ),
    Goal("G9", ANEW, _ours(1.5, READ), _ours(1.5, READ), "1.5 times reading and parsing all files"),
    Goal("G10", IDLE, _times(1, "bgtasks", IDLE), _fixed(0.1), "bgtasks; 0.1 %"),
    Goal("G10", WEIGHT, _times(1, "pgqueuer", WEIGHT), _times(1, "saq", WEIGHT), "pgqueuer; saq"),
)


def verdicts(gathered: Gathered) -> str:
    """A table of all goals."""
    medians = {
        name: {figure: median(values) for figure, values in figures.items()}
        for name, figures in gathered.samples.items()
    }
    rows = ["| | figure | ours | must | stretch | must; stretch, in words |", "|---|---|---|---|---|---|"]
    for goal in GOALS:
        ours, must, stretch = goal.verdict(medians)
        rows.append(f"| {goal.name} | {goal.figure} | {ours} | {must} | {stretch} | {goal.says} |")
    return "\n".join(rows)
