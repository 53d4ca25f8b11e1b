"""Rounds of measures, interleaved: in each round every measure goes over all contenders before the next begins."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.contenders import Contender
from benchmarks.environments import BENCH, ROOT, NotHere, python_of
from benchmarks.limits import raw_limits
from benchmarks.services import running

_BEGIN = {
    "": "?",
    "submits": "submit, ",
    "starts": "submit to start",
    "drain": "drain",
    "progress": "progress",
    "live": "event stream",
    "resume": "resume",
    "cancel": "cancel",
    "http": "POST",
    "kept": "10",
    "idle": "idle",
}
"""How the figures of each measure begin."""
ONCE = {"kept", "idle"}
"""Measures that take long and vary little: the first round only."""
LONGEST = 150.0
"""Seconds that one measure of one contender may take."""


@dataclass
class Gathered:
    """What came out so far, by contender and figure."""

    samples: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    reasons: dict[str, dict[str, str]] = field(default_factory=dict)
    """In words, why there is no figure; under the name of the figure, of the measure, or "" for all."""
    limits: dict[str, list[float]] = field(default_factory=dict)
    hopeless: set[tuple[str, str]] = field(default_factory=set)
    """Contenders and measures that gave no figure: not tried again in later rounds."""
    is_whole: bool = True
    """Whether the rounds came to their end."""

    def take(self, name: str, figures: Mapping[str, float | str]) -> None:
        """Add what one measure of a contender gave."""
        for figure, value in figures.items():
            if isinstance(value, str):
                self.reasons.setdefault(name, {})[figure] = value
            else:
                self.samples.setdefault(name, {}).setdefault(figure, []).append(value)

    def why_not(self, name: str, figure: str) -> str:
        """Why there is no such figure of a contender; empty if it was not asked for."""
        reasons = self.reasons.get(name, {})
        return reasons.get(figure) or next(
            (why for what, why in reasons.items() if figure.startswith(_BEGIN.get(what, "?"))), ""
        )


def gather(
    contenders: Sequence[Contender], measures: Sequence[str], rounds: int, until: float, *, quick: bool
) -> Gathered:
    """Measure all that can be measured here, in so many rounds; none but the first goes on after `until` (monotonic).

    Ctrl-C ends it early with what there is.
    """
    gathered = Gathered()
    with _folder_of_run() as run:
        here = _installed(contenders, gathered, run)
        try:
            for number in range(1, rounds + 1):
                for measure, contender in _one_round(number, here, measures, gathered):
                    if number > 1 and time.monotonic() > until:
                        return gathered
                    print(f"round {number}: {measure} of {contender.name}", file=sys.stderr, flush=True)
                    figures = _measured(contender, measure, _new_folder(run), quick=quick)
                    gathered.take(contender.name, figures)
                    if all(isinstance(value, str) for value in figures.values()):
                        gathered.hopeless.add((contender.name, measure))
                for limit, rate in raw_limits(_new_folder(run)).items():
                    gathered.limits.setdefault(limit, []).append(rate)
        except KeyboardInterrupt:
            gathered.is_whole = False
    return gathered


def _one_round(
    number: int, contenders: Sequence[Contender], measures: Sequence[str], gathered: Gathered
) -> Iterator[tuple[str, Contender]]:
    """What is to be measured, in this order."""
    for measure in measures:
        if measure in ONCE and number > 1:
            continue
        for contender in contenders:
            if (contender.name, measure) not in gathered.hopeless:
                yield measure, contender


def _installed(contenders: Sequence[Contender], gathered: Gathered, run: Path) -> list[Contender]:
    here: list[Contender] = []
    for contender in contenders:
        try:
            with running(contender.service, _new_folder(run)):
                python_of(contender)
        except NotHere as reason:
            gathered.take(contender.name, {"": f"not run: {reason}"})
        else:
            here.append(contender)
    return here


def _measured(contender: Contender, measure: str, folder: Path, *, quick: bool) -> dict[str, float | str]:
    try:
        with running(contender.service, folder) as address:
            return _measured_with(contender, measure, folder, address, quick=quick)
    except NotHere as reason:
        return {measure: f"failed: {reason}"}


def _measured_with(
    contender: Contender, measure: str, folder: Path, address: str, *, quick: bool
) -> dict[str, float | str]:
    environment = {
        **os.environ,
        "BENCH_FOLDER": str(folder),
        "BENCH_ADDRESS": address,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
    }
    words = [
        str(python_of(contender)),
        "-m",
        "benchmarks.one",
        contender.name,
        measure,
        *(["--quick"] if quick else []),
    ]
    child = subprocess.Popen(
        words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, process_group=0
    )
    try:
        out, err = child.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        _interrupt(child)
        return {measure: f"not through within {LONGEST:g} s"}
    except KeyboardInterrupt:
        _interrupt(child)
        raise
    if child.returncode:
        print(err.decode(errors="replace")[-2000:], file=sys.stderr)
        return {measure: f"failed: {(err.decode(errors='replace').strip() or '?').splitlines()[-1][:100]}"}
    figures: dict[str, float | str] = json.loads(out.splitlines()[-1])
    return figures


def _interrupt(child: subprocess.Popen[bytes]) -> None:
    """Let it end its worker on its way out; Ctrl-C itself reaches only this process."""
    child.send_signal(signal.SIGINT)
    child.communicate()


@contextmanager
def _folder_of_run() -> Iterator[Path]:
    """On the disk of the project, not in memory as /tmp may be.

    Nothing in it is deleted before the end: for minutes after thousands of deletions ext4 is slow to make new files,
    and what one contender leaves must not slow the next.
    """
    BENCH.mkdir(exist_ok=True)
    (BENCH / ".gitignore").write_text("*\n", encoding="ascii")
    with tempfile.TemporaryDirectory(prefix="run-", dir=BENCH, ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)  # noqa: S103 (PostgreSQL may run as another user)
        yield Path(folder)


def _new_folder(run: Path) -> Path:
    folder = Path(tempfile.mkdtemp(dir=run))
    os.chmod(folder, 0o755)  # noqa: S103 (as above)
    return folder
