"""What other programs may count on: the names, what an import costs, and the types."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import longtake

TESTS = Path(__file__).parent
IMPORTED = "import json, sys, longtake; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"


def test_all_names_are_sorted_and_complete() -> None:
    assert longtake.__all__ == sorted(longtake.__all__)
    public = {
        name
        for name, value in vars(longtake).items()
        if not name.startswith("_") and not inspect.ismodule(value) and name != "annotations"
    }
    assert public == set(longtake.__all__)


def test_every_public_name_says_what_it_is() -> None:
    for name in longtake.__all__:
        assert inspect.getdoc(getattr(longtake, name)), name


def test_importing_it_loads_the_standard_library_and_msgspec_and_nothing_else() -> None:
    said = subprocess.check_output([sys.executable, "-c", IMPORTED], text=True, timeout=20)
    before = subprocess.check_output([sys.executable, "-c", IMPORTED.replace(", longtake", "")], text=True, timeout=20)
    more = set(json.loads(said)) - set(json.loads(before)) - set(sys.stdlib_module_names)
    assert {name for name in more if not name.startswith("_sysconfigdata")} <= {
        "longtake",
        "msgspec",
        "typing_extensions",  # msgspec takes it where it is installed
    }


def test_importing_it_does_not_load_what_only_a_worker_or_few_programs_need() -> None:
    program = IMPORTED.replace(".partition('.')[0]", "")
    loaded = set(json.loads(subprocess.check_output([sys.executable, "-c", program], text=True, timeout=20)))
    before = program.replace(", longtake", "")
    loaded -= set(json.loads(subprocess.check_output([sys.executable, "-c", before], text=True, timeout=20)))
    heavy = {"longtake.worker", "longtake.attempt", "longtake.cli", "longtake.doctor", "longtake.testing"}
    rare = {"zoneinfo", "sysconfig", "tempfile", "shutil", "argparse", "multiprocessing", "email", "http", "ctypes"}
    assert loaded & (heavy | rare) == set()


def test_importing_it_takes_little_more_than_what_it_stands_on() -> None:
    """About 80 ms where asyncio and msgspec take 45: compared with them, so that a slow machine is no failure."""

    def fastest(modules: str, times: int = 5) -> float:
        program = f"import time; begun = time.process_time(); import {modules}; print(time.process_time() - begun)"
        return min(float(subprocess.check_output([sys.executable, "-c", program], timeout=60)) for _ in range(times))

    assert fastest("longtake") < 3 * fastest("asyncio, msgspec")


def test_the_extras_say_which_package_is_missing() -> None:
    program = "import sys; sys.modules['fastapi'] = None; import longtake.fastapi"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=20)
    assert "fastapi" in done.stderr.splitlines()[-1]


WRONG = re.compile(r"  # type: ignore\[(.+)\]$", re.MULTILINE)


def checked(file: Path, cache: Path) -> str:
    """What mypy finds in a file."""
    words = ["--strict", "--warn-unused-ignores", "--no-error-summary", "--follow-imports", "silent"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *words, "--hide-error-context", "--cache-dir", str(cache), str(file)],
        capture_output=True, text=True, check=False, cwd=TESTS.parent, timeout=170,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout


@pytest.mark.timeout(360)
def test_the_types_hold_what_they_promise(tmp_path: Path) -> None:
    """`typing/api.py` marks each wrong use with the error that mypy must find there, and no other."""
    assert checked(TESTS / "typing" / "api.py", tmp_path) == ""
    unmarked = tmp_path / "api.py"
    text = (TESTS / "typing" / "api.py").read_text()
    unmarked.write_text(WRONG.sub("", text))
    found = re.findall(r"api\.py:(\d+): error: .*\[([\w-]+)\]$", checked(unmarked, tmp_path), re.MULTILINE)
    marked = [(number, WRONG.search(line)) for number, line in enumerate(text.splitlines(), 1)]
    expected = {(str(number), code) for number, mark in marked if mark for code in mark[1].split(", ")}
    assert set(found) == expected
    assert len(expected) > 30
