"""What a hijacked or defective decoder might do, called in the child by the tests as `tests.media.misbehaving:…`."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from app.media.errors import MediaError
from app.media.inside.cutting import find_cuts
from app.media.inside.probing import probe
from app.media.wire import Report

_PR_SET_PDEATHSIG = 1


def environment(_: Report) -> dict[str, str]:
    return dict(os.environ)


def network(_: Report, port: int) -> str:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError as error:
        return type(error).__name__
    return "connected"


def count(report: Report, to: int) -> list[int]:
    for number in range(to):
        report(100 * number / to, f"Counting {number}")
    return list(range(to))


def progress_that_goes_back(report: Report) -> int:
    for percent in (10, 50, 20, 300, -1):
        report(percent, "Here and there")
    return 0


def spin(report: Report) -> NoReturn:
    report(0, str(os.getpid()))
    while True:
        pass


def block(report: Report) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    report(0, str(os.getpid()))
    while True:
        signal.pause()


def block_without_death_signal(report: Report) -> NoReturn:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, 0, 0, 0, 0)
    block(report)


def block_with_child(report: Report) -> NoReturn:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
    report(0, f"{os.getpid()} {child.pid}")
    while True:
        signal.pause()


def eat_memory(_: Report, size: int) -> int:
    return len(bytearray(size))


def write_file(_: Report, path: str, size: int) -> int:
    return Path(path).write_bytes(bytes(size))


def open_many(_: Report, number: int) -> int:
    return len([os.open("/dev/null", os.O_RDONLY) for _ in range(number)])


def crash(_: Report) -> NoReturn:
    ctypes.string_at(0)
    raise AssertionError("the null pointer could be read")


def leave(_: Report) -> NoReturn:
    os._exit(3)


def raise_an_error(_: Report) -> NoReturn:
    raise RuntimeError("out of luck")


def return_text(_: Report) -> str:
    os.write(1, b"a library talks\n")
    return "text"


def talk_nonsense(_: Report, text: str, times: int) -> int:
    for descriptor in range(3, 10):
        try:
            for _unused in range(times):
                os.write(descriptor, text.encode("latin-1"))
        except OSError:
            continue
    return 0


def read_each(_: Report, folder: str) -> dict[str, str]:
    """Probe every file of a folder and look for its cuts, in this one process; name each outcome."""
    return {path.name: _outcome(str(path)) for path in sorted(Path(folder).iterdir())}


def _outcome(path: str) -> str:
    try:
        probe(_hush, path, None)
        find_cuts(_hush, path, 1.0, 6.0, 1.0)
    except MediaError as error:
        return error.kind.value
    except MemoryError:
        return "limit"
    return "read"


def _hush(_percent: float, _message: str) -> None:
    pass
