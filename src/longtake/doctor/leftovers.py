"""What lies about in the folder of a queue."""

from __future__ import annotations

from pathlib import Path

from longtake.doctor.check import Check
from longtake.stores.folder import JobFolder

LARGEST_LOG = 100_000_000


def look_at_quarantine(folder: Path) -> Check:
    """Whether damaged files were set aside."""
    quarantine = folder / "quarantine"
    names = sorted(entry.name for entry in quarantine.iterdir()) if quarantine.is_dir() else []
    damaged = [name for name in names if not name.endswith(".reason.txt")]
    if not damaged:
        return Check(name="Damaged jobs", ok=True, detail="None.")
    remedy = "Each has its reason beside it. Mend and move back what you need, and delete the rest."
    lie = "1 file is" if len(damaged) == 1 else f"{len(damaged)} files are"
    return Check(name="Damaged jobs", ok=False, detail=f"{lie} in {quarantine}.", fix=remedy)


def look_at_leftovers(folder: Path) -> Check:
    """Whether processes that died left files behind, and whether the worker's log has grown large."""
    left = [path for paths in JobFolder(folder).leftovers() for path in paths]
    log = folder / "run" / "worker.log"
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        detail = f"{log} has grown to {log.stat().st_size / 1e6:.0f} MB."
        return Check(name="Leftovers", ok=False, detail=detail, fix="Delete it while no worker runs.")
    if left:
        files, them = ("1 file", "it") if len(left) == 1 else (f"{len(left)} files", "them")
        detail = f"{files} of processes that died; the next worker that starts deletes {them}."
        return Check(name="Leftovers", ok=True, detail=detail)
    return Check(name="Leftovers", ok=True, detail="None.")
