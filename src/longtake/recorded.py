"""What a journal means: of the lines with one name the last one counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from longtake.job import Step

KEPT: Final = "kept"
"""Stands in the place of the hash of arguments for a value that a handler kept, not made by a step."""
FORGOTTEN: Final = "forgotten"
"""The same for a step that is to be done again."""


def latest(journal: Iterable[Step]) -> dict[str, Step]:
    """The line that counts for each name, forgotten ones left out."""
    return {name: step for name, step in _last(journal).items() if step.args != FORGOTTEN}


def finished(journal: Iterable[Step]) -> list[Step]:
    """The steps that are done, in the order of the journal: no kept values, nothing forgotten or replaced."""
    return sorted((s for s in latest(journal).values() if s.args != KEPT), key=lambda step: step.number)


def kept_values(lines: Mapping[str, Step]) -> dict[str, Any]:
    """What a handler kept, by name, out of the lines that count."""
    return {name: step.value for name, step in lines.items() if step.args == KEPT}


def to_forget(journal: Sequence[Step], names: Iterable[str]) -> list[str]:
    """The names whose lines make these steps be done again: their own, and `<name> …` for what they kept."""
    prefixes = tuple(names)
    return [
        name for name in latest(journal) if any(name == prefix or name.startswith(f"{prefix} ") for prefix in prefixes)
    ]


def _last(journal: Iterable[Step]) -> dict[str, Step]:
    return {step.name: step for step in journal}
