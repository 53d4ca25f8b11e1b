"""Collect stretches of time from their starts and ends, as these come along."""

from __future__ import annotations

from app.media.facts import Interval


class Spans:
    """Open and closed stretches; `origin` is what the file calls the start of the video, in seconds."""

    def __init__(self, origin: float) -> None:
        self._origin = origin
        self._open: float | None = None
        self._closed: list[Interval] = []

    def begin(self, seconds: float | None) -> None:
        """Open a stretch, unless one is open or there is no start."""
        if seconds is not None and self._open is None:
            self._open = max(0.0, seconds - self._origin)

    def end(self, seconds: float | None) -> None:
        """Close the open stretch, if there is one and an end."""
        if seconds is not None and self._open is not None:
            self._closed.append(Interval(start=round(self._open, 3), end=round(seconds - self._origin, 3)))
            self._open = None

    def until(self, duration: float, shortest: float = 0.0) -> tuple[Interval, ...]:
        """Close what is still open with the video; list all that last `shortest` seconds or more."""
        self.end(self._origin + duration)
        return tuple(span for span in self._closed if span.end - span.start >= shortest)
