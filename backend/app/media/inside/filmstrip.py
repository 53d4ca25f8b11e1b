"""Small pictures of a video side by side in one: what is shown of a moment that the pointer is on."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from app.media.filmstrip import Filmstrip
from app.media.inside.frames import fitting, jpeg, pictures
from app.media.inside.reading import opened, picture_stream, undecodable
from app.media.wire import Report

_LONGEST = 160
"""Pixels of the longer side of each."""
_MOST_BYTES = 500_000


def make_filmstrip(report: Report, path: str, size: Sequence[int], duration: float, count: int) -> Filmstrip:
    """Take a picture in the middle of each of `count` equal stretches. Raises MediaError if there is none."""
    width, height = fitting(size[0], size[1], _LONGEST)
    moments = [duration * (number + 0.5) / count for number in range(count)]
    strip = Image.new("RGB", (width * count, height))
    taken = 0
    with opened(path) as container:
        for _, picture in pictures(container, picture_stream(container), moments, (width, height)):
            # The last one stands for what cannot be decoded behind it.
            for place in range(taken, count):
                strip.paste(picture, (width * place, 0))
            taken += 1
            report(100 * taken / count, "Taking pictures")
    if not taken:
        raise undecodable()
    return Filmstrip(jpeg=jpeg(strip, _MOST_BYTES))
