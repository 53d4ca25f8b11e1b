"""What a hijacked or defective decoder might do, called in the child by the tests as `tests.media.misbehaving:…`."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

from app.media.errors import MediaError
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
        time.sleep(0.11)
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
    print("a library talks")
    return "text"


def talk_nonsense(_: Report, text: str, times: int) -> int:
    for descriptor in range(3, 10):
        try:
            for _unused in range(times):
                os.write(descriptor, text.encode("latin-1"))
        except OSError:
            continue
    return 0


def probe_each(_: Report, folder: str) -> dict[str, str]:
    """Probe every file of a folder in this one process; name each outcome."""
    outcomes = {}
    for path in sorted(Path(folder).iterdir()):
        try:
            probe(lambda _percent, _message: None, str(path), None)
        except MediaError as error:
            outcomes[path.name] = error.kind.value
        except MemoryError:
            outcomes[path.name] = "limit"
        else:
            outcomes[path.name] = "read"
    return outcomes
