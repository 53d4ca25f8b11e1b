"""The state machine of tests/test_model.py, run for long."""

from __future__ import annotations

import importlib
import sys
import traceback
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, run_state_machine_as_test

from benchmarks.torture import protections
from benchmarks.torture.place import ROOT, quick_folder
from benchmarks.torture.shares import shared
from benchmarks.torture.trial import Harness, NotRun, Outcome, Trial

TESTS = ROOT / "tests"
LIVES = 200
"""Lives of a store in one go; the next go has the next seed."""
STEPS_IN_A_LIFE = 50


def run(trial: Trial) -> Outcome:
    """Run it, life after life, until so many steps are done or one is not as the model has it."""
    return shared(_run, trial)


def _run(trial: Trial) -> Outcome:
    lives = _machine()
    steps = goes = 0

    class Counted(lives):  # type: ignore[valid-type, misc]  # the class comes from a file of tests
        @invariant()
        def count(self) -> None:
            nonlocal steps
            steps += 1

    violations: list[str] = []
    with quick_folder() as folder, mock.patch("tempfile.tempdir", str(folder)), protections.taken_out(trial.without):
        while steps < trial.number and not violations:
            wanted = min(LIVES, 1 + (trial.number - steps) // STEPS_IN_A_LIFE)
            try:
                run_state_machine_as_test(seed(trial.seed + goes)(Counted), settings=_without_shrinking(wanted))
            except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 (whatever the machine stumbles on)
                where = traceback.extract_tb(error.__traceback__)[-1]
                violations.append(f"After {steps} steps, with seed {trial.seed + goes}: {error!r} at {where.line!r}")
            goes += 1
    return Outcome(counts={"steps": steps, "seeds": goes}, violations=violations)


def _machine() -> type[RuleBasedStateMachine]:
    if not (TESTS / "test_model.py").exists():
        raise NotRun("tests/test_model.py is not there")
    with mock.patch.object(sys, "path", [str(TESTS), *sys.path]):
        machine: type[RuleBasedStateMachine] = importlib.import_module("test_model").Lives
    return machine


def _without_shrinking(lives: int) -> settings:
    """The test beside it makes a failure small; here it only must be found."""
    return settings(
        max_examples=lives,
        stateful_step_count=STEPS_IN_A_LIFE,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )


HARNESS = Harness(
    promise="the store against a model: submit, run, cancel, retry, delete, crash, clock jump, sleep: no divergence",
    unit="steps",
    run=run,
    long=1_000_000,
    short=2_000,
    control=1_000,
    protections=("fencing of attempts",),
)
