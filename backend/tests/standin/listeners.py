"""Listeners for tests of what happens when nobody listens any more."""

from __future__ import annotations

from app.models.testing import Recorder
from standin.running import StandIn


class Interrupted(Exception):
    """The process is thought to end here."""


class Forgetful(Recorder):
    """Ends the process, so to speak, as soon as it has heard `words`."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words

    async def partial(self, text: str) -> None:
        await super().partial(text)
        if self._words in text:
            raise Interrupted

    def survivor(self) -> Recorder:
        """What the next process finds."""
        survivor = Recorder()
        survivor._kept = dict(self._kept)
        return survivor


class Releasing(Recorder):
    """Goes on with what another kept, and lets the stand-in go on as soon as it hears more."""

    def __init__(self, standin: StandIn, other: Recorder) -> None:
        super().__init__()
        self._standin = standin
        self._kept = dict(other._kept)

    async def partial(self, text: str) -> None:
        await super().partial(text)
        if len(self.partials) > 1:
            self._standin.control(hold_after=None)
