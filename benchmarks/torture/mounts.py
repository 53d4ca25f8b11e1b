"""File systems in files, mounted."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path

from benchmarks.torture.trial import NotRun

ROOT = Path(__file__).parents[2]
_PATIENCE = 10.0


@dataclass(frozen=True)
class FileSystem:
    """One that a disk may have."""

    name: str
    megabytes: int
    """About the least that it takes."""
    make: Sequence[str]
    package: str
    options: str = ""
    """For each mount."""

    def is_known(self) -> bool:
        """Whether this kernel has it."""
        return f"\t{self.name}\n" in Path("/proc/filesystems").read_text()


EXT4 = FileSystem("ext4", 16, ("mkfs.ext4", "-q", "-F"), "e2fsprogs")
BTRFS = FileSystem("btrfs", 128, ("mkfs.btrfs", "-q", "-f", "--mixed"), "btrfs-progs")
XFS = FileSystem("xfs", 320, ("mkfs.xfs", "-q", "-f"), "xfsprogs", options=",nouuid")


def require_mounts(system: FileSystem) -> None:
    """Raises NotRun, saying what is missing for recorded disks."""
    has_library = "FUSE_LIBRARY_PATH" in os.environ or find_library("fuse3") or find_library("fuse")
    missing = {
        "Linux": sys.platform == "linux",
        "root": os.geteuid() == 0,
        "/dev/fuse": Path("/dev/fuse").exists(),
        "loop devices": Path("/dev/loop-control").exists(),
        f"{system.make[0]} (apt install {system.package})": shutil.which(system.make[0]),
        f"{system.name} in its kernel": system.is_known(),
        "libfuse (apt install fuse3)": has_library,
        "mfusepy (python3 dev torture installs it)": importlib.util.find_spec("mfusepy"),
    }
    if lacks := [name for name, there in missing.items() if not there]:
        raise NotRun(f"this machine has no {', no '.join(lacks)}")


def make(image: Path, system: FileSystem) -> None:
    """Make a file that holds the file system, empty."""
    with open(image, "wb") as file:
        file.truncate(system.megabytes << 20)
    _run(*system.make, str(image))


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
def mounted(image: Path, at: Path, options: str = "") -> Iterator[Path]:
    """The file system in an image, repaired from its journal as after a power cut."""
    at.mkdir()
    try:
        _run("mount", "-o", f"loop{options}", str(image), str(at))
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
