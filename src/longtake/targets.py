"""Where a worker process finds a queue: `module:name` or `file.py:name`."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from longtake.errors import LongtakeError

_LOADING = "LONGTAKE_LOADING"


def refuse_while_loading() -> None:
    """Raise when a worker, or a child of one, is about to import the program that calls this.

    Raises:
        LongtakeError: a program that submits as it is imported would do so again in each worker, without end.
    """
    if os.environ.get(_LOADING):
        raise LongtakeError(
            "A worker imports this program to find its handlers, and it submits a job by that. "
            'Put what the program does under `if __name__ == "__main__":`.'
        )


@contextmanager
def being_loaded() -> Iterator[None]:
    """Mark this process as one that imports a program for its functions only."""
    os.environ[_LOADING] = "1"
    try:
        yield
    finally:
        del os.environ[_LOADING]


def find(queue: object, modules: Iterable[str]) -> str:
    """The target of an object that stands at the top of one of these modules.

    Raises:
        LongtakeError: it stands in none of them.
    """
    for name in modules:
        module = sys.modules[name]
        for attribute, value in vars(module).items():
            if value is queue and (place := _place(module)):
                return f"{place}:{attribute}"
    raise LongtakeError(
        "A worker process must be able to import this queue: keep it in a variable at the top of a module, beside its "
        'handlers; or say where it is: JobQueue(..., worker="package.module:name"); or use mode="inline".'
    )


def load(target: str) -> object:
    """The object at a target; its module is imported.

    Raises:
        LongtakeError: there is none.
    """
    place, colon, name = target.rpartition(":")
    if not colon or not place:
        raise LongtakeError(f"{target!r} is not module:name, for example app.jobs:job_queue or jobs.py:job_queue.")
    sys.path.insert(0, os.getcwd())
    if place.endswith(".py"):
        sys.path.insert(0, str(Path(place).parent.absolute()))
        place = Path(place).stem
    try:
        with being_loaded():
            module = importlib.import_module(place)
    except ModuleNotFoundError as error:
        raise LongtakeError(
            f"{target} cannot be imported: {error}. Start from the folder that holds it, or name its file."
        ) from error
    if not hasattr(module, name):
        raise LongtakeError(f"{place} has nothing named {name!r}.")
    found: object = getattr(module, name)
    return found


def _place(module: ModuleType) -> str | None:
    """How another process imports a module; the program itself is imported under its real name, or as a file."""
    if module.__name__ != "__main__":
        return module.__name__
    if module.__spec__ is not None:
        return module.__spec__.name
    return getattr(module, "__file__", None)
