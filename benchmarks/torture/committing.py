"""A process whose children each make one kind of change, so that a tracer can make their system calls fail.

`python -m benchmarks.torture.committing FD`: for each folder that it is told of, it answers how its children ended. It
has everything imported before, and talks by calls that are not among those that fail.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from benchmarks.torture import protections
from longtake.errors import StorageProblem
from longtake.stores.files import FilesStore

DONE, TOLD, BROKEN = 0, 3, 4
"""Exit codes of a child; a killed one has the negative number of the signal."""


def main() -> None:
    """Serve until the other side is gone."""
    logging.disable(logging.CRITICAL)
    protections.take_out_as_told()
    changes = importlib.import_module("changes").CHANGES
    orders = socket.socket(fileno=int(sys.argv[1]))
    while folder := orders.recv(4096).decode():
        ends = {name: _in_child(Path(folder) / name, change.act) for name, change in changes.items()}
        orders.send(json.dumps(ends).encode())


def _in_child(folder: Path, act: Callable[[FilesStore], object]) -> int:
    pid = os.fork()
    if pid == 0:
        _change(folder, act)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _change(folder: Path, act: Callable[[FilesStore], object]) -> None:
    code = BROKEN
    try:
        act(FilesStore(folder))
        code = DONE
    except StorageProblem:
        code = TOLD
    except Exception:  # noqa: BLE001 (its exit code says so)
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
