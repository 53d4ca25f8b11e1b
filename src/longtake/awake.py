"""Keeps the computer from idling to sleep while jobs run; closing the lid still pauses them."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Literal

log = logging.getLogger("longtake")

PATIENCE = 1.0
"""Seconds of work before the system is asked: nothing falls asleep that fast, and short jobs need not wait for it."""

Awake = Literal["not needed", "held", "not installed", "refused"]


class KeepAwake:
    """Holds the system's own "do not sleep" (by wakepy, extra `awake`); whatever goes wrong, jobs run on."""

    def __init__(self) -> None:
        self._soon: asyncio.TimerHandle | None = None
        self._let_go: threading.Event | None = None
        self._said: Awake = "held"
        self.state: Awake = "not needed"

    def want(self, *, busy: bool) -> None:
        """Hold while busy, let go otherwise; returns at once."""
        if busy and self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(PATIENCE, self._begin)
        elif not busy and self._soon is not None:
            self._soon.cancel()
            self._soon = None
            if self._let_go is not None:
                self._let_go.set()
                self._let_go = None

    def _begin(self) -> None:
        self._let_go = threading.Event()
        threading.Thread(target=self._hold, args=(self._let_go,), name="longtake-awake", daemon=True).start()

    def _hold(self, let_go: threading.Event) -> None:
        """Enter and leave in one thread: wakepy asks for that."""
        try:
            from wakepy import keep  # noqa: PLC0415 (an extra)

            with keep.running(on_fail="pass") as mode:
                self._now("held" if mode.active else "refused")
                let_go.wait()
        except ImportError:
            self._now("not installed")
        except Exception as error:  # noqa: BLE001 (a system without such a service must not stop a job)
            log.warning("The computer cannot be kept awake: %s", error)
            self._now("refused")
        let_go.wait()
        self.state = "not needed"

    def _now(self, state: Awake) -> None:
        self.state = state
        if state not in {"held", self._said}:
            self._said = state
            log.info("The computer may go to sleep while jobs run (%s); they pause then.", state)
