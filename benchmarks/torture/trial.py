"""What a harness is given and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One run of a harness."""

    folder: Path
    """Empty, for whatever the run keeps."""
    number: int
    """How many kills, images, mutated files, …"""
    seed: int
    without: str | None = None
    """The protection that is taken out, for a control: a name in `protections`."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of it."""

    counts: Mapping[str, int]
    """What was done and seen, in the order to print."""
    violations: Sequence[str] = ()
    """Each broken promise in a sentence."""


class NotRun(Exception):
    """The harness cannot run on this machine, or has nothing to run; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Harness:
    """A reliability run and its negative controls."""

    promise: str
    unit: str
    """What `number` counts."""
    run: Callable[[Trial], Outcome]
    """Raises NotRun."""
    long: int
    short: int
    control: int
    """How many for a control: enough to turn red."""
    protections: Sequence[str]
    """Each control takes out one of these and must turn red."""

    def __post_init__(self) -> None:
        """Each must be one that can be taken out."""
        assert not isinstance(self.protections, str)
