"""The limits of every model in this worker, over all its jobs."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping

from app.models.limits.limit import Limit, usual_limit
from app.models.limits.line import Line
from app.models.limits.pace import MINUTE

_ON_THIS_COMPUTER = frozenset({"local", "demo", "ollama", "lmstudio"})


class Limits:
    """One line for each model; all models of a server on this computer share one, since it is what they share.

    A worker knows one key for each provider, so the line of a model is that of the key too.
    """

    def __init__(
        self,
        settings: Mapping[str, Limit] | None = None,
        *,
        shared: Collection[str] = (),
        clock: Callable[[], float] = time.monotonic,
        minute: float = MINUTE,
    ) -> None:
        """Take limits by provider or model, and the names of further servers on this computer."""
        self._settings = settings or {}
        self._shared = _ON_THIS_COMPUTER | set(shared)
        self._clock = clock
        self._minute = minute
        self._lines: dict[str, Line] = {}

    def line(self, provider: str, model: str) -> Line:
        """The line in which the cells of a model wait."""
        name = self.line_name(provider, model)
        if name not in self._lines:
            self._lines[name] = Line(self.limit(provider, model), self._clock, self._minute)
        return self._lines[name]

    def line_name(self, provider: str, model: str) -> str:
        """Tells lines apart."""
        return provider if provider in self._shared else model

    def limit(self, provider: str, model: str) -> Limit:
        """What is set for a model, else for its provider, else what is usual."""
        of_provider = self._settings.get(provider, Limit()).over(usual_limit(provider))
        return of_provider if provider in self._shared else self._settings.get(model, Limit()).over(of_provider)

    def is_on_this_computer(self, provider: str) -> bool:
        """Whether no network lies between."""
        return provider in self._shared
