"""strace, attached to a process: counts system calls, or makes the n-th one fail."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.torture.trial import NotRun

CHANGING = (
    *("openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "fallocate"),
    *("rename", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir"),
)
"""System calls by which a process changes the disk, and those by which it gets at files."""


def require_strace() -> None:
    """Raises NotRun."""
    if not shutil.which("strace"):
        raise NotRun("this machine has no strace (apt install strace)")


@contextmanager
def traced(pid: int, log: Path, *options: str) -> Iterator[None]:
    """The process and its future children under strace while inside; each child counts its calls by itself."""
    command = ["strace", "-f", "-p", str(pid), "-o", str(log), "-e", f"trace={','.join(CHANGING)}", *options]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert tracer.stderr is not None
    try:
        said = tracer.stderr.readline()
        if "attached" not in said:
            raise NotRun(f"strace cannot trace here: {said.strip()}")
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.communicate()


def calls_of_children(log: Path, parent: int) -> list[Counter[str]]:
    """How often each child made each of the calls."""
    made: dict[str, Counter[str]] = {}
    for line in log.read_text().splitlines():
        pid, _, rest = line.partition(" ")
        name = rest.strip().partition("(")[0]
        if int(pid) != parent and name in CHANGING:
            made.setdefault(pid, Counter())[name] += 1
    return list(made.values())
