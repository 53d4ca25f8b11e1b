"""Stops processes as a sleeping computer does."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from playwright.sync_api import Browser


@contextmanager
def asleep(pids: Iterable[int]) -> Iterator[None]:
    """These processes stand still meanwhile; those that have ended are left out."""
    pids = list(pids)
    _send(signal.SIGSTOP, pids)
    try:
        yield
    finally:
        _send(signal.SIGCONT, pids)


def processes_of(browser: Browser, *types: str) -> list[int]:
    """The pids of a browser's processes: of these types, or of all."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    return [process["id"] for process in processes if not types or process["type"] in types]


def _send(number: signal.Signals, pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
