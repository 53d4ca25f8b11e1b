"""What a child process that reads a video may use."""

from __future__ import annotations

from msgspec import Struct

MEBIBYTE = 1024 * 1024


class Limits(Struct, frozen=True, kw_only=True):
    """What one child process may use."""

    wall_seconds: float
    """By a clock that stands still while the machine sleeps."""
    cpu_seconds: int
    """Of all its threads together."""
    memory: int = 1024 * MEBIBYTE
    """Bytes of address space; not enforced on macOS."""
    file_bytes: int = 0
    """Size of the largest file it may write; 0 forbids to write."""
    open_files: int = 64


PROBE_LIMITS = Limits(wall_seconds=60, cpu_seconds=30, memory=2048 * MEBIBYTE, file_bytes=2 * MEBIBYTE)


def analysis_limits(duration: float) -> Limits:
    """Allow for decoding all of a video of `duration` seconds, on a slow machine with little to spare."""
    return Limits(wall_seconds=120 + 10 * duration, cpu_seconds=round(120 + 20 * duration), memory=2048 * MEBIBYTE)


def reading_limits(duration: float, looks: int) -> Limits:
    """The same, with `looks` pictures to be read besides: that takes half a minute each on a very slow machine."""
    decoding = analysis_limits(duration)
    return Limits(
        wall_seconds=decoding.wall_seconds + 30 * looks,
        cpu_seconds=decoding.cpu_seconds + 60 * looks,
        memory=4096 * MEBIBYTE,
        open_files=128,
    )
