"""The long reliability runs, in their short form: each keeps its promise, and turns red without what it tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.torture.__main__ import HARNESSES

ROOT = Path(__file__).parents[1]
REPEATABLE = "1"


def torture(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.torture", *words, "--seed", REPEATABLE]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", HARNESSES)
def test_a_run_keeps_its_promise_and_its_controls_turn_red(name: str) -> None:
    done = torture(name, "--short")
    if "not run:" in done.stdout:
        pytest.skip(done.stdout.partition("not run: ")[2].strip())
    assert done.returncode == 0, done.stdout + done.stderr
    assert "violations: 0 " in done.stdout
    print(done.stdout)
    assert "red, as it must be" in done.stdout
    assert "GREEN" not in done.stdout


def test_an_unknown_name_is_an_error_that_lists_the_known_ones() -> None:
    done = torture("earthquakes")
    assert done.returncode == 2
    assert ", ".join(HARNESSES) in done.stderr
