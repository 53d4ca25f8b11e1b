"""The reference of the public Python names."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from typing import Any

from makers.docstrings import as_markdown, field_notes, signature

MODULES = {
    "longtake": None,
    "longtake.fastapi": None,
    "longtake.testing": ("FakeClock", "run_until_idle", "StoreContract"),
    "longtake.doctor": ("Check", "examine"),
    "longtake.stores.memory": ("MemoryStore",),
}
"""Where public names are; None for all that the module lists."""

MADE_BY_US = {"JobContext", "JobKind"}
"""Classes that nobody calls."""
NOT_FOR_USERS = {
    "JobContext": {"woke_up", "halt", "rest", "settle"},
    "JobQueue": {"targets_of", "target", "make_worker"},
    "Edit": {"given"},
    "MemoryStore": None,
    "StoreContract": None,
}
"""Methods that the worker and the store call; None for all."""


def reference() -> str:
    """Every public name with what its docstring says."""
    return "\n\n".join(part for module in MODULES for part in _module(module))


def _module(name: str) -> Iterator[str]:
    module = importlib.import_module(name)
    yield f"## `{name}`"
    yield as_markdown(module)
    for public in MODULES[name] or module.__all__:
        yield from _name(public, getattr(module, public))


def _name(name: str, thing: Any) -> Iterator[str]:
    bases = [base.__name__ for base in getattr(thing, "__bases__", ())] if _is_error(thing) else []
    kinds = f" ({', '.join(bases)})" if bases else ""
    yield f"### {name}{kinds}"
    if inspect.isclass(thing):
        yield from _class(name, thing)
    elif inspect.isfunction(thing):
        yield f"```text\n{'async ' if inspect.iscoroutinefunction(thing) else ''}{signature(name, thing)}\n```"
        yield as_markdown(thing)


def _class(name: str, cls: type) -> Iterator[str]:
    fields = field_notes(cls)
    if not fields and not _is_error(cls) and name not in MADE_BY_US and "__init__" in vars(cls):
        yield f"```text\n{signature(name, cls)}\n```"
    yield as_markdown(cls)
    if fields:
        yield "\n".join(f"- `{field}`{f': {_flat(note)}' if note else ''}" for field, note in fields.items())
    hidden = NOT_FOR_USERS.get(name, set())
    if _is_error(cls) or hidden is None:
        return
    for method, value in _methods(cls):
        if method in hidden:
            continue
        if isinstance(value, property):
            yield f"#### {name}.{method}\n\n{as_markdown(value)}"
        else:
            prefix = "async " if inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(value) else ""
            yield f"#### {name}.{method}\n\n```text\n{prefix}{signature(method, value)}\n```\n\n{as_markdown(value)}"


def _methods(cls: type) -> Iterator[tuple[str, Any]]:
    """The public ones, those of our own base classes too, in the order of the code."""
    seen: set[str] = set()
    for owner in cls.__mro__:
        if not owner.__module__.startswith("longtake"):
            continue
        for name, value in vars(owner).items():
            is_public = not name.startswith("_") and name not in seen
            if is_public and (inspect.isfunction(value) or isinstance(value, property)) and value.__doc__:
                seen.add(name)
                yield name, value


def _is_error(thing: object) -> bool:
    return inspect.isclass(thing) and issubclass(thing, Exception)


def _flat(text: str) -> str:
    return " ".join(text.split())
