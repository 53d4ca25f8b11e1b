"""The figures as tables: medians with their range, beside ours, and what the goals say of them."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import median

from benchmarks.contenders import CONTENDERS, DURABILITY, US, Contender
from benchmarks.environments import version_of
from benchmarks.goals import verdicts
from benchmarks.rounds import Gathered

_HOW_TO_READ = """Median [lowest to highest] of the rounds; behind it how we compare: "2 x" means that we are twice as
good as the peer, "0.5 x" half as good. Every peer runs with its default settings. Nothing is deleted before the end of
a run: for some minutes after thousands of deletions ext4 makes new files at half the speed, and only we make a file for
each job."""
_MORE_IS_BETTER = "/s)"


def report(gathered: Gathered, contenders: Sequence[Contender], command: str, load: tuple[float, float]) -> str:
    """All of it, as Markdown."""
    parts = [
        "# Longtake beside its peers",
        _circumstances(gathered, command, load),
        "## The contenders",
        _who(gathered, contenders),
        "## What the machine can do at best",
        _limits(gathered),
        "## Figures",
        _HOW_TO_READ,
        *(_figure(gathered, contenders, figure) for figure in _figures(gathered)),
        _without(gathered),
        "## Goals",
        verdicts(gathered),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _circumstances(gathered: Gathered, command: str, load: tuple[float, float]) -> str:
    system = f"{platform.system()} {platform.release()}, {os.cpu_count()} processors"
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return (
        f"- {datetime.now(UTC):%d %B %Y}, `{command}`\n- {system}, {versions}\n"
        f"- load (processes that want to run, mean of a minute): {load[0]:.1f} before, {load[1]:.1f} after; "
        f"from {os.cpu_count()} on, others compete with what is measured"
        + ("\n- quick: small amounts and few samples; too rough to be quoted" if "--quick" in command else "")
        + ("" if gathered.is_whole else "\n- stopped early: some figures are missing")
    )


def _who(gathered: Gathered, contenders: Sequence[Contender]) -> str:
    rows = ["| | version | keeps a job | server |", "|---|---|---|---|"]
    for contender in contenders:
        version = "this folder" if contender.name == US else f"{contender.package} {version_of(contender)}"
        why_not = gathered.reasons.get(contender.name, {}).get("")
        rows.append(
            f"| {contender.name} | {why_not or version} | {DURABILITY[contender.durability]} "
            f"| {contender.service or 'none'} |"
        )
    left_out = [name for name in CONTENDERS if name not in {contender.name for contender in contenders}]
    rest = ["", f"Left out of this run: {', '.join(left_out)}."] if left_out else []
    return "\n".join(rows + rest)


def _limits(gathered: Gathered) -> str:
    rows = ["| | per second |", "|---|---|"]
    return "\n".join([*rows, *(f"| {name} | {_spread(values)} |" for name, values in gathered.limits.items())])


def _figures(gathered: Gathered) -> list[str]:
    found = {figure: None for name in CONTENDERS for figure in gathered.samples.get(name, {})}
    return list(found)


def _without(gathered: Gathered) -> str:
    """What went wrong; what a peer cannot do stands in the tables."""
    rows = [
        f"- {name}, {what}: {why}"
        for name, reasons in gathered.reasons.items()
        for what, why in reasons.items()
        if why.startswith(("failed", "not through"))
    ]
    return "\n".join(["Went wrong:", "", *rows]) if rows else ""


def _figure(gathered: Gathered, contenders: Sequence[Contender], figure: str) -> str:
    ours = gathered.samples.get(US, {}).get(figure)
    rows = [f"| {figure} | |", "|---|---|"]
    for contender in contenders:
        values = gathered.samples.get(contender.name, {}).get(figure)
        if values:
            beside = "" if contender.name == US or not ours else f" ({_ratio(figure, median(ours), median(values))})"
            rows.append(f"| {contender.name} | {_spread(values)}{beside} |")
        elif why := gathered.why_not(contender.name, figure):
            rows.append(f"| {contender.name} | {why} |")
    return "\n".join(rows)


def _ratio(figure: str, ours: float, theirs: float) -> str:
    above, below = (ours, theirs) if figure.endswith(_MORE_IS_BETTER) else (theirs, ours)
    return f"{above / below:.2g} x" if above and below else "no ratio"


def _spread(values: Sequence[float]) -> str:
    middle = _short(median(values))
    return middle if len(values) == 1 else f"{middle} [{_short(min(values))} to {_short(max(values))}]"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
