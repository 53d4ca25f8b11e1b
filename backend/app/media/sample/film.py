"""What a sample video consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from PIL import Image

from app.media.sample.pen import Pen


@dataclass(frozen=True)
class Scene:
    """One shot."""

    seconds: float
    """A whole number of fifths: picture and sound change together."""
    backdrop: Callable[[], Image.Image]
    """Draws what does not move."""
    paint: Callable[[Pen, float], None]
    """Draws what moves, at seconds after the start of the scene."""
    chord: tuple[int, ...]
    """Its melody, in semitones above A3 (220 Hz)."""


@dataclass(frozen=True)
class Film:
    """A sample video: scenes with hard cuts between them."""

    name: str
    """For its file, without an ending."""
    title: str
    scenes: tuple[Scene, ...]

    @property
    def duration(self) -> float:
        """Seconds."""
        return round(sum(scene.seconds for scene in self.scenes), 3)

    @property
    def cuts(self) -> tuple[float, ...]:
        """Seconds at which a new scene starts, the first one left out."""
        ends = accumulate(scene.seconds for scene in self.scenes)
        return tuple(round(end, 3) for end in ends)[:-1]
