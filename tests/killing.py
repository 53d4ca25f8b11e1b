"""A process that forks children which die at the n-th call that changes the disk, and tells what they left.

python killing.py FOLDER CHANGE FILE_SYSTEM     prints one JSON line for each n: {"call", "acknowledged", "state"}
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from unittest import mock

from changes import CHANGES, Change, State, take_over
from faults import faults

from longtake.stores import placing
from longtake.stores.files import FilesStore


def main(folder: Path, change: Change) -> None:
    old, new = whole(folder / "old", change, act=False), whole(folder / "new", change, act=True)
    number = 0
    while True:
        number += 1
        acknowledged, calls = killed(folder / str(number), change, number)
        left = take_over(folder / str(number))
        state = "new" if left == new else "old" if left == old else f"neither: {left}, but was {old}, becomes {new}"
        print(json.dumps({"call": calls, "acknowledged": acknowledged, "state": state}))
        if acknowledged:
            return


def whole(folder: Path, change: Change, *, act: bool) -> State:
    store = FilesStore(folder)
    change.before(store)
    if act:
        change.act(store)
    store.close()
    return take_over(folder)


def killed(folder: Path, change: Change, number: int) -> tuple[bool, str]:
    """Prepare and act in a child that dies at that call; whether it came to the end, and the call."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        store = FilesStore(folder)
        change.before(store)

        def die(n: int, name: str) -> None:
            if n == number:
                os.close(reading)
                with open(writing, "w") as out:
                    out.write(name)
                os.kill(os.getpid(), signal.SIGKILL)

        with faults(die):
            change.act(store)
        os._exit(0)
    os.close(writing)
    with open(reading) as told:
        name = told.read()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed"
    return not os.WIFSIGNALED(status), name


if __name__ == "__main__":
    with mock.patch.object(placing, "file_system_of", return_value=sys.argv[3]):
        main(Path(sys.argv[1]), CHANGES[sys.argv[2]])
