"""Which versions are installed, and which extras."""

from __future__ import annotations

import importlib.util
import platform
import shlex
import sqlite3
import sys
from importlib.metadata import version

import longtake
from longtake.doctor.check import Check

EXTRAS = (
    ("wakepy", "awake", "keeps the computer awake while jobs run"),
    ("apprise", "notify", "sends notifications when jobs are finished"),
    ("cronsim", "cron", "submits jobs on a schedule"),
    ("fastapi", "fastapi", "brings the job API over HTTP"),
)
"""Module, extra that installs it, and what it does."""


def look_at_versions() -> Check:
    """What runs here."""
    parts = [
        f"longtake {longtake.__version__}",
        f"Python {platform.python_version()}",
        f"msgspec {version('msgspec')}",
        f"SQLite {sqlite3.sqlite_version}",
        f"{platform.system()} {platform.release()}",
    ]
    return Check(name="Versions", ok=True, detail=f"{', '.join(parts)}.")


def look_at_extra(module: str, extra: str, use: str) -> Check:
    """Whether an optional package is there; nothing is wrong when it is not."""
    if importlib.util.find_spec(module) is not None:
        return Check(name=module, ok=True, detail=f"Installed: {use}.")
    remedy = f"{shlex.quote(sys.executable)} -m pip install 'longtake[{extra}]'"
    return Check(name=module, ok=True, detail=f"Not installed; it {use}.", fix=remedy)
