"""The two sample videos, scene by scene."""

from __future__ import annotations

from functools import partial

from PIL import Image

from app.media.sample import day, road
from app.media.sample.film import Film, Scene
from app.media.sample.pen import Pen, gradient


def _town() -> Image.Image:
    pen = Pen(gradient("#f2c14e", "#f8e3a1"))
    day.bridge(pen)
    return pen.backdrop()


DAY = Film(
    name="a-day-by-the-sea",
    title="A day by the sea",
    scenes=(
        Scene(3.0, partial(gradient, "#2b3a67", "#c06c84", "#f8b195", "#ffe3b3"), day.first_light, (0, 7, 12, 16)),
        Scene(2.6, _town, day.tram, (5, 9, 12, 17)),
        Scene(2.8, partial(gradient, "#c5ebdb", "#e6f7ef"), day.bounces, (7, 11, 14, 19)),
        Scene(3.6, partial(gradient, "#0b1026", "#1b2750", "#2f3e73"), day.night, (0, 3, 7, 12)),
    ),
)
ROAD = Film(
    name="five-stops",
    title="Five stops",
    scenes=(
        Scene(2.4, partial(gradient, "#48cae4", "#0077b6", "#03305a"), road.reef, (2, 9, 14, 17)),
        Scene(2.0, partial(gradient, "#f7b2ad", "#ffe1c4"), road.dunes, (7, 10, 14, 19)),
        Scene(2.8, partial(gradient, "#56708f", "#b9c9dd"), road.cabin, (0, 4, 9, 16)),
        Scene(1.8, partial(gradient, "#cdbdf2", "#e5dcfa"), road.receipt, (9, 12, 16, 21)),
        Scene(3.0, partial(gradient, "#ffd166"), road.home, (2, 6, 9, 14)),
    ),
)
SAMPLES = (DAY, ROAD)
