"""Draw in points of a 640 x 360 picture; drawn twice as large and reduced, so that edges are smooth."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 640, 360
_SCALE = 2

Colour = str
"""`#rrggbb`, or `#rrggbbaa` with its opacity."""
Point = tuple[float, float]


def gradient(*colours: Colour) -> Image.Image:
    """Make a backdrop that blends evenly from the first colour at the top to the last at the bottom."""
    column = Image.new("RGB", (1, len(colours)))
    for row, colour in enumerate(colours):
        column.paste(colour, (0, row, 1, row + 1))
    # From the middle of the first colour to the middle of the last: beyond, resampling leaves flat bands.
    inner = (0, 0.5, 1, len(colours) - 0.5) if len(colours) > 1 else None
    return column.resize((WIDTH * _SCALE, HEIGHT * _SCALE), Image.Resampling.BILINEAR, inner)


class Pen:
    """Draws on a copy of a backdrop."""

    def __init__(self, backdrop: Image.Image) -> None:
        self._image = backdrop.copy()
        self._draw = ImageDraw.Draw(self._image, "RGBA")

    def picture(self) -> Image.Image:
        """Return what was drawn in its final size."""
        return self._image.reduce(_SCALE)

    def backdrop(self) -> Image.Image:
        """Return what was drawn as a backdrop for other pens."""
        return self._image

    def disc(self, centre: Point, radius: float, colour: Colour, stretch: float = 1.0) -> None:
        """Fill a circle, `stretch` times as wide as high."""
        x, y = centre
        self._draw.ellipse(_scaled((x - radius * stretch, y - radius, x + radius * stretch, y + radius)), colour)

    def box(self, corner: Point, size: Point, colour: Colour, rounding: float = 0.0) -> None:
        """Fill a rectangle with its upper left `corner`."""
        (x, y), (width, height) = corner, size
        self._draw.rounded_rectangle(_scaled((x, y, x + width, y + height)), rounding * _SCALE, colour)

    def shape(self, points: Sequence[Point], colour: Colour) -> None:
        """Fill a polygon."""
        self._draw.polygon([(x * _SCALE, y * _SCALE) for x, y in points], colour)

    def ground(self, heights: Sequence[float], colour: Colour) -> None:
        """Fill everything below a line of evenly spaced `heights`."""
        step = WIDTH / (len(heights) - 1)
        line = [(index * step, height) for index, height in enumerate(heights)]
        self.shape([*line, (WIDTH, HEIGHT), (0, HEIGHT)], colour)

    def line(self, points: Sequence[Point], colour: Colour, width: float = 2.0) -> None:
        """Draw a line through `points`."""
        self._draw.line([(x * _SCALE, y * _SCALE) for x, y in points], colour, round(width * _SCALE), "curve")

    def text(
        self, at: Point, words: str, size: float, colour: Colour, anchor: Literal["ls", "mm", "rs"] = "ls"
    ) -> None:
        """Write one line; `anchor` as in Pillow: left, middle or right of its base line or middle."""
        x, y = at
        self._draw.text((x * _SCALE, y * _SCALE), words, colour, _font(size), anchor)

    def caption(self, small: str, large: str, colour: Colour) -> None:
        """Write the title of a scene into the lower left corner."""
        self.box((32, 296), (3, 38), colour)
        self.text((46, 308), small, 13, colour)
        self.text((46, 334), large, 25, colour)


@cache
def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size * _SCALE)


def _scaled(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = box
    return left * _SCALE, top * _SCALE, right * _SCALE, bottom * _SCALE
