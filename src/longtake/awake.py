"""Keeps the computer from idling to sleep while jobs run; closing the lid still pauses them."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from typing import Literal

log = logging.getLogger("longtake")

Awake = Literal["not needed", "held", "not installed", "refused"]


class KeepAwake:
    """Holds the system's own "do not sleep" (by wakepy, extra `awake`); never an error."""

    def __init__(self) -> None:
        self._held = ExitStack()
        self.state: Awake = "not needed"

    def want(self, *, busy: bool) -> None:
        """Hold while busy, let go otherwise."""
        if busy and self.state == "not needed":
            self.state = self._hold()
            if self.state != "held":
                log.info("The computer may go to sleep while jobs run (%s); they pause then.", self.state)
        elif not busy and self.state != "not needed":
            self._held.close()
            self.state = "not needed"

    def _hold(self) -> Awake:
        try:
            from wakepy import keep  # noqa: PLC0415 (an extra)
        except ImportError:
            return "not installed"
        mode = self._held.enter_context(keep.running(on_fail="pass"))
        return "held" if mode.active else "refused"
