"""A batch as a YAML file: what it says, and at which line, so that a complaint can point there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from app.cli.exits import Refused

_LARGEST = 1_000_000
"""Bytes."""
Where = tuple[str | int, ...]
"""The way to a value: names of a mapping, numbers in a list."""


@dataclass(frozen=True)
class BatchFile:
    """What a file says."""

    path: Path
    content: Mapping[str, Any]
    _lines: Mapping[Where, int]

    def complaint(self, where: Where, words: str) -> Refused:
        """An error to raise about a value, or about the nearest one around it."""
        while where and where not in self._lines:
            where = where[:-1]
        place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in where)
        return Refused(f"{self.path}, line {self._lines.get(where, 1)}: {f'{place}: ' if place else ''}{words}")


def read_batch_file(path: Path) -> BatchFile:
    """Read a file. Raises Refused when it cannot be read, or is no mapping in YAML."""
    text = _text(path)
    try:
        root = yaml.compose(text, yaml.SafeLoader)
        lines = dict(_lines_of(root, (), set())) if root is not None else {}
        content = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Refused(f"{path}, line {line}: this is no YAML: {error.problem or error.context}.") from None
    except _NotWanted as error:
        raise Refused(f"{path}, line {error.line}: {error}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise Refused(f"{path} is no YAML: {' '.join(str(error).split())}.") from None
    except RecursionError:
        raise Refused(f"{path} is nested too deeply.") from None
    file = BatchFile(path, content if isinstance(content, dict) else {}, lines)
    if not isinstance(content, dict):
        raise file.complaint((), "write videos:, prompts: and models:, each with a list below it.")
    return file


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise Refused(f"{path} is larger than {_LARGEST // 1_000_000} MB: is it a batch?")
        return data.decode()
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Refused(f"{path} is no text in UTF-8.") from None


class _NotWanted(Exception):
    """YAML that is right, and that a batch must not hold."""

    def __init__(self, node: yaml.Node, words: str) -> None:
        super().__init__(words)
        self.line = node.start_mark.line + 1


def _lines_of(node: yaml.Node, where: Where, seen: set[int]) -> Iterator[tuple[Where, int]]:
    """Every value and its line. Raises _NotWanted."""
    if id(node) in seen:
        # Each could stand for everything before it, and a small file for gigabytes.
        raise _NotWanted(node, "this is used again further down (by *name): write it out there.")
    seen.add(id(node))
    yield where, node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _lines_of(item, (*where, number), seen)
    elif isinstance(node, yaml.MappingNode):
        names = set()
        for key, value in node.value:
            name = str(key.value)
            if name in names:
                raise _NotWanted(key, f"{name} is there twice.")
            names.add(name)
            yield from _lines_of(value, (*where, name), seen)
            yield (*where, name), key.start_mark.line + 1
