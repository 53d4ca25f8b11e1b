"""File systems in files, mounted."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ctypes.util import find_library
from pathlib import Path

from benchmarks.torture.trial import NotRun

ROOT = Path(__file__).parents[2]
_PATIENCE = 10.0


def require_mounts() -> None:
    """Raises NotRun, saying what is missing for recorded disks."""
    has_library = "FUSE_LIBRARY_PATH" in os.environ or find_library("fuse3") or find_library("fuse")
    missing = {
        "Linux": sys.platform == "linux",
        "root": os.geteuid() == 0,
        "/dev/fuse": Path("/dev/fuse").exists(),
        "loop devices": Path("/dev/loop-control").exists(),
        "mkfs.ext4 (apt install e2fsprogs)": shutil.which("mkfs.ext4"),
        "libfuse (apt install fuse3)": has_library,
        "mfusepy (python3 dev torture installs it)": importlib.util.find_spec("mfusepy"),
    }
    if lacks := [name for name, there in missing.items() if not there]:
        raise NotRun(f"this machine has no {', no '.join(lacks)}")


def make_ext4(image: Path, megabytes: int) -> None:
    """Make a file that holds an empty ext4."""
    with open(image, "wb") as file:
        file.truncate(megabytes << 20)
    _run("mkfs.ext4", "-q", "-F", str(image))


@contextmanager
def recorded(image: Path, log: Path, at: Path) -> Iterator[Path]:
    """A copy of the image as a file whose writes and flushes are logged."""
    at.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.torture.recorder", str(image), str(log), str(at)], cwd=ROOT
    )
    try:
        deadline = time.monotonic() + _PATIENCE
        while not (at / "disk").exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise NotRun("a FUSE file system cannot be mounted here")
            time.sleep(0.01)
        yield at / "disk"
    finally:
        with suppress(subprocess.CalledProcessError):
            _run("umount", str(at))
        process.terminate()
        process.wait()
        at.rmdir()


@contextmanager
def mounted(image: Path, at: Path) -> Iterator[Path]:
    """The file system in an image, repaired from its journal as after a power cut."""
    at.mkdir()
    try:
        _run("mount", "-o", "loop", str(image), str(at))
        try:
            yield at
        finally:
            _run("umount", str(at))
    finally:
        at.rmdir()


@contextmanager
def small_disk(at: Path, options: str) -> Iterator[None]:
    """A disk in memory with so much room."""
    at.mkdir()
    _run("mount", "-t", "tmpfs", "-o", options, "longtake", str(at))
    try:
        yield
    finally:
        _run("umount", "--lazy", str(at))
        at.rmdir()


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
