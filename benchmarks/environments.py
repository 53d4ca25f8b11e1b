"""One environment a peer, under `.bench/`, pinned with hashes: `requirements/<name>.txt`, locked from `<name>.in`.

Lock one anew, in the project's folder, with `uv pip compile --universal --python-version=3.11 --generate-hashes
--no-header --no-annotate --output-file=benchmarks/requirements/<name>.txt benchmarks/requirements/<name>.in`.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.contenders import US, Contender

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT / ".bench"
REQUIREMENTS = Path(__file__).with_name("requirements")


class NotHere(Exception):
    """This contender cannot be run here; the text says why."""


def python_of(contender: Contender) -> Path:
    """The Python of the contender's environment, made when it is missing or its pins have changed.

    Raises:
        NotHere: it could not be installed.
    """
    if contender.name == US:
        return Path(sys.executable)
    home = BENCH / contender.name
    python = home / "bin" / "python"
    pins = REQUIREMENTS / f"{contender.name}.txt"
    wanted = hashlib.sha256(pins.read_bytes()).hexdigest()
    stamp = home / "pins"
    if stamp.is_file() and stamp.read_text() == wanted:
        return python
    print(f"Installing {contender.name} (once) …", file=sys.stderr, flush=True)
    _run(sys.executable, "-m", "venv", "--clear", home)
    uv = shutil.which("uv")
    install: list[str | Path] = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
    _run(*install, "--quiet", "--require-hashes", "--requirement", pins)
    stamp.write_text(wanted)
    return python


def version_of(contender: Contender) -> str:
    """The pinned version of the contender's main package."""
    for line in (REQUIREMENTS / f"{contender.name}.txt").read_text().splitlines():
        name, _, rest = line.partition("==")
        if name.partition("[")[0] == contender.package:
            return rest.split()[0]
    return "?"


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or "no message").splitlines()[-1]
        raise NotHere(f"could not be installed: {last[:120]}")
